"""Runs whose scores are made up: rows as an evaluation would leave them, without a model."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from core import clock, comparison, db
from core.db.tables import Comparison, Conversation, EvaluationRun, Message

Scores = Mapping[str, Sequence[float | None]]


def run_of(
    assistant_id: str,
    a: Scores,
    b: Scores,
    *,
    state: str = "done",
    total: int = 0,
    learned: Mapping[int, str] | None = None,
    questions: Sequence[str] = (),
    each: Mapping[int, Mapping[str, Any]] | None = None,
    settings: Mapping[str, Any] | None = None,
    versions: tuple[str, str] | None = None,
) -> str:
    """The id of a run whose i-th question has the i-th of each scorer's values; ``each`` overrides
    columns of a question by its place."""
    pair = comparison.pair(assistant_id)
    ids = versions or (pair.a.id, pair.b.id)
    n = max(len(values) for values in (*a.values(), *b.values()))
    with db.writing() as session:
        talk_id, asked_id = talk(session, assistant_id)
        run = EvaluationRun(
            id=db.new_id(),
            assistant_id=assistant_id,
            a_version_id=ids[0],
            b_version_id=ids[1],
            n=total or n,
            state=state,
            settings=dict(settings or {}),
        )
        session.add(run)
        session.flush()
        session.add_all(
            Comparison(
                **{
                    "assistant_id": assistant_id,
                    "run_id": run.id,
                    "position": at,
                    "source": "run",
                    "conversation_id": talk_id,
                    "question_id": asked_id,
                    "question": questions[at] if questions else f"Pergunta {at}?",
                    "a_version_id": ids[0],
                    "b_version_id": ids[1],
                    "a_answer_id": db.new_id(),
                    "b_answer_id": db.new_id(),
                    "learned": (learned or {}).get(at, ""),
                    "scores": {"a": at_place(a, at), "b": at_place(b, at)},
                    "done_at": clock.now(),
                }
                | dict((each or {}).get(at, {}))
            )
            for at in range(n)
        )
        return run.id


def at_place(scores: Scores, at: int) -> dict[str, float | None]:
    told = ((name, values[at]) for name, values in scores.items())
    return {name: None if value is None else float(value) for name, value in told}


def talk(session: Session, assistant_id: str) -> tuple[str, str]:
    """One conversation with one question, which all made-up comparisons share."""
    now = clock.now()
    apart = Conversation(
        id=db.new_id(), assistant_id=assistant_id, channel="comparison", removed_at=now
    )
    asked = Message(
        id=db.new_id(), conversation_id=apart.id, role="user", text="Pergunta?", state="done"
    )
    session.add(apart)
    session.flush()
    session.add(asked)
    session.flush()
    return apart.id, asked.id
