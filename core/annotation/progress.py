"""How far a queue is, how fast it goes, and how long a claim should last.

Always holds: counts come from the database at this moment; a figure that rests on too little is
None, never a guess.
"""

from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from core import access, clock, db
from core.annotation.queues import found_queue
from core.annotation.types import Progress
from core.db.tables import Item, Judgement, PassedOn, Queue, Seat

LATEST = 200  # judgements of which the median time is taken
ENOUGH = 20  # measured times below which nothing is proposed
LEASE = (120, 3600)  # seconds: bounds of what is proposed
ROOM = 3  # leases are that many times the median


@access.allowed("review")
def progress(queue_id: str, person_id: str | None = None) -> Progress:
    """The queue's progress, and this person's part in it today (UTC)."""
    now = clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    with db.session() as session:
        queue = found_queue(session, queue_id)
        states = _states(session, queue)
        held, unavailable_now = _in_hands(session, queue, now)
        times = _times(session, queue)
        seats_left = _seats_left(session, queue)
        pace = median(times) if times else None
        return Progress(
            waiting=states.get("pending", 0) - unavailable_now,
            held=held,
            done=states.get("done", 0),
            removed=states.get("removed", 0),
            unavailable=states.get("unavailable", 0),
            judgements=_judged(session, queue),
            today=_since(session, queue, midnight),
            mine_today=_since(session, queue, midnight, person_id) if person_id else 0,
            passed_on=_passed_on(session, queue, person_id, now) if person_id else 0,
            seconds_per_item=pace,
            seconds_left=None if pace is None else pace * seats_left,
            proposed_lease=proposed_lease(times),
        )


def proposed_lease(times: list[float]) -> int | None:
    """Three times the median time in seconds, within bounds; None where too few were measured."""
    if len(times) < ENOUGH:
        return None
    return round(min(max(median(times) * ROOM, LEASE[0]), LEASE[1]))


def _states(session: Session, queue: Queue) -> dict[str, int]:
    query = select(Item.state, func.count()).where(Item.queue_id == queue.id).group_by(Item.state)
    rows: Any = session.execute(query).all()
    return dict(tuple(row) for row in rows)


def _in_hands(session: Session, queue: Queue, now: datetime) -> tuple[int, int]:
    """How many claims live, and at how many items they leave no seat free."""
    other = aliased(Seat)
    free = select(other.id).where(
        other.item_number == Seat.item_number,
        or_(other.state == "open", (other.state == "held") & (other.expires_at <= now)),
    )
    live = (Seat.queue_id == queue.id, Seat.state == "held", Seat.expires_at > now)
    held = session.scalar(select(func.count()).select_from(Seat).where(*live)) or 0
    full = select(func.count(Seat.item_number.distinct())).where(*live, ~free.exists())
    return held, session.scalar(full) or 0


def _judged(session: Session, queue: Queue) -> int:
    query = select(func.count()).select_from(Judgement).join(Item)
    counted = query.where(Item.queue_id == queue.id, *_valid())
    return session.scalar(counted) or 0


def _seats_left(session: Session, queue: Queue) -> int:
    left = select(func.count()).select_from(Seat)
    waiting = left.where(Seat.queue_id == queue.id, Seat.state.in_(("open", "held")))
    return session.scalar(waiting) or 0


def _since(session: Session, queue: Queue, moment: datetime, person_id: str | None = None) -> int:
    query = (
        select(func.count())
        .select_from(Judgement)
        .join(Item, Item.number == Judgement.item_number)
        .where(Item.queue_id == queue.id, Judgement.created_at >= moment, *_valid())
    )
    if person_id:
        query = query.where(Judgement.person_id == person_id)
    return session.scalar(query) or 0


def _passed_on(session: Session, queue: Queue, person_id: str, now: datetime) -> int:
    query = (
        select(func.count())
        .select_from(PassedOn)
        .join(Item, Item.number == PassedOn.item_number)
        .where(
            PassedOn.person_id == person_id,
            Item.queue_id == queue.id,
            Item.state == "pending",
            or_(PassedOn.until.is_(None), PassedOn.until > now),
        )
    )
    return session.scalar(query) or 0


def _times(session: Session, queue: Queue) -> list[float]:
    """The seconds that the latest judgements took."""
    query = (
        select(Judgement.seconds)
        .join(Item, Item.number == Judgement.item_number)
        .where(Item.queue_id == queue.id, Judgement.seconds.is_not(None), *_valid())
        .order_by(Judgement.created_at.desc())
        .limit(LATEST)
    )
    return [seconds for seconds in session.scalars(query) if seconds is not None]


def _valid() -> tuple[Any, ...]:
    return Judgement.withdrawn_at.is_(None), Judgement.kind != "adjudication"
