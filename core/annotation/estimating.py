"""How good the answers are, told from the random share alone: with an interval, and how thin it is.

In: a queue. Out: ``Estimate``. Always holds: only protected items count, so what the other rules
took moves nothing; an item counts once, whatever the number of its reviewers, by its gold judgement
if it has one, else by what most of its reviewers said. It tells of the answers in focus: of each
conversation drawn, the one that is flagged, else the worst, else the last.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import access, db
from core.annotation import standing
from core.annotation.queues import found_queue
from core.annotation.types import VERDICTS
from core.db.tables import Item, Judgement
from core.statistics import Share, wilson

# With 30 items the 95 % interval is 34 points wide at worst (half of them approved): a third of the
# scale, just enough to tell "most" from "few". With fewer it could not even do that.
THIN = 30


@dataclass(frozen=True)
class Estimate:
    """Shares of the judged items of the random sample: approved as they stood, approved with a
    correction, both together, rejected; None where none is judged. ``drawn`` are all items of the
    sample that are still there; ``thin``: too few are judged to rely on it."""

    n: int
    drawn: int
    approved: Share | None
    corrected: Share | None
    usable: Share | None
    rejected: Share | None
    thin: bool


@access.allowed("review")
def estimate(queue_id: str) -> Estimate:
    """The quality of a queue's assistant; NotFound for an unknown queue."""
    with db.session() as session:
        found_queue(session, queue_id)
        verdicts = _verdicts(session, queue_id)
        drawn = session.scalar(
            select(func.count()).where(
                Item.queue_id == queue_id,
                Item.protected.is_(True),
                Item.state.in_(("pending", "done")),
            )
        )
    counts = Counter(verdicts)
    n = len(verdicts)
    approved, corrected, rejected = (counts[verdict] for verdict in VERDICTS)
    return Estimate(
        n,
        drawn or 0,
        wilson(approved, n),
        wilson(corrected, n),
        wilson(approved + corrected, n),
        wilson(rejected, n),
        n < THIN,
    )


def _verdicts(session: Session, queue_id: str) -> list[str]:
    """One for each judged item of the random sample."""
    by_item: dict[tuple[int, str | None], list[Any]] = defaultdict(list)
    for row in session.execute(_judged(queue_id)):
        by_item[row.number, row.gold_id].append(row)
    found = (standing.verdict(rows, gold) for (_number, gold), rows in by_item.items())
    return [verdict for verdict in found if verdict]


def _judged(queue_id: str) -> Any:
    """The judgements that were not withdrawn."""
    facts = (Judgement.id, Judgement.supersedes_id, Judgement.verdict)
    return (
        select(Item.number, Item.gold_id, *facts)
        .join(Judgement, Judgement.item_number == Item.number)
        .where(
            Item.queue_id == queue_id,
            Item.protected.is_(True),
            Item.state == "done",
            Judgement.withdrawn_at.is_(None),
        )
        .order_by(Item.number, Judgement.created_at)
    )
