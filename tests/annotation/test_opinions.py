"""A queue's judge is asked about what waits; what it says is a suggestion and counts as nothing else."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from core import access, annotation, clock, db
from core.annotation import opinion_asking
from core.annotation.suggesting import suggest
from core.db.tables import ApprovedAnswer, Assistant, Judgement, Message, Model, Opinion, Queue
from core.errors import Conflict, InvalidInput, ModelFailed, NotAllowed
from core.llm import fake
from tests.annotation.conftest import Made
from tests.annotation.judging import judge
from tests.annotation.talks import talk
from tests.conftest import ENGINES
from tests.fake_ollama import FakeOllama

JUDGE = "fake:judge"
SAID = {"verdict": "rejected", "scores": {"tone": 2}, "failure_type": "retrieval", "why": "Falta."}


@pytest.fixture(autouse=True)
def scripted() -> Iterator[None]:
    """The fake says what the test lines up."""
    fake.reset()
    yield
    fake.reset()


def says(*replies: dict[str, Any] | str | Exception) -> None:
    fake.queue(*(json.dumps(one) if isinstance(one, dict) else one for one in replies))


def rows(queue: Queue) -> list[Opinion]:
    """What is stored, oldest first."""
    with db.session() as session:
        found = select(Opinion).where(Opinion.queue_id == queue.id)
        return list(session.scalars(found.order_by(Opinion.created_at)))


@pytest.mark.parametrize("engine", ENGINES)
def test_what_the_judge_says_is_stored_and_suggested_in_its_name(made: Made, ana: str) -> None:
    queue = made(2, judge=JUDGE)
    says(SAID)
    asked = annotation.ask_judge(queue.id, 1)
    assert (asked.opinions, dict(asked.failed), asked.model) == (1, {}, JUDGE)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    found = annotation.opinion(claim)
    told = suggest(claim.answer, claim.reasons, claim.guideline.rubric, found)
    assert told.opinion
    assert (told.opinion.model, told.opinion.verdict, told.opinion.why) == (
        JUDGE,
        "rejected",
        "Falta.",
    )
    assert (told.opinion.scores, told.opinion.failure_type) == ({"tone": 2}, "retrieval")
    assert told.verdict == ""  # what the checks lead to is apart


def test_without_a_judge_nobody_is_asked(made: Made) -> None:
    queue = made(1)
    assert annotation.keep_judged() == []
    with pytest.raises(InvalidInput, match="no judge model"):
        annotation.ask_judge(queue.id)
    assert fake.asked == []


def test_the_most_urgent_come_first_and_each_once(assistant: Assistant) -> None:
    queue = annotation.create_queue(assistant.id, "Fila", judge=JUDGE, reviewers_per_item=2)
    for n, weight in enumerate((1.0, 9.0, 5.0)):
        ids = [talk(assistant.id, question=f"Pergunta {n}?")[0]]
        annotation.add(queue.id, ids, reasons=[{"name": "manual", "weight": weight}])
    says(SAID, SAID, SAID)
    assert annotation.ask_judge(queue.id, 2).opinions == 2
    assert annotation.ask_judge(queue.id, 2).opinions == 1
    assert annotation.ask_judge(queue.id, 2).opinions == 0
    assert [f"Pergunta {n}?" in one.text for one, n in zip(fake.asked, (1, 2, 0), strict=True)] == [
        True
    ] * 3


def test_the_background_keeps_a_few_ahead_of_the_reviewers(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinion_asking, "AHEAD", 3)
    queue = made(6, judge=JUDGE)
    says(*[SAID] * 6)
    for _turn in range(3):
        annotation.keep_judged()
    assert len(rows(queue)) == 3


@pytest.mark.slow
def test_other_guidelines_or_another_model_ask_anew(made: Made) -> None:
    queue = made(1, judge=JUDGE)
    says(*[SAID] * 3)
    annotation.ask_judge(queue.id)
    annotation.write_guideline(queue.id, "Outra regra.")
    annotation.ask_judge(queue.id)
    annotation.change_queue(queue.id, judge="fake:other")
    annotation.ask_judge(queue.id)
    assert len({(one.model, one.guideline_id) for one in rows(queue)}) == 3
    assert "Outra regra." in fake.asked[1].text


def test_an_opinion_of_other_guidelines_is_not_suggested(made: Made, ana: str) -> None:
    queue = made(1, judge=JUDGE)
    says(SAID)
    annotation.ask_judge(queue.id)
    annotation.write_guideline(queue.id, "Outra regra.")
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    assert annotation.opinion(claim) is None


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("Não posso ajudar.", "no_json"),
        ({**SAID, "scores": {"tone": 9}}, "wrong_values"),
        (ModelFailed("Ocupado.", code="busy"), "busy"),
        (ModelFailed("Recusado.", code="refused"), "refused"),
    ],
)
def test_a_failure_is_a_row_that_says_why_and_no_suggestion(
    made: Made, ana: str, reply: Any, code: str
) -> None:
    queue = made(1, judge=JUDGE)
    says(reply)
    asked = annotation.ask_judge(queue.id)
    (row,) = rows(queue)
    assert (asked.opinions, dict(asked.failed), asked.why) == (0, {code: 1}, row.detail)
    assert (row.verdict, row.failed, bool(row.detail)) == ("", code, True)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    assert annotation.opinion(claim) is None


def test_where_the_model_is_down_no_second_item_is_tried(made: Made) -> None:
    queue = made(3, judge=JUDGE)
    says(ModelFailed("Nada.", code="not_reachable"), SAID)
    annotation.ask_judge(queue.id)
    assert [one.failed for one in rows(queue)] == ["not_reachable"]


@pytest.mark.slow
def test_after_failures_the_background_rests_for_longer_each_time(made: Made) -> None:
    queue = made(1, judge=JUDGE)
    says(*[ModelFailed("Nada.", code="not_reachable")] * 3, SAID)
    start = clock.now()
    for minutes, n in ((0, 1), (1, 1), (3, 2), (6, 2), (8, 3), (15, 3), (17, 4)):
        with clock.held(start + timedelta(minutes=minutes)):
            annotation.keep_judged()
        assert len(rows(queue)) == n, minutes
    assert rows(queue)[-1].verdict == "rejected"


def test_an_item_of_which_nothing_can_be_read_is_let_alone_by_the_background(made: Made) -> None:
    queue = made(1, judge=JUDGE)
    says(*["?"] * 5)
    for hours in range(5):
        with clock.held(clock.now() + timedelta(hours=2 * hours)):
            annotation.keep_judged()
    assert len(rows(queue)) == opinion_asking.TRIES
    annotation.ask_judge(queue.id)  # who asks by hand may try again
    assert len(rows(queue)) == opinion_asking.TRIES + 1


def test_one_process_at_a_time_asks_for_a_queue(made: Made) -> None:
    queue = made(1, judge=JUDGE)
    with db.writing() as session:
        session.execute(update(Queue).values(judging_until=clock.now() + timedelta(seconds=30)))
    assert [one.opinions for one in annotation.keep_judged()] == [0]
    with pytest.raises(Conflict, match="right now"):
        annotation.ask_judge(queue.id)
    assert fake.asked == []
    with clock.held(clock.now() + timedelta(minutes=2)):  # whoever had it is gone
        says(SAID)
        assert annotation.ask_judge(queue.id).opinions == 1
    assert annotation.queue(queue.id).judging_until is None


def test_asking_does_not_count_as_changing_the_queue(made: Made) -> None:
    queue = made(1, judge=JUDGE)
    says(SAID)
    annotation.ask_judge(queue.id)
    assert annotation.queue(queue.id).updated_at == queue.updated_at


def test_the_judge_sees_no_personal_data(assistant: Assistant) -> None:
    queue = annotation.create_queue(assistant.id, "Fila", judge=JUDGE)
    given = {"text": "Seu CPF 529.982.247-25 está em dia."}
    told = talk(assistant.id, given, question="Meu e-mail é ana@exemplo.com.br, e o CPF?")
    annotation.add(queue.id, [told[0]])
    says(SAID)
    annotation.ask_judge(queue.id)
    assert "529.982.247-25" not in fake.asked[0].text
    assert "ana@exemplo.com.br" not in fake.asked[0].text
    assert "está em dia" in fake.asked[0].text


@pytest.mark.slow
def test_an_opinion_is_no_judgement_and_teaches_nothing(made: Made, ana: str) -> None:
    queue = made(1, judge=JUDGE)
    says({"verdict": "approved"})
    annotation.ask_judge(queue.id)
    assert annotation.agreement(queue.id).judgements == 0
    assert annotation.figures(queue.id) == []
    assert annotation.estimate(queue.id).n == 0
    assert annotation.progress(queue.id, ana).waiting == 1
    with db.session() as session:
        for table in (Judgement, ApprovedAnswer):
            assert session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_its_record_is_how_often_reviewers_said_the_same(made: Made) -> None:
    queue = made(4, judge=JUDGE, reviewers_per_item=3)
    says(*[{"verdict": "approved"}] * 3, {"verdict": "rejected"})
    annotation.ask_judge(queue.id)
    judge(queue, "Ana", ["approved", "approved", "rejected", "rejected"])
    judge(queue, "Bia", ["approved", "rejected", "rejected", "rejected"])
    judge(queue, "Caio", ["approved", "corrected"])
    told = annotation.judge_figures(queue.id)
    # of the second all three differ: it is compared with nothing
    assert annotation.judge_record(queue.id) == {"approved": (1, 2), "rejected": (1, 1)}
    assert told.percent
    assert told.kappa
    assert (told.percent.share, told.percent.n, told.opinions) == (2 / 3, 3, 4)
    assert round(told.kappa.value, 3) == 0.4  # (2/3 - 4/9) / (1 - 4/9)
    assert told.kappa_words == "too few to say"


@pytest.mark.slow
def test_what_a_lead_decides_or_was_judged_by_other_guidelines_is_not_compared(made: Made) -> None:
    queue = made(2, judge=JUDGE)
    says(*[{"verdict": "approved"}] * 2)
    annotation.ask_judge(queue.id)
    first = annotation.items(queue.id)[0]
    annotation.adjudicate(first.id, annotation.Judged("approved"))
    annotation.write_guideline(queue.id, "Outra regra.")
    judge(queue, "Ana", ["approved"])
    assert annotation.judge_record(queue.id) == {}


def test_figures_tell_why_there_was_none_at_last(made: Made) -> None:
    queue = made(2, judge=JUDGE)
    says(SAID, "?")
    annotation.ask_judge(queue.id)
    told = annotation.judge_figures(queue.id)
    assert (told.opinions, told.failures, told.last_failed) == (1, 1, "no_json")
    assert told.percent is None


def test_naming_a_judge_registers_the_model(assistant: Assistant) -> None:
    queue = annotation.create_queue(assistant.id, "Fila", judge=" fake:judge ")
    with db.session() as session:
        assert session.scalar(select(Model.name).where(Model.provider == "fake")) == "judge"
    assert queue.judge == JUDGE
    assert annotation.change_queue(queue.id, judge="").judge == ""


@pytest.mark.parametrize("name", ["nobody:x", "llama", "embedded:quotes"])
def test_what_is_no_model_that_can_judge_is_refused(assistant: Assistant, name: str) -> None:
    with pytest.raises(InvalidInput):
        annotation.create_queue(assistant.id, "Fila", judge=name)


def test_where_answers_go_is_told_without_credentials(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.config import settings

    monkeypatch.setenv("CICLO_OLLAMA_URL", "http://ana:geheim@10.0.0.5:11434")
    settings.cache_clear()
    assert annotation.address("ollama:llama3.2") == "http://10.0.0.5:11434"
    assert annotation.address("openai:gpt-4o") == "https://api.openai.com/v1"
    assert annotation.address("openai-compatible:gone/x") == ""
    assert annotation.address("fake:x") == ""
    settings.cache_clear()


def test_a_judge_that_is_switched_off_in_between_is_asked_no_more(made: Made) -> None:
    queue = made(2, judge=JUDGE)
    says(SAID, SAID)
    asking = opinion_asking._asked(queue, 2)
    next(asking)
    annotation.change_queue(queue.id, judge="")
    assert list(asking) == []
    assert len(fake.asked) == 1


def test_an_item_whose_answer_is_gone_is_passed_over(made: Made) -> None:
    queue = made(1, judge=JUDGE)
    with db.writing() as session:
        session.execute(update(Message).where(Message.role == "assistant").values(parent_id=None))
    assert annotation.ask_judge(queue.id).opinions == 0
    assert rows(queue) == []


def test_who_only_reviews_cannot_ask_or_name_a_judge(made: Made) -> None:
    queue = made(1, judge=JUDGE)
    ana = access.set_roles(access.person("Ana").id, ["reviewer"])
    with access.as_person(ana):
        with pytest.raises(NotAllowed):
            annotation.ask_judge(queue.id)
        with pytest.raises(NotAllowed):
            annotation.change_queue(queue.id, judge="")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("", ""),
        ("busy", "busy"),
        ("refused", "refused"),
        ("tcp_cut", "cut_off"),
        ("early_end", "cut_off"),
        ("empty", "bad_answer"),
        ("html", "bad_answer"),
        ("silence", "timed_out"),
        ("drip", "timed_out"),
    ],
)
def test_whatever_ollama_does_becomes_an_opinion_or_a_row(
    made: Made, monkeypatch: pytest.MonkeyPatch, fault: str, code: str
) -> None:
    from core.config import settings

    with FakeOllama() as server:
        monkeypatch.setenv("CICLO_OLLAMA_URL", server.url)
        for name in ("SILENCE", "LOADING"):
            monkeypatch.setenv(f"CICLO_ANSWER_{name}_S", "0.3")
        settings.cache_clear()
        server.says = json.dumps(SAID)
        queue = made(1, judge="ollama:llama3.2")
        assert queue.judge == "ollama:llama3.2:latest"
        server.faults["/api/chat"] = fault
        annotation.ask_judge(queue.id)
        (row,) = rows(queue)
        assert (row.failed, row.verdict) == (code, "" if code else "rejected")
        if not fault:
            assert server.bodies("/api/chat")[0]["options"]["temperature"] == 0


@pytest.mark.slow
def test_a_model_that_never_ends_is_given_up(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.config import settings

    monkeypatch.setenv("CICLO_ANSWER_TOTAL_S", "0.2")
    settings.cache_clear()
    queue = made(1, judge=JUDGE)
    fake.queue(fake.Reply("uma palavra depois da outra", pause=0.1))
    annotation.ask_judge(queue.id)
    assert [one.failed for one in rows(queue)] == ["timed_out"]
