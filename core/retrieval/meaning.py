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
    """What is known of an embedder from asking it."""

    def __init__(self) -> None:
        self.failures, self.until = 0, 0.0
        self.looked_at: float | None = None

    def failed(self) -> None:
        pause = min(PAUSE_SECONDS * 2**self.failures, LONGEST_PAUSE)
        self.failures, self.until = self.failures + 1, clock.seconds() + pause

    def well(self) -> None:
        self.failures, self.until = 0, 0.0


_health: dict[str, _Health] = {}
_vectors: "OrderedDict[tuple[str, str], Array]" = OrderedDict()
_changing = Lock()


def of(question: str, embedder: Identity) -> Meaning:
    """What ``question`` means to ``embedder``."""
    if embedder.is_embedded:
        return Meaning(embedder, embedding.vector(question))
    if (kept := _kept((embedder.id, question))) is not None:
        return Meaning(embedder, kept)
    health = _health.setdefault(embedder.id, _Health())
    if clock.seconds() < health.until:
        return _words_alone(embedder, _("it has just failed, and is asked again soon."))
    try:
        return Meaning(embedder, _asked(question, embedder, health))
    except ModelFailed as error:
        health.failed()
        return _words_alone(embedder, error.message)


def recovered(embedder_id: str) -> None:
    """It has just embedded something: the next question may be put to it at once."""
    if embedder_id in _health:
        _health[embedder_id].well()


def forget() -> None:
    """Know nothing of any embedder (another home in a test)."""
    _health.clear()
    _vectors.clear()


def _asked(question: str, embedder: Identity, health: _Health) -> "Array":
    now = clock.seconds()
    if health.looked_at is None or now - health.looked_at > LOOK_AGAIN:
        if embedders.digest(embedder, QUERY_SECONDS) != embedder.digest:
            raise ModelFailed(_("Model '{model}' has changed.").format(model=embedder.name))
        health.looked_at = now
    vector = embedders.query(embedder, question, QUERY_SECONDS)
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
