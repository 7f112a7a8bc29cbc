"""What judge models said of items: kept, looked up, and counted for what it is worth.

In: an item, a model, a guideline. Out: ``Opinion`` rows. Always holds: they are only ever added; of
an item there is one opinion of a model by a guideline, and a row for each time there came none; no
judgement, no figure of a reviewer and no memory counts them.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import case, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import access, db
from core.annotation.items import found_item
from core.annotation.types import Claim
from core.db.tables import Opinion, Queue, Seat
from core.db.tables.annotation import WAITING
from core.db.tables.base import Base
from core.i18n import N_

# why there is no opinion: a code, and what people are told
FAILED = {
    "no_json": N_("its reply was no JSON"),
    "wrong_values": N_("its reply held values that are not to choose from"),
    "too_long": N_("guidelines and rubric leave no room in its window"),
    "refused": N_("it was refused"),
    "cut_off": N_("its reply broke off"),
    "bad_answer": N_("what came was no answer of a model"),
    "timed_out": N_("it took too long"),
    "busy": N_("its server was busy"),
    "not_reachable": N_("its server does not answer"),
    "model_missing": N_("its server does not have it"),
    "no_key": N_("there is no key for it"),
    "not_installed": N_("a package for it is not installed"),
    "not_configured": N_("its server is not named"),
}
AWAY = ("busy", "not_reachable", "model_missing", "no_key", "not_installed", "not_configured")
DOWN = (*AWAY, "timed_out")  # asking about the next item would fail as well
AT_ONCE = 500
SEATS = 5  # at an item, at most
Said = TypeVar("Said", bound=Base)  # an opinion of an item, or of a comparison


@access.allowed("review")
def opinion(claim: Claim) -> Opinion | None:
    """What the queue's judge says of a claimed item by the guideline that holds; None without."""
    if not claim.queue.judge:
        return None
    query = select(Opinion).where(
        Opinion.item_number == claim.item.number,
        Opinion.model == claim.queue.judge,
        Opinion.guideline_id == claim.guideline.id,
        Opinion.verdict != "",
    )
    with db.session() as session:
        return session.scalar(query)


@access.allowed("review")
def opinions(item_id: str) -> list[Opinion]:
    """All that judges said of an item, where there came nothing too, newest first."""
    with db.session() as session:
        number = found_item(session, item_id).number
        query = select(Opinion).where(Opinion.item_number == number)
        return list(session.scalars(query.order_by(Opinion.created_at.desc())))


def keep(made: Said) -> Said:
    """Store it; where another process has, or the item is gone, that is as good."""
    try:
        with db.writing() as session:
            session.add(made)
            session.flush()
    except IntegrityError:
        pass
    return made


def lacking(
    session: Session, row: Queue, guideline_id: str, *, ahead: int | None, tries: int | None
) -> Iterator[int]:
    """The numbers of the next waiting items without an opinion, most urgent first.

    Of the next ``ahead`` (None: all); without those that were asked about ``tries`` times in vain.
    """
    waiting = _waiting(session, row.id, ahead)
    for start in range(0, len(waiting), AT_ONCE):
        numbers = waiting[start : start + AT_ONCE]
        known = _known(session, row, guideline_id, numbers)
        for number in numbers:
            said, vain = known.get(number, ("", 0))
            if not said and (tries is None or vain < tries):
                yield number


def latest(session: Session, row: Queue, n: int) -> Sequence[Opinion]:
    """The last rows of a queue's judge, newest first."""
    query = select(Opinion).where(Opinion.queue_id == row.id, Opinion.model == row.judge)
    return session.scalars(query.order_by(Opinion.created_at.desc()).limit(n)).all()


def _waiting(session: Session, queue_id: str, ahead: int | None) -> list[int]:
    """Items at which a seat is free, in the order in which they are given out."""
    query = (
        select(Seat.item_number)
        .where(Seat.queue_id == queue_id, WAITING, Seat.state == "open")
        .order_by(Seat.rank, Seat.item_number, Seat.place)
        .limit(ahead * SEATS if ahead else None)
    )
    return list(dict.fromkeys(session.scalars(query)))[:ahead]


def _known(
    session: Session, row: Queue, guideline_id: str, numbers: Sequence[int]
) -> dict[int, tuple[str, int]]:
    """{item: (the verdict, "" where there is none; how often it was asked about in vain)}."""
    vain = func.sum(case((Opinion.failed.in_(("", *AWAY)), 0), else_=1))
    found = session.execute(
        select(Opinion.item_number, func.max(Opinion.verdict), vain)
        .where(Opinion.item_number.in_(numbers), Opinion.model == row.judge)
        .where(Opinion.guideline_id == guideline_id)
        .group_by(Opinion.item_number)
    )
    return {number: (verdict, n) for number, verdict, n in found}
