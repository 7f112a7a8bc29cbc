"""Keeping what this process has claimed, however long the work on it takes.

In: the claim's renewal, and how long one lasts. Out: a block within which it does not run out.
Always holds: it is renewed three times as often as it would have to be, from a thread of its own,
so that work which never looks up loses nothing; a process that dies renews nothing.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

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


def _renew(lease: timedelta, renew: Callable[[], object], over: Event) -> None:
    while not over.wait(lease.total_seconds() / 3):
        try:
            renew()
        except CicloError as error:  # twice more before the lease runs out
            log.warning("a lease was not renewed: %s", error)
