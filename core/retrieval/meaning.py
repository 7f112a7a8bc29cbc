"""The vector of a question, or the sentence why there is none.

In: a question and the embedder of the index that is searched. Out: ``Meaning``. What always holds:
a search waits QUERY_SECONDS at most for an outside embedder, and not at all for a while after it
has failed; then it goes on by words alone and says so. A model that has changed under its name is
not asked: its vectors cannot be compared with those there are.
"""

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from core import clock
from core.errors import ModelFailed
from core.i18n import _
from core.retrieval import embedders, embedding
from core.retrieval.embedders import Identity

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

QUERY_SECONDS = 3.0  # a loaded model takes some 50 ms; one that must be loaded is not waited for
PAUSE_SECONDS = 15.0  # after a failure; doubled with each further one
LONGEST_PAUSE = 300.0
LOOK_AGAIN = 60.0  # seconds after which the model's digest is asked for again
KEPT = 512  # questions whose vectors are kept


class Meaning(NamedTuple):
    """``vector`` is None where there is none; then ``why`` says so in the reader's language."""

    embedder: Identity
    vector: "Array | None"
    why: str = ""


class _Health:
    """What is known of an embedder from asking it; ``nursed``: how many failures it has been asked
    again after."""

    def __init__(self, embedder: Identity) -> None:
        self.embedder, self.failures, self.until, self.nursed = embedder, 0, 0.0, 0
        self.looked_at: float | None = None

    def failed(self) -> None:
        pause = min(PAUSE_SECONDS * 2**self.failures, LONGEST_PAUSE)
        self.failures, self.until = self.failures + 1, clock.seconds() + pause

    def well(self) -> None:
        self.failures, self.until, self.nursed = 0, 0.0, 0


_health: dict[str, _Health] = {}
_vectors: "OrderedDict[tuple[str, str], Array]" = OrderedDict()
_changing = Lock()


def of(question: str, embedder: Identity) -> Meaning:
    """What ``question`` means to ``embedder``."""
    if embedder.is_embedded:
        return Meaning(embedder, embedding.vector(question))
    if (kept := _kept((embedder.id, question))) is not None:
        return Meaning(embedder, kept)
    health = _health.setdefault(embedder.id, _Health(embedder))
    if clock.seconds() < health.until:
        return _words_alone(embedder, _("it has just failed, and is asked again soon."))
    try:
        return Meaning(embedder, _asked(question, health, QUERY_SECONDS))
    except ModelFailed as error:
        health.failed()
        return _words_alone(embedder, error.message)


def nurse() -> None:
    """Ask those that failed again, with the patience that a search cannot have.

    A model that had to be loaded is then there for the next question; who fails again is left
    alone until its pause is over.
    """
    for health in list(_health.values()):
        waits = clock.seconds() < health.until
        if not health.failures or (waits and health.nursed == health.failures):
            continue
        try:
            _asked(embedders.PROBES[0], health, embedders.FIRST_SECONDS)
        except ModelFailed:
            health.failed()
            health.nursed = health.failures


def forget() -> None:
    """Know nothing of any embedder (another home in a test)."""
    _health.clear()
    _vectors.clear()


def _asked(question: str, health: _Health, seconds: float) -> "Array":
    now, embedder = clock.seconds(), health.embedder
    if health.looked_at is None or now - health.looked_at > LOOK_AGAIN:
        if embedders.digest(embedder, seconds) != embedder.digest:
            raise ModelFailed(_("Model '{model}' has changed.").format(model=embedder.name))
        health.looked_at = now
    vector = embedders.query(embedder, question, seconds)
    health.well()
    with _changing:
        _vectors[embedder.id, question] = vector
        if len(_vectors) > KEPT:
            _vectors.popitem(last=False)
    return vector


def _kept(key: tuple[str, str]) -> "Array | None":
    with _changing:
        if key in _vectors:
            _vectors.move_to_end(key)
        return _vectors.get(key)


def _words_alone(embedder: Identity, why: str) -> Meaning:
    words = _("Searched by words alone, without {embedder}: {why}")
    return Meaning(embedder, None, words.format(embedder=embedder.key, why=why))
