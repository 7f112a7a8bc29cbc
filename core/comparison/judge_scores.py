"""What a judge's opinions of a comparison come to: a score of each side, as other scorers give one.

In: ``JudgeOpinion`` rows of one model. Out: the mean rubric score (0 to 1), and the share of the
pairwise choices that a side won. Always holds: a choice counts for a side where both orders of showing
led to it, else it is a tie; where one of the two orders lacks, it counts as nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.comparison.human import place_of, put
from core.comparison.types import SIDES, Side
from core.db.tables import Comparison, JudgeOpinion

RUBRIC, PAIRWISE = "rubric", "pairwise"
SCORERS = {RUBRIC: "judge_rubric", PAIRWISE: "judge_pairwise"}
SAME = "same"  # the detail of a choice that no model was asked for: the answers are equal


def rubric(opinions: Iterable[JudgeOpinion], side: Side) -> float | None:
    """The mean of what the rubric gave a side, 0 to 1."""
    given = [
        one.score
        for one in opinions
        if one.kind == RUBRIC and one.side == side and not one.failed and one.score is not None
    ]
    return sum(given) / len(given) if given else None


def pairwise(opinions: Iterable[JudgeOpinion], side: Side) -> float | None:
    """The share of the choices that a side won, ties half."""
    wins = [
        0.5 if choice == "tie" else float(choice == side) for choice, _agree in choices(opinions)
    ]
    return sum(wins) / len(wins) if wins else None


def choices(opinions: Iterable[JudgeOpinion]) -> Iterator[tuple[str, bool]]:
    """(a, b or tie; whether both orders led to the same) of each repetition that has both."""
    by_turn: dict[int, dict[str, str]] = defaultdict(dict)
    for one in opinions:
        if one.kind == PAIRWISE and not one.failed:
            by_turn[one.repetition][one.first] = one.choice
    for orders in by_turn.values():
        if len(orders) == 2:
            agree = orders["a"] == orders["b"]
            yield orders["a"] if agree else "tie", agree


def of_comparison(session: Session, comparison_id: str, model: str = "") -> list[JudgeOpinion]:
    """A comparison's opinions of a model (of the one that spoke last), failures apart."""
    query = select(JudgeOpinion).where(
        JudgeOpinion.comparison_id == comparison_id, JudgeOpinion.failed == ""
    )
    if model:
        query = query.where(JudgeOpinion.model == model)
    rows = list(session.scalars(query.order_by(JudgeOpinion.created_at)))
    return [one for one in rows if one.model == rows[-1].model]


def told(opinions: Sequence[JudgeOpinion], side: Side) -> dict[str, float | None]:
    """{scorer: value} of a side."""
    return {
        SCORERS[RUBRIC]: rubric(opinions, side),
        SCORERS[PAIRWISE]: pairwise(opinions, side),
    }


def note(comparison_id: str, model: str) -> None:
    """Write what a model said into the comparison's scores, where the verdict reads it."""
    with db.writing() as session:
        row = session.get(Comparison, comparison_id)
        if row is not None and row.done_at is not None:
            opinions = of_comparison(session, comparison_id, model)
            put(row, {side: told(opinions, side) for side in SIDES})


def of_answer(answer_id: str, kind: str) -> float | None:
    """What was said of one answer; None where nothing was."""
    with db.session() as session:
        row_id, side = place_of(session, answer_id)
        opinions = of_comparison(session, row_id) if row_id else []
    return told(opinions, side)[SCORERS[kind]]
