"""How much the words weigh against the vectors, for an assistant and who makes its vectors.

In: what was measured on approved pairs (``core.retrieval.weighing``). Out: a share from 0 to 1.
What always holds: what a version's settings say wins; then what was measured on at least LEAST
pairs; then the default of the embedder. Only a weight that does better is taken instead of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import clock, db
from core.access import there
from core.db.tables import FusionWeight
from core.retrieval.embedders import Identity, choice

LEAST = 30  # pairs; below, a difference of a weight is chance
GRID = tuple(n / 20 for n in range(21))  # 0 (vectors alone) to 1 (words alone); finer is noise


KEPT_SECONDS = 10.0  # a weight is kept between searches, which have no time to look it up
_kept: dict[tuple[str, str], tuple[float, float]] = {}


@dataclass(frozen=True)
class Weight:
    """``lexical`` is the words' share. ``source``: settings | measured | default.

    ``pairs`` is how many were measured on (0: none), ``mrr`` the mean reciprocal rank of the right
    passage that this weight reached on them, ``mrr_default`` what the embedder's own did.
    """

    lexical: float
    source: str
    embedder: str
    pairs: int = 0
    mrr: float | None = None
    mrr_default: float | None = None
    measured_at: datetime | None = None


def chosen(mrr: Mapping[float, float], default: float, pairs: int) -> float:
    """The weight with the best ``mrr`` of those measured; the nearest to ``default`` of equals.

    ``default`` where there are fewer than LEAST pairs; it must be among those measured.
    """
    if pairs < LEAST:
        return default
    best = max(mrr.values())
    return min((one for one in mrr if mrr[one] == best), key=lambda one: (abs(one - default), one))


def share(assistant_id: str, embedder: Identity, settings: Mapping[str, Any]) -> float:
    """The words' share in a search of this assistant; a new measure is taken up in KEPT_SECONDS."""
    if "lexical" in settings:
        return float(settings["lexical"])
    key, now = (assistant_id, embedder.key), clock.seconds()
    if key not in _kept or _kept[key][0] < now:
        found = _measured(*key)
        used = found.lexical if found else embedder.lexical_share
        _kept[key] = now + KEPT_SECONDS, used
    return _kept[key][1]


def forget() -> None:
    """Look the weights up anew: they have been measured."""
    _kept.clear()


@there
def weight(assistant_id: str, settings: Mapping[str, Any] | None = None) -> Weight:
    """The weight that holds, and where it came from; ``settings`` are those of a version."""
    embedder = choice.serving()
    if "lexical" in (settings or {}):
        return Weight(float((settings or {})["lexical"]), "settings", embedder.key)
    row = _measured(assistant_id, embedder.key)
    if row is None:
        return Weight(embedder.lexical_share, "default", embedder.key)
    source = "default" if row.lexical == embedder.lexical_share else "measured"
    facts = (row.pairs, row.mrr, row.mrr_default, row.measured_at)
    return Weight(row.lexical, source, embedder.key, *facts)


def _measured(assistant_id: str, embedder: str) -> FusionWeight | None:
    with db.session() as session:
        return session.get(FusionWeight, (assistant_id, embedder))
