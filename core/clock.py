"""The time, from one place, so that tests can hold it still. All times are UTC and aware."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter

_source: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731


def now() -> datetime:
    """The present moment, in UTC."""
    return _source()


def seconds() -> float:
    """A counter for measuring durations, in seconds; only differences mean something."""
    return perf_counter()


@contextmanager
def held(at: datetime | Callable[[], datetime]) -> Iterator[None]:
    """Within the block, ``now()`` answers ``at`` (a moment, or a function that gives one)."""
    global _source
    before = _source
    _source = at if callable(at) else lambda: at
    try:
        yield
    finally:
        _source = before
