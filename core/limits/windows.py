"""The moving windows in which tries are counted: this process's memory, or a Redis for several servers.

In: a key, how many, in how many seconds. Out: 0.0 where this one fits (it is counted), else the
seconds until the next one does. Always holds: a refused try is not counted; a Redis that does not
answer is the same as none, for a while, and nobody waits for it longer than PATIENCE.
"""

import logging
from collections import deque
from threading import Lock
from typing import Any, Protocol

from core import clock

log = logging.getLogger("ciclo.limits")
MOST = 100_000  # keys in memory, some 200 bytes each and 40 a try
SWEEP = 60.0  # seconds between looks for windows in which nothing is left
PATIENCE = 0.2  # seconds for Redis, which answers in one millisecond or is not there
PAUSE = 30.0  # seconds without Redis after it has failed


class Windows(Protocol):
    """Where tries are counted."""

    def take(self, key: str, amount: int, seconds: int) -> float: ...


class Memory:
    """In this process. The library's own storage starts a thread a try: 0.2 ms, and 8 at worst."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._tries: dict[str, deque[float]] = {}
        self._ends: dict[str, float] = {}
        self._swept = clock.seconds()
        self._guard = Lock()

    def take(self, key: str, amount: int, seconds: int) -> float:
        """Count a try, or how long until one fits."""
        now = clock.seconds()
        with self._guard:
            self._sweep(now)
            tries = self._tries.setdefault(key, deque())
            while tries and tries[0] <= now - seconds:
                tries.popleft()
            if len(tries) >= amount:
                return tries[0] + seconds - now
            tries.append(now)
            self._ends[key] = now + seconds
            return 0.0

    def _sweep(self, now: float) -> None:
        full = len(self._tries) >= self._most
        if not full and now < self._swept + SWEEP:
            return
        self._swept = now
        gone = [key for key, end in self._ends.items() if end <= now]
        if full and not gone:  # more keys than people: the ones that end first
            gone = sorted(self._ends, key=self._ends.__getitem__)[: self._most // 10 or 1]
        for key in gone:
            del self._tries[key], self._ends[key]


class Redis:
    """In the Redis of CICLO_REDIS_URL, shared by every server that names it; in memory while it is away."""

    def __init__(self, url: str) -> None:
        self._server = _opened(url)
        self._memory = Memory()
        self._away_until = 0.0

    def take(self, key: str, amount: int, seconds: int) -> float:
        """Count a try, or how long until one fits."""
        from redis import RedisError

        if clock.seconds() >= self._away_until:
            try:
                return self._taken(key, amount, seconds)
            except RedisError as error:
                self._away_until = clock.seconds() + PAUSE
                log.warning("Redis does not answer; limits count by themselves: %s", type(error))
        return self._memory.take(key, amount, seconds)

    def _taken(self, key: str, amount: int, seconds: int) -> float:
        if self._server.acquire_entry(key, amount, seconds):
            return 0.0
        oldest, _count = self._server.get_moving_window(key, amount, seconds)
        return max(0.001, float(oldest) + seconds - clock.now().timestamp())


def _opened(url: str) -> Any:
    from limits.storage import RedisStorage

    patience: dict[str, Any] = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    named = url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url
    return RedisStorage(named, key_prefix="ciclo:limit", **patience)
