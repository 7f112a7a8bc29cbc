"""What people said of the two answers of a comparison: blind votes, reviewers' judgements, thumbs.

In: comparisons. Out: a ``Human`` for each of which somebody said something: a score of each side, 0
to 1, and which they liked better. Always holds: where people voted without knowing whose the answers
were, these votes alone count; a person's later word replaces the earlier one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core import db
from core.access import allowed
from core.annotation import standing
from core.comparison.types import SIDES, Side
from core.db.tables import Comparison, Feedback, Item, Judgement, Vote

SCORER = "human_score"
VERDICTS = {"approved": 1.0, "corrected": 0.5, "rejected": 0.0}
THUMBS = {"up": 1.0, "down": 0.0}
VOTES = {"a": (1.0, 0.0), "b": (0.0, 1.0), "tie": (0.5, 0.5), "bad": (0.0, 0.0)}
STARS = 5


@dataclass(frozen=True)
class Human:
    """``a`` and ``b`` from 0 to 1, None where nobody said anything of the side; ``choice`` is a, b,
    tie, or "" where the two were not compared; ``people`` is how many words it rests on."""

    a: float | None = None
    b: float | None = None
    choice: str = ""
    people: int = 0


@allowed("metrics")
def human_scores(*, run_id: str = "", comparison_id: str = "") -> dict[str, Human]:
    """{comparison id: what people said} of a run's comparisons, or of one."""
    which = Comparison.run_id == run_id if run_id else Comparison.id == comparison_id
    with db.session() as session:
        return found(session, which)


def found(session: Session, which: ColumnElement[bool]) -> dict[str, Human]:
    """The same of the comparisons that ``which`` selects."""
    said = {row_id: _of_values(values) for row_id, values in _values(session, which).items()}
    return said | {row_id: _of_votes(votes) for row_id, votes in _votes(session, which).items()}


def of_answer(answer_id: str) -> float | None:
    """What people said of one answer of a comparison; None where nobody did."""
    with db.session() as session:
        row_id, side = place_of(session, answer_id)
        return _side(found(session, Comparison.id == row_id), row_id, side) if row_id else None


def place_of(session: Session, answer_id: str) -> tuple[str, Side]:
    """(the comparison that an answer belongs to, its side); "" where it belongs to none."""
    query = select(Comparison.id, Comparison.a_answer_id).where(
        or_(Comparison.a_answer_id == answer_id, Comparison.b_answer_id == answer_id)
    )
    row = session.execute(query.limit(1)).first() if answer_id else None
    return (row[0], "a" if row[1] == answer_id else "b") if row else ("", "a")


def note(session: Session, comparison_id: str) -> None:
    """Write what people said into a comparison's scores, where the verdict reads it, in the caller's
    transaction."""
    row = session.get(Comparison, comparison_id)
    if row is not None and row.done_at is not None:
        said = found(session, Comparison.id == comparison_id)
        put(row, {side: {SCORER: _side(said, comparison_id, side)} for side in SIDES})


def put(row: Comparison, told: Mapping[Side, Mapping[str, float | None]]) -> None:
    """Put scores beside those that a comparison has. One that was never there and is None stays away."""
    before = {side: dict((row.scores or {}).get(side) or {}) for side in SIDES}
    scores: dict[str, Any] = {side: dict(values) for side, values in before.items()}
    for side, values in told.items():
        scores[side] |= {
            name: value
            for name, value in values.items()
            if value is not None or scores[side].get(name) is not None
        }
    if scores != before:
        row.scores = scores


def _side(said: dict[str, Human], row_id: str, side: str) -> float | None:
    human = said.get(row_id)
    value: float | None = getattr(human, side) if human else None
    return value


def _of_votes(votes: list[str]) -> Human:
    """The mean of blind votes, and what most of them say; even is a tie, and so are two bad ones."""
    counts = Counter("tie" if one == "bad" else one for one in votes)
    (first, top), *others = counts.most_common(2)
    even = bool(others) and others[0][1] == top
    a, b = (_mean(VOTES[one][at] for one in votes) for at in (0, 1))
    return Human(a, b, "tie" if even else first, len(votes))


def _of_values(values: dict[str, list[float]]) -> Human:
    a, b = (_mean(values.get(side) or ()) for side in SIDES)
    choice = "" if a is None or b is None else "a" if a > b else "b" if b > a else "tie"
    return Human(a, b, choice, sum(map(len, values.values())))


def _votes(session: Session, which: ColumnElement[bool]) -> dict[str, list[str]]:
    standing_ones = (
        select(Vote.comparison_id, Vote.choice)
        .join(Comparison, Comparison.id == Vote.comparison_id)
        .where(which, Vote.withdrawn_at.is_(None), Vote.blind)
    )
    votes: dict[str, list[str]] = defaultdict(list)
    for row_id, choice in session.execute(standing_ones):
        votes[row_id].append(choice)
    return votes


def _values(session: Session, which: ColumnElement[bool]) -> dict[str, dict[str, list[float]]]:
    """{comparison: {side: [a value for each judgement that counts, and for each thumb]}}."""
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for side in SIDES:
        answer_id = getattr(Comparison, f"{side}_answer_id")
        for row_id, one in _judged(session, answer_id, which):
            values[row_id][side].append(_worth(one))
        thumbs = (
            select(Comparison.id, Feedback.rating)
            .join(Feedback, Feedback.message_id == answer_id)
            .where(which, Feedback.withdrawn_at.is_(None))
        )
        for row_id, rating in session.execute(thumbs):
            values[row_id][side].append(THUMBS[rating])
    return values


def _judged(
    session: Session, answer_id: Any, which: ColumnElement[bool]
) -> Iterable[tuple[str, Judgement]]:
    """The judgements of answers that decide: a lead's alone where there is one."""
    query = (
        select(Comparison.id, Item.gold_id, Judgement)
        .join(Judgement, Judgement.message_id == answer_id)
        .join(Item, Item.number == Judgement.item_number)
        .where(which, Judgement.withdrawn_at.is_(None), Judgement.kind != "calibration")
        .order_by(Judgement.created_at)
    )
    items: dict[tuple[str, int, str | None], list[Judgement]] = defaultdict(list)
    for row_id, gold_id, one in session.execute(query):
        items[row_id, one.item_number, gold_id].append(one)
    for (row_id, _item, gold_id), judged in items.items():
        yield from ((row_id, one) for one in standing.deciding(judged, gold_id))


def _worth(one: Judgement) -> float:
    """The verdict's worth; where stars were given too, halfway to theirs."""
    verdict = VERDICTS[one.verdict]
    return verdict if one.stars is None else (verdict + (one.stars - 1) / (STARS - 1)) / 2


def _mean(values: Iterable[float]) -> float | None:
    given = list(values)
    return sum(given) / len(given) if given else None
