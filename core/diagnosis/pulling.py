"""Fetch an Ollama model, with what a person wants to know meanwhile: bytes, speed, time left.

In: a model's name. Out: ``Pulling`` lines, the last of which has come to its end. Raises ModelFailed
and InvalidInput. What has come stays on the server, whatever ends the pull; the next one goes on
from there.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

from core import registry
from core.access import allowed
from core.diagnosis.inventory import of_ollama
from core.llm import ollama

WINDOW = (
    10.0  # seconds over which the speed is told: long enough to be calm, short enough to be true
)
LEAST = 0.5  # seconds; a speed over less is noise


@dataclass(frozen=True)
class Pulling:
    """A moment of a pull. Bytes; ``speed`` in bytes and ``left`` in seconds, None until measured."""

    name: str
    status: str
    done: int
    total: int
    seconds: float
    speed: float | None = None
    left: float | None = None

    @property
    def share(self) -> float:
        """How much of what is known to come has come, from 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


@allowed("change")
def pull(name: str) -> Iterator[Pulling]:
    """Fetch the model; assistants that follow Ollama use the best one afterwards."""
    yield from measured(of_ollama(name), registry.pull(of_ollama(name)))


def measured(name: str, progress: Iterator[ollama.PullProgress]) -> Iterator[Pulling]:
    """Progress with speed and time left."""
    begun, seen = monotonic(), deque[tuple[float, int]]()
    for one in progress:
        now = monotonic()
        seen.append((now, one.done))
        while now - seen[0][0] > WINDOW:
            seen.popleft()
        speed = _speed(seen)
        left = (one.total - one.done) / speed if speed else None
        yield Pulling(name, one.status, one.done, one.total, now - begun, speed, left)


def _speed(seen: deque[tuple[float, int]]) -> float | None:
    """Bytes a second between the first and the last look; layers that begin do not count back."""
    (since, before), (now, after) = seen[0], seen[-1]
    if now - since < LEAST or after <= before:
        return None
    return (after - before) / (now - since)
