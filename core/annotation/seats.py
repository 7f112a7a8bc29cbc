"""The seats at items: made, opened, closed, counted. SQL over many items at once, in the session given.

Always holds: an item that waits has as many seats open, held or judged as its queue has reviewers
per item; one that no longer waits has none open or held.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast, func, insert, literal, select, update
from sqlalchemy.orm import Session

from core import clock
from core.db.tables import Item, Queue, Seat

WAITING = Seat.state.in_(("open", "held"))
EMPTY = {"person_id": None, "claimed_at": None, "expires_at": None}
KNOWN = 1e9  # the rank of seats at items whose answer is known: they come last, or are asked for
FIRST_KNOWN = (KNOWN, 0, 0)  # where these begin in the order in which seats are given
RANK = case((cast(Item.known, Text) == "{}", -Item.priority), else_=literal(KNOWN))


def seat_all(session: Session, ids: Sequence[str], seats: int) -> int:
    """Give new items their seats; how many items there are."""
    for place in range(seats):
        made = select(
            Item.number, Item.queue_id, literal(place), RANK, literal("open"), literal(0)
        ).where(Item.id.in_(ids))  # no more: a planner without figures takes the wrong index
        columns = ["item_number", "queue_id", "place", "rank", "state", "token"]
        session.execute(insert(Seat).from_select(columns, made))
    return session.scalar(select(func.count()).where(Item.id.in_(ids))) or 0


def fit(session: Session, queue: Queue) -> None:
    """Bring the waiting items to as many seats as the queue has reviewers per item.

    Judged seats stay, then those held longest, then open ones; who is sent away keeps the draft.
    """
    most = queue.reviewers_per_item
    for place in range(most):
        _add_place(session, queue.id, place)
    ranked = _ranked(queue.id)
    _set(session, ranked, (ranked.c.at <= most) & (ranked.c.state == "closed"), "open")
    _set(session, ranked, (ranked.c.at > most) & ranked.c.state.in_(("open", "held")), "closed")
    finish(session, Item.queue_id == queue.id)


def close(session: Session, *which: ColumnElement[bool]) -> None:
    """Close the open and held seats of these items (conditions on Item)."""
    items = select(Item.number).where(*which)
    session.execute(
        update(Seat)
        .where(Seat.item_number.in_(items), WAITING)
        .values(state="closed", **EMPTY)
        .execution_options(synchronize_session=False)
    )


def reopen(session: Session, *which: ColumnElement[bool]) -> None:
    """Open the closed seats of these items again; what is too many, ``fit`` closes."""
    items = select(Item.number).where(*which)
    session.execute(
        update(Seat)
        .where(Seat.item_number.in_(items), Seat.state == "closed")
        .values(state="open", **EMPTY)
        .execution_options(synchronize_session=False)
    )


def finish(session: Session, *which: ColumnElement[bool]) -> None:
    """Call those pending items done at which nobody is waited for any more."""
    left = select(Seat.id).where(Seat.item_number == Item.number, WAITING)
    judged = select(Seat.id).where(Seat.item_number == Item.number, Seat.state == "judged")
    session.execute(
        update(Item)
        .where(Item.state == "pending", ~left.exists(), judged.exists(), *which)
        .values(state="done", done_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def rank(session: Session, *which: ColumnElement[bool]) -> None:
    """Give the seats of these items their rank anew: what is known of them has changed."""
    own = select(RANK).where(Item.number == Seat.item_number).scalar_subquery()
    items = select(Item.number).where(*which)
    session.execute(
        update(Seat)
        .where(Seat.item_number.in_(items))
        .values(rank=own)
        .execution_options(synchronize_session=False)
    )


def _add_place(session: Session, queue_id: str, place: int) -> None:
    there = select(Seat.id).where(Seat.item_number == Item.number, Seat.place == place)
    missing = select(
        Item.number, Item.queue_id, literal(place), RANK, literal("closed"), literal(0)
    ).where(Item.queue_id == queue_id, Item.state == "pending", ~there.exists())
    columns = ["item_number", "queue_id", "place", "rank", "state", "token"]
    session.execute(insert(Seat).from_select(columns, missing))


def _ranked(queue_id: str) -> Any:
    """The seats of the waiting items, each with its place in who stays first (``at``, from 1)."""
    order = case({"judged": 0, "held": 1, "open": 2}, value=Seat.state, else_=3)
    at = func.row_number().over(
        partition_by=Seat.item_number, order_by=(order, Seat.claimed_at, Seat.place)
    )
    return (
        select(Seat.id, Seat.state, at.label("at"))
        .join(Item, Item.number == Seat.item_number)
        .where(Item.queue_id == queue_id, Item.state == "pending")
        .subquery()
    )


def _set(session: Session, ranked: Any, which: ColumnElement[bool], state: str) -> None:
    chosen = list(session.scalars(select(ranked.c.id).where(which)))
    for start in range(0, len(chosen), 500):
        session.execute(
            update(Seat)
            .where(Seat.id.in_(chosen[start : start + 500]))
            .values(state=state, **EMPTY)
            .execution_options(synchronize_session=False)
        )
