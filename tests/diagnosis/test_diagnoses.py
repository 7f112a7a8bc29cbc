"""The diagnoses find what is wrong, and leave nothing behind."""

import pytest
from sqlalchemy import func, select

from core import assistants, db, diagnosis, registry
from core.config import settings
from core.db.tables import Assistant, Conversation, Message
from core.diagnosis import problems
from core.errors import InvalidInput, NotFound
from core.i18n import speaking
from core.llm import fake
from tests.diagnosis.conftest import SATURDAYS
from tests.fake_ollama import FakeModel, FakeOllama

MODES = [
    {
        "name": "analysis",
        "title": "Análise",
        "prompt": "Analise.",
        "levels": [{"name": "basic", "title": "Básica", "prompt": "Em poucas palavras."}],
    }
]


def states(found: list[diagnosis.Finding]) -> dict[str, str]:
    """Name -> state; of several of a name the last."""
    return {one.name: one.state for one in found}


def left() -> int:
    """Conversations and messages that there are."""
    with db.session() as session:
        tables = (Conversation, Message)
        return sum(session.scalar(select(func.count()).select_from(t)) or 0 for t in tables)


def test_all_is_well_with_a_quoting_assistant(desk: Assistant) -> None:
    found = list(diagnosis.answer())
    assert set(states(found).values()) == {"good"}
    assert found[0].found == SATURDAYS
    assert left() == 0


@pytest.mark.slow
def test_a_failing_model_is_found_by_its_fallback_and_its_sentence(
    desk: Assistant, ollama: FakeOllama
) -> None:
    registry.follow_ollama()
    ollama.faults["/api/chat"] = "refused"
    found = list(diagnosis.answer(desk.id))
    (route,) = [one for one in found if one.name == "route"]
    assert route.state == "bad"
    assert "memory" in route.found
    assert "models check" in route.advice
    assert left() == 0


@pytest.mark.slow
def test_an_answer_that_never_ends_is_a_failed_finding_in_time(
    desk: Assistant, ollama: FakeOllama
) -> None:
    registry.follow_ollama()
    ollama.faults["/api/chat"] = "stall"
    found = states(list(diagnosis.answer(desk.id, limit=0.3)))
    assert (found["answer"], found["left"]) == ("bad", "good")


@pytest.mark.slow
def test_an_answer_without_support_is_noted(desk: Assistant, ollama: FakeOllama) -> None:
    registry.follow_ollama()
    ollama.says = "A lua é feita de queijo suíço e custa noventa reais."
    found = states(list(diagnosis.answer(desk.id)))
    assert (found["citations"], found["support"]) == ("note", "note")


def test_without_an_assistant_an_answer_cannot_be_diagnosed(home: object) -> None:
    with pytest.raises(NotFound):
        list(diagnosis.answer())
    found = states(list(diagnosis.full()))
    assert (found["answer"], found["assistants"]) == ("bad", "note")


def test_connectivity_without_ollama_is_bad_only_where_it_is_needed(desk: Assistant) -> None:
    assert states(list(diagnosis.connectivity())) == {
        "database": "good",
        "index": "good",
        "embedder": "good",
        "server": "note",
    }
    registry.choose_model(desk.id, "ollama:llama3.2")
    assert states(list(diagnosis.connectivity()))["server"] == "bad"


def test_a_named_server_is_asked_and_a_hosted_provider_nobody_uses_is_not(
    desk: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_SERVERS", "lab=http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-key")
    settings.cache_clear()
    found = {one.subject: one for one in diagnosis.connectivity() if one.name == "provider"}
    assert found["openai-compatible/lab"].state == "bad"
    assert "sk-not-a-key" not in repr(found)
    assert all(one.state == "good" for name, one in found.items() if name == "openai")


def test_reasoning_is_nothing_for_an_engine_that_quotes(desk: Assistant) -> None:
    (found,) = diagnosis.reasoning()
    assert found.state == "note"


def test_reasoning_sees_thoughts_apart_and_right_answers(
    desk: Assistant, ollama: FakeOllama
) -> None:
    ollama.models[:] = [FakeModel("qwen3:4b", capabilities=("completion", "thinking"))]
    ollama.says = "29"
    registry.follow_ollama()
    found = list(diagnosis.reasoning())
    assert [one.state for one in found if one.name == "thinking"] == ["good"] * 3
    assert [one.state for one in found if one.name == "problem"] == ["good", "note", "note"]
    assert all(body["think"] is True for body in ollama.bodies("/api/chat"))


def test_analysis_is_asked_in_a_mode_with_that_level(desk: Assistant) -> None:
    fake.reset()
    assistants.update(desk.id, modes=MODES)
    registry.choose_model(desk.id, "fake:script")
    fake.queue("Das 9h às 13h [1].")
    found = list(diagnosis.analysis())
    assert (found[0].name, found[0].found) == ("mode", "analysis/basic")
    assert "Em poucas palavras." in fake.asked[-1].text
    fake.reset()
    assert left() == 0


def test_analysis_without_such_a_mode_says_so_and_asks_all_the_same(desk: Assistant) -> None:
    found = list(diagnosis.analysis(desk.id, "advanced"))
    assert (found[0].name, found[0].state) == ("mode", "note")
    assert found[1].found == problems.analysis("pt-BR", "advanced")
    with pytest.raises(InvalidInput):
        list(diagnosis.analysis(level="deepest"))


@pytest.mark.slow
def test_stress_counts_what_was_answered_and_keeps_nothing(desk: Assistant) -> None:
    found = list(diagnosis.stress(requests=6, concurrency=3))
    told = {one.name: one for one in found if one.name != diagnosis.PROGRESS}
    assert told["requests"].state == "good"
    assert "6" in told["requests"].found
    assert told["left"].state == "good"
    assert left() == 0


@pytest.mark.slow
def test_stress_finds_failures_and_their_codes(desk: Assistant, ollama: FakeOllama) -> None:
    registry.follow_ollama()
    ollama.faults["/api/chat"] = "stall"
    found = list(diagnosis.stress(requests=2, concurrency=2, limit=1.0))
    (told,) = [one for one in found if one.name == "requests"]
    assert told.state == "bad"
    assert "stopped 2" in told.found


@pytest.mark.parametrize(("requests", "concurrency"), [(0, 1), (1, 0), (10**6, 1), (1, 10**6)])
def test_stress_has_bounds(desk: Assistant, requests: int, concurrency: int) -> None:
    with pytest.raises(InvalidInput):
        list(diagnosis.stress(requests=requests, concurrency=concurrency))


@pytest.mark.slow
def test_a_detailed_diagnosis_has_every_part(desk: Assistant) -> None:
    groups = {one.group for one in diagnosis.full(detailed=True)}
    assert groups == {"connectivity", "models", "answer", "reasoning", "analysis", "stress"}


def test_findings_are_in_the_language_of_who_asks(desk: Assistant) -> None:
    with speaking("pt-BR"):
        found = {one.name: one for one in diagnosis.answer()}
    assert found["left"].found == "pergunta e resposta foram apagadas"
    with speaking("pt-BR"):
        assert found["route"].title == "quem respondeu"


@pytest.mark.parametrize(
    ("said", "right"),
    [("29", True), ("Sobram 29.", True), ("29 livros sobram", True), ("3 x 12 = 36", False)],
)
def test_a_problem_is_solved_by_what_an_answer_begins_or_ends_with(said: str, right: bool) -> None:
    assert problems.solves(said, ("29",)) is right
