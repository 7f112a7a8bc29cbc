"""A migration is planned, compared, switched, and taken back exactly."""

import hypothesis
import pytest
from hypothesis import strategies as st

from core import assistants, diagnosis, registry
from core.db.tables import Assistant
from core.diagnosis.comparing import Compared, Side
from core.errors import Conflict, InvalidInput, ModelFailed, NotFound
from tests.diagnosis.conftest import SATURDAYS
from tests.fake_ollama import FakeModel, FakeOllama, embedding_model

OLD, NEW = "ollama:llama3.2:latest", "ollama:qwen3:4b"


@pytest.fixture
def planned(desk: Assistant, ollama: FakeOllama) -> diagnosis.Plan:
    """From the one model to another that is installed, with fallbacks set before."""
    ollama.models.append(FakeModel("qwen3:4b", "4.0B"))
    registry.choose_model(desk.id, OLD, {"temperature": 0.7, "max_tokens": 300})
    assistants.update(desk.id, routing={"fallbacks": [NEW, "fake:a"], "challenger_share": 0.0})
    return diagnosis.plan("llama3.2", "qwen3:4b")


def standing(desk: Assistant) -> tuple[str, object, bool]:
    """Champion, routing, following."""
    row = assistants.get(desk.id)
    return registry.route(desk.id).version.id, row.routing, row.follows_ollama


def test_a_plan_changes_nothing_and_names_whom_it_concerns(
    desk: Assistant, planned: diagnosis.Plan
) -> None:
    before = standing(desk)
    assert (planned.before, planned.after, planned.pulls) == (OLD, NEW, False)
    assert [one.name for one in planned.assistants] == ["Suporte"]
    assert [one.text for one in planned.questions] == list(desk.starters)
    assert standing(desk) == before


def test_questions_are_taken_from_the_assistants_in_turn(
    desk: Assistant, ollama: FakeOllama
) -> None:
    assistants.create("Loja", starters=[f"Pergunta {n}?" for n in range(12)])
    registry.follow_ollama()
    asked = diagnosis.plan("llama3.2", "embedded:quotes").questions
    assert len(asked) == diagnosis.QUESTIONS
    assert [one.assistant for one in asked[:4]] == ["Suporte", "Loja", "Suporte", "Loja"]


def test_the_switch_changes_the_model_alone_and_keeps_the_old_one_as_first_fallback(
    desk: Assistant, planned: diagnosis.Plan
) -> None:
    before = registry.route(desk.id).version
    (done,) = diagnosis.switch(planned)
    route = registry.route(desk.id)
    assert route.name == NEW
    assert route.version.number == done.number
    for part in ("parameters", "prompt", "retrieval", "memory_freeze"):
        assert getattr(route.version, part) == getattr(before, part)
    assert assistants.get(desk.id).routing == {"fallbacks": [OLD, "fake:a"]}


def test_undo_brings_back_champion_routing_and_following_exactly_and_only_once(
    desk: Assistant, planned: diagnosis.Plan
) -> None:
    before = standing(desk)
    diagnosis.switch(planned)
    assert [one.state for one in diagnosis.undo()] == ["undone"]
    assert standing(desk) == before
    moves = len(registry.history(desk.id, "champion"))
    assert [one.state for one in diagnosis.undo()] == ["already"]
    assert len(registry.history(desk.id, "champion")) == moves


def test_one_that_followed_ollama_follows_it_again(desk: Assistant, ollama: FakeOllama) -> None:
    registry.follow_ollama()
    ollama.models.append(FakeModel("qwen3:4b", "1.0B"))
    diagnosis.switch(diagnosis.plan(OLD, NEW))
    assert not assistants.get(desk.id).follows_ollama
    diagnosis.undo()
    assert assistants.get(desk.id).follows_ollama


@pytest.mark.parametrize("change", ["model", "routing", "persona"])
def test_what_somebody_changed_since_is_left_alone(
    desk: Assistant, planned: diagnosis.Plan, change: str
) -> None:
    diagnosis.switch(planned)
    if change == "model":
        registry.choose_model(desk.id, "fake:b")
    else:
        values = {"routing": {"fallbacks": ["fake:c"]}, "persona": "Você é a Saíra."}
        assistants.update(desk.id, **{change: values[change]})
    now = standing(desk)
    (told,) = diagnosis.undo()
    assert told.state == "changed"
    assert "Suporte" in told.sentence
    assert standing(desk) == now


def test_a_removed_assistant_is_told(desk: Assistant, planned: diagnosis.Plan) -> None:
    diagnosis.switch(planned)
    assistants.remove(desk.id)
    assert [one.state for one in diagnosis.undo()] == ["gone"]


def test_a_plan_that_is_no_longer_true_switches_nobody(
    desk: Assistant, planned: diagnosis.Plan
) -> None:
    registry.choose_model(desk.id, "fake:b")
    with pytest.raises(Conflict):
        diagnosis.switch(planned)
    assert registry.route(desk.id).name == "fake:b"
    with pytest.raises(NotFound):
        diagnosis.undo()


def test_what_is_missing_is_pulled_and_nobody_follows_it_before_the_switch(
    desk: Assistant, ollama: FakeOllama
) -> None:
    registry.follow_ollama()
    plan = diagnosis.plan(OLD, "bigger:70b")
    assert plan.pulls
    *_progress, last = diagnosis.fetch(plan)
    assert last.done == last.total > 0
    assert registry.route(desk.id).name == OLD
    diagnosis.switch(plan)
    assert registry.route(desk.id).name == "ollama:bigger:70b"


def test_one_that_followed_ollama_to_the_new_model_meanwhile_is_switched_all_the_same(
    desk: Assistant, ollama: FakeOllama
) -> None:
    registry.follow_ollama()
    was = registry.route(desk.id).version.id
    plan = diagnosis.plan(OLD, NEW)
    ollama.models.append(FakeModel("qwen3:4b", "30B", size=1))
    registry.follow_ollama()
    assert registry.route(desk.id).name == NEW
    diagnosis.switch(plan)
    diagnosis.undo()
    assert registry.route(desk.id).version.id == was


def test_what_cannot_be_migrated_is_a_sentence(desk: Assistant, ollama: FakeOllama) -> None:
    registry.follow_ollama()
    ollama.models.append(embedding_model("bge-m3:latest"))
    with pytest.raises(InvalidInput):
        diagnosis.plan(OLD, "llama3.2")
    with pytest.raises(InvalidInput):
        diagnosis.plan(OLD, "bge-m3")
    with pytest.raises(NotFound, match="mistral"):
        diagnosis.plan("mistral", NEW)
    with pytest.raises(ModelFailed):
        diagnosis.plan(OLD, "openai:gpt-5")


@pytest.mark.slow
def test_both_answer_with_the_same_passages(
    desk: Assistant, planned: diagnosis.Plan, ollama: FakeOllama
) -> None:
    compared = [one for one in diagnosis.compare(planned) if one.after]
    told = diagnosis.summary(compared)
    assert [one.question for one in compared] == [SATURDAYS, "Quando o suporte atende?"]
    assert all(one.same_passages and one.difference == 0 for one in compared)
    assert (told.n, told.before.answered, told.after.answered, told.after.failed) == (2, 2, 2, 0)
    assert told.after.citations >= 1
    models = [body["model"] for body in ollama.bodies("/api/chat")]
    assert models == sorted(models)  # the one first, then the other: each is loaded once


@pytest.mark.slow
def test_an_answer_by_a_fallback_counts_as_a_failure_of_the_model(
    desk: Assistant, planned: diagnosis.Plan, ollama: FakeOllama
) -> None:
    ollama.faults["/api/chat"] = "refused"
    told = diagnosis.summary(diagnosis.compare(planned))
    assert (told.before.failed, told.after.failed, told.difference) == (2, 2, None)


@hypothesis.given(st.text(max_size=60), st.text(max_size=60))
def test_a_difference_is_a_share_and_none_of_equal_texts(one: str, other: str) -> None:
    def between(a: str, b: str) -> float:
        sides = (Side(text, "answered", 0.1) for text in (a, b))
        found = Compared(1, 1, "?", "x", *sides).difference
        assert found is not None
        return found

    assert 0 <= between(one, other) <= 1
    assert between(one, one) == 0


def test_a_plan_starts_from_who_would_answer_now(desk: Assistant, ollama: FakeOllama) -> None:
    ollama.faults["/api/tags"] = "html"
    registry.follow_ollama()
    assert registry.route(desk.id).embedded
    ollama.faults.clear()  # the server is back, and nobody has looked since
    assert diagnosis.plan("llama3.2", "fake:a").before == OLD
