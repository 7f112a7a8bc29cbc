"""Calibration: items whose answer is known are mixed in, and each reviewer is compared with it.

In: an item and the judgement that is right. Out: after a reviewer has judged it, a ``Compared``.
Always holds: nobody sees which items these are before they have judged them; the share of claims
that are such items is the queue's ``calibration_share``, drawn by chance.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, func, select

from core import access, db
from core.annotation import checking, seats
from core.annotation.adjudicating import NO_CLAIM
from core.annotation.items import found_item
from core.annotation.queues import found_queue
from core.annotation.tokens import acting_id
from core.annotation.types import Judged, as_draft
from core.db.tables import Item, Judgement
from core.errors import Conflict
from core.i18n import _


@dataclass(frozen=True)
class Compared:
    """A judgement of a calibration item beside the known one; ``scores``: {criterion: (given,
    known)} where both have one. ``agrees``: the verdicts are the same."""

    verdict: str
    known: str
    agrees: bool
    scores: dict[str, tuple[int, int]]
    note: str
    correction: str


@access.allowed("lead")
def calibrate(item_id: str, judged: Judged | None, person_id: str | None = None) -> Item:
    """Say how an item that waits should be judged; None: it is an item like any other again.

    Conflict where it waits no more: nobody would get it. InvalidInput for what does not fit the
    rubric.
    """
    with db.writing() as session:
        row = found_item(session, item_id, lock=True)
        if row.state != "pending":
            raise Conflict(
                _("This item waits for nobody any more, so nobody can be compared on it."),
                hint=_("Choose one that still waits in the queue."),
                code=row.state,
            )
        if judged:
            checking.checked(session, row, NO_CLAIM, judged)
        by: dict[str, Any] = {"person_id": acting_id(person_id)}
        row.known = as_draft(judged) | by if judged else {}
        session.flush()
        seats.rank(session, Item.number == row.number)
    return row


@access.allowed("lead")
def calibration_items(queue_id: str) -> int:
    """How many items wait whose answer is known; NotFound for an unknown queue."""
    with db.session() as session:
        found_queue(session, queue_id)
        query = (
            select(func.count())
            .select_from(Item)
            .where(Item.queue_id == queue_id, Item.state == "pending")
            .where(cast(Item.known, Text) != "{}")
        )
        return session.scalar(query) or 0


@access.allowed("review")
def compared(item_id: str, person_id: str) -> Compared | None:
    """How this person's judgement of a calibration item compares; None where they have not judged
    it, or its answer was not known then. NotAllowed where a reviewer asks for another's."""
    access.demand_unless_own(person_id, "lead")
    with db.session() as session:
        row = found_item(session, item_id)
        given = session.scalar(
            select(Judgement).where(
                Judgement.item_number == row.number,
                Judgement.person_id == person_id,
                Judgement.kind == "calibration",
                Judgement.withdrawn_at.is_(None),
            )
        )
    return _compared(given, row.known) if given and row.known else None


def _compared(given: Judgement, known: dict[str, Any]) -> Compared:
    right = known.get("scores", {})
    return Compared(
        verdict=given.verdict,
        known=known["verdict"],
        agrees=given.verdict == known["verdict"],
        scores={
            name: (score, right[name]) for name, score in given.scores.items() if name in right
        },
        note=known.get("note", ""),
        correction=known.get("correction", ""),
    )
