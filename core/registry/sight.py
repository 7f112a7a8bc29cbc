"""What the configured Ollama server was last seen to have.

In: nothing but the settings. Out: ``Sight``, a little old if that spares a page a wait: a server
that answers at once is asked again after seconds, one that keeps us waiting after a minute.
"""

import os
import threading
from dataclasses import dataclass
from math import inf
from time import monotonic
from urllib.parse import urlsplit

from core.config import is_loopback, settings
from core.errors import ModelFailed
from core.llm import ollama
from core.llm.choice import InstalledModel, best_chat_model
from core.llm.thinking import may_think

FRESH_SECONDS = 10.0  # pages list models on every rerun; the server need not hear of each
LONGEST_SECONDS = 60.0  # the background looks that often anyway
PATIENCE = 50.0  # a look that took a second is good for so many times that


@dataclass(frozen=True)
class Sight:
    """What the last look found; ``failure`` when the server could not be asked.

    ``at`` and ``took`` in seconds of a monotonic clock.
    """

    url: str
    at: float
    took: float
    models: tuple[InstalledModel, ...] = ()
    failure: ModelFailed | None = None

    def called(self, name: str) -> InstalledModel | None:
        """The installed model of that name ("llama3.2" is "llama3.2:latest"), or None."""
        fitting = [m for m in self.models if m.name in (name, f"{name}:latest")]
        return min(fitting, key=lambda model: len(model.name), default=None)

    def best(self) -> InstalledModel | None:
        """The model that answers when nobody chose one."""
        return best_chat_model(self.models, memory(self.url))


def look(*, afresh: bool = False) -> Sight:
    """What the server has; ``afresh`` asks it now, unless somebody was just being told."""
    global _last
    begun = monotonic()
    with _looking:
        url = settings().ollama
        after = begun if afresh else -inf
        if _last is None or _last.url != url or _old(_last) or _last.at + _last.took < after:
            _last = _look(url)
        return _last


_last: Sight | None = None
_looking = threading.Lock()


def thinks(provider: str, name: str) -> bool | None:
    """Whether a model thinks before it speaks; None where its server says nothing of it now."""
    if provider != "ollama":
        return may_think(name)
    known = look().called(name)
    return known.thinks if known else None


def _old(sight: Sight) -> bool:
    good_for = min(LONGEST_SECONDS, max(FRESH_SECONDS, sight.took * PATIENCE))
    return monotonic() - sight.at > good_for


def _look(url: str) -> Sight:
    begun = monotonic()
    try:
        models = tuple(ollama.installed(url))
    except ModelFailed as failure:
        return Sight(url, begun, monotonic() - begun, failure=failure)
    return Sight(url, begun, monotonic() - begun, models)


def memory(url: str) -> int | None:
    """Bytes of memory where the server runs; None when it is another machine."""
    if not is_loopback(urlsplit(url).hostname or ""):
        return None
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
