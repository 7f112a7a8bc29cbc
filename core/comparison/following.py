"""Both answers of a comparison as they arrive, in one stream, and when there is nothing more to come.

In: a comparison's id. Out: (side, event), in the order in which they happen; a side's last event is
``done``. Always holds: nobody waits for a side that never comes: one that was stopped before its turn,
or whose server is gone.
"""

import time
from collections.abc import Iterator
from contextvars import copy_context
from datetime import timedelta
from queue import SimpleQueue
from threading import Thread

from core import chat, clock
from core.access import allowed
from core.comparison import asking
from core.comparison.types import SIDES, Compared, Side
from core.errors import CicloError

LOST_AFTER = timedelta(seconds=20)  # a side that nobody has begun by then is not coming
LOOK_EVERY = 0.05  # seconds, at a side whose turn has not come
SCORED_WITHIN = 20.0  # seconds from the last answer to its scores
Told = tuple[Side, chat.Event | CicloError | None]


def under_way(found: Compared) -> bool:
    """Whether something may still come: an answer, its turn, or the scores."""
    if any(one.state == "running" for one in (found.a, found.b)):
        return True
    return found.row.done_at is None and not lost(found)


def lost(found: Compared) -> bool:
    """Whether whoever asked is gone (the server was stopped) before a side had its turn."""
    sides = (found.a, found.b)
    if found.row.done_at or any(one.state == "running" for one in sides):
        return False
    said = [one.answer.message for one in sides if one.answer]
    ends = [one.created_at + timedelta(seconds=one.total_seconds or 0.0) for one in said]
    return clock.now() - max([found.row.created_at, *ends]) > LOST_AFTER


@allowed("read")
def follow(comparison_id: str) -> Iterator[tuple[Side, chat.Event]]:
    """The events of both answers, until both have ended. NotFound or NotAllowed as ``comparison``."""
    asking.comparison(comparison_id)
    return _followed(comparison_id)


@allowed("read")
def wait(comparison_id: str) -> Compared:
    """The comparison, once both sides have ended and their scores are written down."""
    for _event in follow(comparison_id):
        pass
    until = time.monotonic() + SCORED_WITHIN
    found = asking.comparison(comparison_id)
    while under_way(found) and time.monotonic() < until:
        time.sleep(LOOK_EVERY)
        found = asking.comparison(comparison_id)
    return found


def _followed(comparison_id: str) -> Iterator[tuple[Side, chat.Event]]:
    told: SimpleQueue[Told] = SimpleQueue()
    for side in SIDES:
        context = copy_context()
        Thread(
            target=context.run,
            args=(_tell, comparison_id, side, told),
            name="ciclo-comparison-follower",
            daemon=True,
        ).start()
    left = len(SIDES)
    while left:
        side, event = told.get()
        if isinstance(event, CicloError):
            raise event
        left -= event is None
        if event is not None:
            yield side, event


def _tell(comparison_id: str, side: Side, told: "SimpleQueue[Told]") -> None:
    """Put what happens on one side into the queue, and None at its end."""
    try:
        if _begun(comparison_id, side):
            for event in chat.follow(asking.comparison(comparison_id).side(side).answer_id):
                told.put((side, event))
        told.put((side, None))
    except CicloError as error:  # the comparison was removed meanwhile
        told.put((side, error))


def _begun(comparison_id: str, side: Side) -> bool:
    """Whether the side has been asked, once that is decided."""
    while True:
        found = asking.comparison(comparison_id)
        if found.side(side).answer is not None:
            return True
        if not under_way(found):
            return False
        time.sleep(LOOK_EVERY)
