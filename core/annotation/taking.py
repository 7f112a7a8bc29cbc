"""How a seat becomes somebody's: the statements, and nothing else.

In: a queue, a person and the moment. Out: the seat, held by that person. Always holds: a seat is
taken in one statement, which passes over rows that others are taking; the long look for a free one
is a reading, done beforehand, which keeps nobody from writing.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    Integer,
    String,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session, aliased

from core import clock
from core.db.tables import PassedOn, Queue, Seat, UTCDateTime

Place = tuple[float, int, int]  # rank, item number, place: the order in which seats are given
HELD: ColumnElement[str] = literal_column("'held'")
OPEN: ColumnElement[str] = literal_column("'open'")


def until(queue: Queue) -> datetime:
    """When a claim of this moment ends."""
    return clock.now() + timedelta(seconds=queue.lease_seconds)


def renew(session: Session, queue: Queue, person_id: str) -> Seat | None:
    """The seat this person holds in the queue, held for another lease."""
    values = {"of_queue": queue.id, "person": person_id, "until": until(queue)}
    return session.scalars(_renewal(), values).first()


def first_free(session: Session, queue: Queue, person_id: str) -> Place | None:
    """Where the first seat stands that this person might take; None where there is none."""
    found = session.execute(_first(), _values(queue, person_id)).first()
    return (found[0], found[1], found[2]) if found else None


def take(
    session: Session,
    queue: Queue,
    person_id: str,
    begin: Place | None = None,
    *,
    number: int | None = None,
) -> Seat | None:
    """The next free seat from ``begin`` on (or at the item ``number``) at an item that this person
    has not sat at; theirs now."""
    rank, first, place = begin or (None, None, None)
    facts = {"from_rank": rank, "from_item": first, "from_place": place}
    values = _values(queue, person_id) | facts | {"until": until(queue), "number": number}
    return session.scalars(_taking(number is not None), values).first()


def _values(queue: Queue, person_id: str) -> dict[str, Any]:
    """An end that lies further ahead than two leases was set before the clock went back."""
    now, lease = clock.now(), timedelta(seconds=queue.lease_seconds)
    return {"of_queue": queue.id, "person": person_id, "now": now, "far": now + 2 * lease}


@cache
def _renewal() -> Any:
    return (
        update(Seat)
        .where(
            Seat.queue_id == bindparam("of_queue"),
            Seat.person_id == bindparam("person"),
            Seat.state == HELD,
        )
        .values(expires_at=bindparam("until", type_=UTCDateTime()))
        .returning(Seat)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


@cache
def _first() -> Any:
    free = aliased(Seat)
    return _free(free, free.rank, free.item_number, free.place)


@cache
def _taking(one_item: bool) -> Any:
    """The one statement."""
    free = aliased(Seat)
    place = tuple_(free.rank, free.item_number, free.place)
    begin = tuple_(
        bindparam("from_rank", type_=Double()),
        bindparam("from_item", type_=Integer()),
        bindparam("from_place", type_=Integer()),
    )
    item = free.item_number == bindparam("number", type_=Integer())
    next_one = _free(free, free.id).where(item if one_item else place >= begin)
    locked = next_one.with_for_update(skip_locked=True, of=free)
    return (
        update(Seat)
        .where(Seat.id == locked.scalar_subquery())
        .values(
            state="held",
            person_id=bindparam("person", type_=String()),
            token=Seat.token + 1,
            claimed_at=bindparam("now", type_=UTCDateTime()),
            expires_at=bindparam("until", type_=UTCDateTime()),
        )
        .returning(Seat)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


def _free(free: Any, *columns: Any) -> Any:
    """The first seat that is open, or held beyond its time, at an item that ``person`` has neither
    sat at nor passed on."""
    mine, other = aliased(Seat), aliased(PassedOn)
    now, far = (bindparam(name, type_=UTCDateTime()) for name in ("now", "far"))
    person = bindparam("person", type_=String())
    sat = exists().where(mine.item_number == free.item_number, mine.person_id == person)
    passed_on = exists().where(
        other.item_number == free.item_number,
        other.person_id == person,
        or_(other.until.is_(None), other.until > now),
    )
    return (
        select(*columns)
        .where(
            free.queue_id == bindparam("of_queue"),
            free.state.in_([OPEN, HELD]),  # the very words of the index of waiting seats
            or_(free.state == OPEN, free.expires_at <= now, free.expires_at > far),
            ~sat,
            ~passed_on,
        )
        .order_by(free.rank, free.item_number, free.place)
        .limit(1)
    )
