"""Runs that are answered already, for a judge and people to say what they think; and what they say."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core import clock, db
from core.db.tables import Assistant, Comparison, EvaluationRun, JudgeOpinion, Passage
from core.llm import fake
from tests.comparison.voting import House, compared, house

JUDGE = "fake:judge"
SCORES = {"correct": 5, "grounded": 4, "complete": 3, "clarity": 5}
DIFFERENT = ("Das 9h às 18h.", "Só com hora marcada, de manhã.")


def run_of(
    assistant: Assistant | None = None,
    texts: Sequence[tuple[str, str]] = (DIFFERENT,),
    *,
    each: Mapping[str, Any] | None = None,
    **settings: Any,
) -> tuple[EvaluationRun, list[Comparison]]:
    """A run that is done, and its comparisons, each with two answers."""
    of: House = house(name=assistant.name + " 2" if assistant else "Loja 2")
    now = clock.now()
    with db.writing() as session:
        run = EvaluationRun(
            id=db.new_id(),
            assistant_id=of.assistant.id,
            a_version_id=of.versions[0].id,
            b_version_id=of.versions[1].id,
            n=len(texts),
            settings=settings,
            state="done",
            ended_at=now,
        )
        session.add(run)
    rows = [compared(of, pair, **(each or {})) for pair in texts]
    with db.writing() as session:
        for at, row in enumerate(rows):
            stored = session.get_one(Comparison, row.id)
            stored.run_id, stored.position = run.id, at
    return run, rows


def shows(row: Comparison, side: str, text: str, rank: int = 1) -> None:
    """Let an answer have been written from a passage."""
    with db.writing() as session:
        session.add(
            Passage(
                message_id=getattr(row, f"{side}_answer_id"),
                document_name="horarios.md",
                text=text,
                rank=rank,
                start=0,
                end=len(text),
                score=1.0,
            )
        )


def says(*replies: Mapping[str, Any] | str | Exception) -> None:
    """What the fake judge says next, in order."""
    fake.queue(*(one if isinstance(one, str | Exception) else json.dumps(one) for one in replies))


def about(first: str, second: str, a: int = 5, b: int = 5) -> list[dict[str, Any]]:
    """The four replies about one comparison: its choice in both orders, the scores of both sides."""
    scored = [{"scores": dict.fromkeys(SCORES, value), "why": "Porque."} for value in (a, b)]
    return [{"choice": first, "why": "Porque."}, {"choice": second}, *scored]


def opinions(run: EvaluationRun) -> list[JudgeOpinion]:
    """What is stored of a run, oldest first."""
    with db.session() as session:
        rows = session.query(JudgeOpinion).join(
            Comparison, Comparison.id == JudgeOpinion.comparison_id
        )
        ours = rows.filter(Comparison.run_id == run.id)
        return ours.order_by(JudgeOpinion.created_at, JudgeOpinion.id).all()


def scores(row: Comparison) -> dict[str, Any]:
    """A comparison's scores as they are stored now."""
    with db.session() as session:
        return session.get_one(Comparison, row.id).scores
