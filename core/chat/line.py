"""The line before a model: as many answers at once as it has places, the others in turn.

In: an answer's run and the route that is to answer. Out: a place at its model for the length of a block,
and until there is one "waiting" events that say how many stand before. Always holds: people come before
comparisons and evaluation runs, and else first come is first served; a place is free again however its
answer ends, and all are when the process does; where there is room nobody waits, not even for a thread.
"""

import asyncio
from bisect import insort
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from core import registry
from core.chat.draft import Work
from core.chat.runs import Run
from core.config import settings
from core.errors import ModelFailed
from core.i18n import _

# Ollama takes so many of one model at once, where memory allows; others have a line of their own
# https://docs.ollama.com/faq (OLLAMA_NUM_PARALLEL)
PLACES = {"ollama": 4}
MOST = 1000  # who comes then is better served by another model
PEOPLE, TRIALS = 0, 1
NEAR = 20  # from here on every step is told; further back each tenth of the way
_numbers = count()


@dataclass(order=True)
class Waiting:
    """Somebody in line; ``turn`` is set when theirs comes, ``told`` is the place they know of.

    ``begun``: the moment of the question in seconds, for some come to the line later than others.
    """

    rank: int
    begun: float
    number: int
    run: Run = field(compare=False)
    turn: "asyncio.Future[None]" = field(compare=False)
    told: int = field(default=0, compare=False)

    def tell(self, place: int) -> None:
        """Say the place where it is worth saying: a long line would else tell a million steps."""
        if place != self.told and (place <= NEAR or abs(place - self.told) > self.told / 10):
            self.told = place
            self.run.emit("status", "waiting", place=place)


class Line:
    """The places at one model and who waits for one; all of it on the loop of the answers."""

    def __init__(self) -> None:
        self.busy = 0
        self.waiting: list[Waiting] = []

    def has_room(self, rank: int, places: int) -> bool:
        """Whether somebody of that rank may take a place now."""
        return not self.waiting and self.busy < _open(rank, places)

    async def wait(self, run: Run, rank: int, places: int, begun: float = 0.0) -> None:
        """Stand in line until there is a place, and take it."""
        if len(self.waiting) >= MOST:
            raise _too_long()
        turn = asyncio.get_running_loop().create_future()
        mine = Waiting(rank, begun, next(_numbers), run, turn)
        insort(self.waiting, mine)
        self._call(places)
        try:
            await mine.turn
        except asyncio.CancelledError:
            if mine in self.waiting:
                self.waiting.remove(mine)
                self._call(places)
            else:  # the place came at the same moment
                self.leave(places)
            raise

    def leave(self, places: int) -> None:
        """Give a place back; the next in line has it."""
        self.busy -= 1
        self._call(places)

    def _call(self, places: int) -> None:
        while self.waiting and self.busy < _open(self.waiting[0].rank, places):
            self.busy += 1
            self.waiting.pop(0).turn.set_result(None)
        for place, one in enumerate(self.waiting, 1):
            one.tell(place)


_lines: defaultdict[str, Line] = defaultdict(Line)


@asynccontextmanager
async def place(work: Work, route: registry.Route) -> AsyncIterator[None]:
    """Within the block the route's model may be asked; ``draft.waited`` tells how long that took.

    ModelFailed (busy) where the line is too long to stand in.
    """
    places = places_of(route)
    if not places:
        yield
        return
    line, rank = _lines[route.name], TRIALS if work.options.alone else PEOPLE
    if line.has_room(rank, places):
        line.busy += 1
    else:
        await _waited(line, work, rank, places)
    try:
        yield
    finally:
        line.leave(places)


async def _waited(line: Line, work: Work, rank: int, places: int) -> None:
    before = work.trace.elapsed()
    try:
        with work.trace.span("wait", "wait"):
            await line.wait(work.run, rank, places, work.trace.begun)
    finally:
        work.draft.waited += work.trace.elapsed() - before


def places_of(route: registry.Route) -> int:
    """How many answers its model gives at once; 0 for as many as are asked for."""
    if route.embedded:
        return 0
    return settings().answers_at_once or PLACES.get(route.model.provider, 0)


def waiting() -> int:
    """How many answers of this process wait in line."""
    return sum(len(line.waiting) for line in list(_lines.values()))


def _open(rank: int, places: int) -> int:
    """The places somebody of that rank may take: one of several stays free for people."""
    return places - 1 if rank == TRIALS and places > 1 else places


def _too_long() -> ModelFailed:
    return ModelFailed(_("More than {n} wait for this model.").format(n=MOST), code="busy")
