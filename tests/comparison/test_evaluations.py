"""A run comes into being whole, says how far it is, and what it will take; nothing is guessed."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core import access, assistants, comparison, db, registry
from core.comparison import Question, Reference
from core.db.tables import Assistant, Comparison, Conversation, EvaluationRun, Message
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tests.conftest import ENGINES

ASKED = [
    Question("Qual é o prazo de troca?", Reference(id="q1", quotes=("30 dias",))),
    Question("Que dias a loja abre?"),
]


def count(table: type[Any]) -> int:
    with db.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def begun(assistant: Assistant, **more: Any) -> EvaluationRun:
    return comparison.start(ASKED, assistant=assistant.id, source="perguntas.csv", **more)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_is_answered_told_and_estimated_on_either_database(assistant: Assistant) -> None:
    run = begun(assistant)
    before = comparison.progress(run.id)
    assert (before.done, before.of, before.share, before.seconds_left) == (0, 2, 0.0, None)
    assert comparison.work(run.id).state == "done"
    told = comparison.progress(run.id)
    assert (told.done, told.answers, told.failed, told.seconds_left) == (2, 4, 0, 0.0)
    found = comparison.estimate(100, assistant=assistant.id, parallel=2)
    assert (found.a.of, found.a.n, found.b.of, found.b.n) == ("version", 2, "version", 2)
    assert found.seconds
    assert found.a.seconds
    assert found.b.seconds
    assert found.seconds == pytest.approx(50 * (found.a.seconds + found.b.seconds))
    comparison.remove_run(run.id)
    assert count(Message) == 0


def test_a_run_and_all_its_questions_come_into_being_at_once(assistant: Assistant) -> None:
    again = Question(" que dias a LOJA  abre?")
    run = comparison.start([*ASKED, again], assistant=assistant.id, source="perguntas.csv")
    rows = [one.row for one in comparison.lines(run_id=run.id)]
    assert (run.state, run.n, run.digest) == ("waiting", 2, comparison.digest(ASKED))
    assert [(row.position, row.question) for row in rows] == list(
        enumerate(one.text for one in ASKED)
    )
    assert Reference.of(rows[0].reference) == ASKED[0].reference
    assert {row.source for row in rows} == {"run"}
    assert run.name.startswith("perguntas.csv: 2")
    assert [one.id for one in comparison.runs(assistant.id)] == [run.id]


def test_a_run_that_cannot_be_leaves_nothing_behind(assistant: Assistant) -> None:
    with pytest.raises(InvalidInput):
        comparison.start([*ASKED, Question("a" * 4001)], assistant=assistant.id)
    assert [count(one) for one in (EvaluationRun, Comparison, Conversation)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"parallel": 0}, "parallel"),
        ({"parallel": 17}, "parallel"),
        ({"smallest": 0.0}, "smallest"),
        ({"repetitions": 99}, "repetitions"),
        ({"scoring": ["charm"]}, "charm"),
        ({"judge": "nobody"}, "nobody"),
        ({"settings": {"a": {"mode": "haiku"}}}, "haiku"),
        ({"a": "v99"}, "v99"),
    ],
)
def test_what_cannot_be_set_is_named(assistant: Assistant, more: dict[str, Any], said: str) -> None:
    with pytest.raises((InvalidInput, NotFound), match=said):
        begun(assistant, **more)


@pytest.mark.parametrize("asked", [[], [Question("?")] * 3])
def test_an_empty_list_is_refused_and_one_question_asked_thrice_is_one(
    assistant: Assistant, asked: list[Question]
) -> None:
    if not asked:
        with pytest.raises(InvalidInput, match="questions"):
            comparison.start(asked, assistant=assistant.id)
    else:
        assert comparison.start(asked, assistant=assistant.id).n == 1


def test_where_nothing_was_measured_nothing_is_told(assistant: Assistant) -> None:
    registry.model("openai", "dear", price_in=1.0, price_out=2.0)
    found = comparison.estimate(10, assistant=assistant.id, b="openai:dear")
    assert (found.seconds, found.cost) == (None, None)
    assert (found.a.cost, found.b.cost, found.b.of) == (0.0, None, "")


def test_a_version_that_never_spoke_is_estimated_by_its_model(assistant: Assistant) -> None:
    model = registry.model("openai", "dear", price_in=1.0, price_out=2.0)
    spoke = registry.version_with_model(assistant.id, "openai:dear")
    put(assistant, spoke.id, seconds=3.0, tokens=(1000, 500))
    put(assistant, spoke.id, seconds=5.0, tokens=(3000, 500))
    silent = registry.variant(spoke.id, retrieval={"k": 2})
    found = comparison.estimate(1000, assistant=assistant.id, a=spoke.id, b=silent.id, parallel=4)
    assert (found.a.of, found.b.of, found.b.n) == ("version", "model", 2)
    assert found.seconds == pytest.approx(1000 * (4.0 + 4.0) / 4)
    each = registry.cost(model, 2000, 500)
    assert each
    assert found.cost == pytest.approx(2 * 1000 * each)


def put(assistant: Assistant, version_id: str, *, seconds: float, tokens: tuple[int, int]) -> None:
    """An answer of a version, written straight into the tables."""
    with db.writing() as session:
        talk = Conversation(assistant_id=assistant.id)
        session.add(talk)
        session.flush()
        session.add(
            Message(
                conversation_id=talk.id,
                role="assistant",
                outcome="answered",
                version_id=version_id,
                provider="openai",
                model_name="dear",
                total_seconds=seconds,
                tokens_in=tokens[0],
                tokens_out=tokens[1],
            )
        )


def test_only_who_may_compare_begins_and_ends_runs(assistant: Assistant) -> None:
    run = begun(assistant)
    viewer = access.set_roles(access.person("Ana").id, ["viewer"])
    with access.as_person(viewer):
        for verb in (comparison.cancel, comparison.resume, comparison.remove_run, comparison.work):
            with pytest.raises(NotAllowed):
                verb(run.id)
        assert comparison.progress(run.id).of == 2  # a figure, no words of anybody's


def test_a_run_at_work_is_not_taken_away(assistant: Assistant) -> None:
    run = begun(assistant)
    with db.writing() as session:
        session.get_one(EvaluationRun, run.id).state = "running"
    with pytest.raises(Conflict):
        comparison.remove_run(run.id)
    comparison.cancel(run.id)
    comparison.remove_run(run.id)
    assert comparison.runs() == []


def test_a_run_there_is_not_is_told_with_the_way_out(home: Path) -> None:
    assistants.create("Loja")
    for verb in (comparison.run, comparison.progress, comparison.cancel, comparison.resume):
        with pytest.raises(NotFound, match="nowhere") as refused:
            verb("nowhere")
        assert refused.value.hint
