"""A circuit breaker: what keeps failing is let alone for a while, then tried once.

In: how each call ended. Out: whether the next one may be made. Always holds: it opens after
``failures`` failed calls within ``window`` seconds; ``rest`` seconds later exactly one call is let
through, and its end decides: success closes it, failure opens it again for as long, and a call that
was given up decides nothing. Safe for threads; it lives in the process and is forgotten with it.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from core import clock
from core.access import there
from core.config import settings

State = Literal["closed", "open", "half_open"]
PROBE_SECONDS = 600.0  # a probe nobody has heard of for so long is given to another


@dataclass(frozen=True)
class Limits:
    """When it opens, and for how long. Times in seconds."""

    failures: int = 5
    window: float = 60.0
    rest: float = 30.0


class Breaker:
    """The breaker of one version. ``seconds`` is the clock it goes by."""

    def __init__(self, limits: Limits, seconds: Callable[[], float] = clock.seconds) -> None:
        self.limits, self._seconds = limits, seconds
        self._failed: deque[float] = deque(maxlen=limits.failures)
        self._opened: float | None = None
        self._probe: Call | None = None
        self._lock = Lock()

    @property
    def state(self) -> State:
        """closed: calls go through; open: none does; half_open: one may try, or does."""
        if self._opened is None:
            return "closed"
        return "half_open" if self.rests_for() == 0 else "open"

    @property
    def failures(self) -> int:
        """Failed calls within the window."""
        since = self._seconds() - self.limits.window
        return sum(at >= since for at in list(self._failed))

    def rests_for(self) -> float:
        """Seconds until a call is let through again; 0 when one may be, or nothing is wrong."""
        opened = self._opened
        if opened is None:
            return 0.0
        return max(0.0, opened + self.limits.rest - self._seconds())

    def allows(self) -> bool:
        """Whether ``enter`` would let a call through now; changes nothing."""
        return self.state == "closed" or (self.state == "half_open" and not self._probing())

    def enter(self) -> "Call | None":
        """A call that may be made now, or None. Say how it ended."""
        with self._lock:
            if not self.allows():
                return None
            call = Call(self, self._seconds())
            if self._opened is not None:
                self._probe = call
            return call

    def _probing(self) -> bool:
        probe = self._probe
        return probe is not None and self._seconds() - probe.begun < PROBE_SECONDS

    def _end(self, call: "Call", well: bool | None) -> None:
        with self._lock:
            if call is self._probe:
                self._probe = None
                if well:
                    self._opened = None
                    self._failed.clear()
                elif well is False:
                    self._opened = self._seconds()
            elif well is False and self._opened is None:
                self._fail()

    def _fail(self) -> None:
        self._failed.append(self._seconds())
        if self.failures >= self.limits.failures:
            self._opened = self._seconds()


@dataclass(eq=False)
class Call:
    """One call that a breaker let through; end it with exactly one of the three."""

    breaker: Breaker
    begun: float

    def succeeded(self) -> None:
        """It worked."""
        self.breaker._end(self, True)

    def failed(self) -> None:
        """It did not."""
        self.breaker._end(self, False)

    def left(self) -> None:
        """It was given up before it could be told."""
        self.breaker._end(self, None)


@dataclass(frozen=True)
class BreakerState:
    """How the breaker of a version stands. ``rests_for`` in seconds."""

    version_id: str
    state: State
    failures: int
    rests_for: float


_breakers: dict[str, Breaker] = {}
_making = Lock()


@there
def breaker(version_id: str) -> Breaker:
    """The breaker of a version, made when new."""
    with _making:
        if version_id not in _breakers:
            known = settings()
            limits = Limits(known.breaker_failures, known.breaker_window_s, known.breaker_rest_s)
            _breakers[version_id] = Breaker(limits)
        return _breakers[version_id]


def breakers() -> list[BreakerState]:
    """The breakers that have anything to tell: those that are not closed, or saw failures."""
    with _making:
        known = list(_breakers.items())
    told = [BreakerState(id_, b.state, b.failures, b.rests_for()) for id_, b in known]
    return [one for one in told if one.state != "closed" or one.failures]
