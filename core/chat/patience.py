"""How long a model may be silent, and what the asker hears meanwhile.

In: the sounds of one call (thoughts count). Out: status events every second of a long silence
(loading or thinking, with the seconds so far), and the end of the call when it lasts too long:
``CICLO_ANSWER_SILENCE_S`` where the model is loaded, ``CICLO_ANSWER_LOADING_S`` before the first
sound where it must be loaded first, ``CICLO_ANSWER_TOTAL_S`` for the whole answer in any case.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from core import clock, registry
from core.chat.runs import Run
from core.config import settings
from core.errors import ModelFailed
from core.i18n import _

TELL_AFTER = 1.5  # seconds of silence before the asker is told why; less reads as flicker
TELL_EVERY = 1.0
LOOK_PATIENCE = 0.5  # a server that is well says in milliseconds what it has loaded


@dataclass
class Silence:
    """The silence of one call, which has begun at ``begun``. ``loaded``: None until it is known."""

    run: Run
    deadline: float
    loaded: bool | None = True
    begun: float = field(default_factory=clock.seconds)
    heard: float = 0.0
    thinks: bool = False
    told: float = 0.0

    def sound(self, thought: bool) -> None:
        """Something has come: a thought, or a word."""
        self.heard = clock.seconds()
        if thought and not self.thinks:
            self.run.emit("status", "thinking", seconds=self._waited())
        self.thinks = thought

    @property
    def _known(self) -> bool:
        return self.heard > 0

    def left(self) -> float:
        """Seconds of silence that are still allowed."""
        now, known = clock.seconds(), settings()
        silent = now - (self.heard or self.begun)
        loading = not self._known and not self.loaded
        allowed = known.longest_silence if loading else known.answer_silence_s
        return min(allowed - silent, self.deadline - now)

    def over(self) -> ModelFailed:
        """The failure that this silence is."""
        if clock.seconds() >= self.deadline:
            return _too_long(settings().answer_total_s)
        return _silent(clock.seconds() - (self.heard or self.begun))

    async def watch(self, limit: asyncio.Timeout) -> None:
        """Tell the asker, and end the call within ``limit`` when the silence is over."""
        await asyncio.sleep(min(TELL_AFTER, max(0.0, self.left())))
        while (left := self.left()) > 0:
            if self.thinks or not self._known:
                stage = "thinking" if self.loaded or self._known else "loading"
                self.run.emit("status", stage, seconds=self._waited())
            await asyncio.sleep(min(TELL_EVERY, left))
        limit.reschedule(asyncio.get_running_loop().time())

    def _waited(self) -> float:
        return round(clock.seconds() - self.begun, 1)


@asynccontextmanager
async def listening(
    run: Run, route: registry.Route, deadline: float, look: "asyncio.Task[bool | None]"
) -> AsyncIterator[Silence]:
    """Within the block a call of ``route`` is listened to; too long a silence is ModelFailed.

    ``look`` tells whether the model is loaded (see ``loaded``).
    """
    await asyncio.wait({look}, timeout=LOOK_PATIENCE)
    silence = Silence(run, deadline, look.result() if look.done() else True)
    limit = asyncio.timeout(None)
    watcher = asyncio.create_task(silence.watch(limit))
    try:
        async with limit:
            yield silence
    except TimeoutError:
        raise silence.over() from None
    finally:
        watcher.cancel()


async def loaded(route: registry.Route) -> bool | None:
    """Whether the route's model is in memory; None where the server does not tell.

    Look before the call: it makes the server begin to load, and list the model as loaded.
    """
    if route.model.provider != "ollama":
        return not route.version.parameters.get("reasoning")  # hosted models think in silence
    return await asyncio.to_thread(_listed, route.model.name)


def _listed(name: str) -> bool | None:
    from core.llm import ollama

    try:
        return bool({name, f"{name}:latest"} & set(ollama.loaded()))
    except ModelFailed as failure:
        # a server that is silent here is silent there; an old one may not know the question
        return True if failure.code in ("timed_out", "not_reachable") else None


def _silent(seconds: float) -> ModelFailed:
    return ModelFailed(
        _("The model said nothing for {n} seconds.").format(n=round(seconds)),
        code="timed_out",
        hint=_("CICLO_ANSWER_SILENCE_S and CICLO_ANSWER_LOADING_S set how long it may be silent."),
    )


def _too_long(seconds: float) -> ModelFailed:
    return ModelFailed(
        _("The answer was not complete after {n} seconds.").format(n=round(seconds)),
        code="timed_out",
        hint=_("CICLO_ANSWER_TOTAL_S sets how long an answer may take."),
    )
