"""Vectors made anew by another embedder, while those of the one before serve on.

In: the documents of an index, as often as they have changed. Out: the same with vectors by
``embedder``. What always holds: nothing of the index is touched; ``revise`` costs only what has
changed since it was called last, so that the last call, made while nothing changes, is short.
"""

from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from core.retrieval import preparing
from core.retrieval.embedders import Identity
from core.retrieval.preparing import Owned
from core.retrieval.vectors import Vectors

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

BATCH = 64  # documents at a time


class Anew:
    """``owned`` and ``vectors`` are what the index takes over; ``stop`` ends the work early."""

    def __init__(self, embedder: Identity, stop: Event) -> None:
        self.embedder, self.vectors = embedder, opened(embedder)
        self.owned: dict[str, Owned] = {}
        self._sources: dict[str, Owned] = {}
        self._stop = stop

    def revise(self, there: Mapping[str, Owned]) -> None:
        """Bring the vectors to what ``there`` holds now."""
        for key in [key for key in self._sources if key not in there]:
            self._drop(key)
        new = [key for key, owned in there.items() if self._sources.get(key) is not owned]
        for at in range(0, len(new), BATCH):
            if self._stop.is_set():
                return
            self._take({key: there[key] for key in new[at : at + BATCH]})

    def _take(self, documents: Mapping[str, Owned]) -> None:
        found = preparing.vectors_of(list(documents), self.embedder)
        for key, owned in documents.items():
            self._drop(key)
            bare = [number for number in owned.numbers if number not in found]
            self.owned[key], self._sources[key] = owned._replace(bare=bare), owned
        ours = {number for owned in documents.values() for number in owned.numbers}
        put(self.vectors, {n: vector for n, vector in found.items() if n in ours})

    def _drop(self, key: str) -> None:
        if self._sources.pop(key, None):
            self.vectors.remove(self.owned.pop(key).numbers)


def opened(embedder: Identity, path: Path | None = None) -> Vectors:
    """A store for the vectors of ``embedder``: that at ``path``, or an empty one."""
    return Vectors(embedder.dimension, path)


def put(vectors: Vectors, made: "Mapping[int, Array]") -> None:
    """Put vectors in by number."""
    import numpy as np

    if made:
        vectors.add(list(made), np.stack(list(made.values())).astype(np.float32))
