"""The conversations behind a figure, so that a number can be looked into.

In: a measure and a view. Out: conversations, the newest first: those that make the figure bad where
the measure says which, else all it is of. Always holds: what is listed is in the figure.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from core import access, audit, db
from core.db.tables import Conversation
from core.metrics.facts import Frame
from core.metrics.figures import measure
from core.metrics.formulas import Part
from core.metrics.kept import kept
from core.metrics.measures import Measure
from core.metrics.parts import part
from core.metrics.views import View

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 500


@dataclass(frozen=True)
class Behind:
    """A conversation; ``answers`` counts those of it that the figure is about."""

    conversation_id: str
    title: str
    at: datetime
    assistant_id: str
    channel: str
    answers: int
    sample: bool


@dataclass(frozen=True)
class Listed:
    """The newest of them, and how many there are."""

    conversations: list[Behind]
    n: int


@access.allowed("read")
def behind(name: str, view: View, limit: int = 50) -> Listed:
    """At most ``limit`` (up to MOST) conversations behind a measure. Raises InvalidInput."""
    one = measure(name)
    ids, counts = kept(("behind", view, name), lambda: _ids(one, part(view)))
    with db.session() as session:
        found = select(Conversation).where(Conversation.id.in_(ids[: min(limit, MOST)]))
        rows = {row.id: row for row in session.scalars(found)}
    told = [
        Behind(row.id, row.title, row.created_at, row.assistant_id, row.channel, n, row.is_sample)
        for key, n in zip(ids, counts, strict=False)
        if (row := rows.get(key))
    ]
    if not all(one.sample for one in told):
        audit.looked("conversations", view.assistant or "", view.assistant or "")
    return Listed(told, len(counts))


def ids_behind(name: str, view: View, limit: int = MOST) -> list[str]:
    """Their ids alone, the newest first."""
    one = measure(name)
    return kept(("behind", view, name), lambda: _ids(one, part(view)))[0][:limit]


def _ids(one: Measure, of: Part) -> tuple[list[str], list[int]]:
    """Ids of the newest MOST, and how many answers of each there are."""
    import numpy as np

    frame: Frame = getattr(of, one.of)
    rows = frame.rows(one.behind(of)) if one.behind else frame
    codes, last, counts = _newest(rows["conversation"], rows["at"])
    order = np.argsort(-last, kind="stable")
    known = of.names["conversation"] if len(codes) else []
    return [known[code] for code in codes[order][:MOST]], [int(n) for n in counts[order]]


def _newest(
    codes: "NDArray[np.int32]", at: "NDArray[np.float64]"
) -> "tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.int64]]":
    """Each conversation once: its code, its last moment, how many rows it has."""
    import numpy as np

    found, where, counts = np.unique(codes, return_inverse=True, return_counts=True)
    last = np.full(len(found), -np.inf)
    np.fmax.at(last, where, at)
    return found, last, counts
