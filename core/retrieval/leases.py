"""Keeping what this process has claimed, however long the work on it takes.

In: the claim's renewal, or the column of a row that holds until when it is claimed, and how long a
claim lasts. Out: a block within which it does not run out. Always holds: it is renewed three times
as often as it would have to be, from a thread of its own, so that work which never looks up loses
nothing; a process that dies renews nothing, and its claim runs out.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from sqlalchemy import ColumnElement, or_, update

from core import clock, db
from core.errors import CicloError

log = logging.getLogger("ciclo.leases")


@contextmanager
def held(lease: timedelta, renew: Callable[[], object]) -> Iterator[None]:
    """Within the block ``renew`` is called often enough for a lease that lasts so long."""
    over = Event()
    renewing = Thread(target=_renew, args=(lease, renew, over), daemon=True)
    renewing.start()
    try:
        yield
    finally:
        over.set()
        renewing.join()


@contextmanager
def alone(column: Any, which: ColumnElement[bool], lease: timedelta, **kept: Any) -> Iterator[bool]:
    """Whether this process has claimed the row that ``which`` selects; within the block no other does.

    ``column`` says until when it is claimed; ``kept`` are values written with it. Two that both
    believe to have it must do no harm: a clock may be wrong.
    """

    def claim(until: datetime | None, *free: ColumnElement[bool]) -> bool:
        with db.writing() as session:
            done: Any = session.execute(
                update(column.class_)
                .where(which, *free)
                .values({column.key: until, **kept})
                .execution_options(synchronize_session=False)
            )
            return bool(done.rowcount)

    now = clock.now()
    set_back = column > now + 2 * lease  # the clock was
    if not claim(now + lease, or_(column.is_(None), column < now, set_back)):
        yield False
        return
    try:
        with held(lease, lambda: claim(clock.now() + lease)):
            yield True
    finally:
        claim(None)


def _renew(lease: timedelta, renew: Callable[[], object], over: Event) -> None:
    while not over.wait(lease.total_seconds() / 3):
        try:
            renew()
        except CicloError as error:  # twice more before the lease runs out
            log.warning("a lease was not renewed: %s", error)
