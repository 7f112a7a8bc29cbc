"""What a search may see: an assistant's documents that hold on a day, or some of them.

In: an assistant, a day, ids of documents. Out: a ``Scope``, which the index applies before it
looks for anything, so that what is out of sight neither ranks nor counts. What always holds: it
is decided from the database at each search, and costs nothing where no document has dates.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, or_, select

from core import clock, db
from core.access import there
from core.db.tables import Chunk, Document, DocumentVersion
from core.errors import InvalidInput
from core.i18n import _


@dataclass(frozen=True)
class Scope:
    """An assistant's documents but for the ``hidden`` ones; with ``only``, of these alone."""

    assistant_id: str
    only: frozenset[str] | None = None
    hidden: frozenset[str] = frozenset()

    def sees(self, document_id: str) -> bool:
        """Whether a document of the assistant is in sight."""
        return document_id not in self.hidden and (self.only is None or document_id in self.only)


def today() -> date:
    """The day it is where this machine stands."""
    return clock.now().astimezone().date()


_HIDDEN = select(Document.id).where(
    Document.assistant_id == bindparam("assistant"),
    or_(Document.valid_from.is_not(None), Document.valid_to.is_not(None)),
    or_(Document.valid_from > bindparam("day"), Document.valid_to < bindparam("day")),
)


_DATED = (
    select(Document.id)
    .where(
        Document.assistant_id == bindparam("assistant"),
        or_(Document.valid_from.is_not(None), Document.valid_to.is_not(None)),
        Document.removed_at.is_(None),
    )
    .limit(1)
)


def of(assistant_id: str, at: date, documents: Collection[str] | None = None) -> Scope:
    """What the assistant's documents say on the day ``at``; with ``documents``, those of them."""
    hidden = frozenset(id_ for (id_,) in db.rows(_HIDDEN, assistant=assistant_id, day=at))
    return Scope(assistant_id, None if documents is None else frozenset(documents), hidden)


@there
def has_dates(assistant_id: str) -> bool:
    """Whether any of the assistant's documents holds only for a time."""
    return bool(db.rows(_DATED, assistant=assistant_id))


def freshness(numbers: Iterable[int], half_life_days: float, at: date) -> dict[int, float]:
    """What is left of each chunk's score: half after so many days since what it says was new.

    That is the day from which its document holds, else the one on which this version was added.
    """
    if half_life_days <= 0:
        message = _("A half-life is more than 0 days, not {value}.").format(value=half_life_days)
        raise InvalidInput(message, field="half_life_days")
    query = (
        select(Chunk.number, Document.valid_from, DocumentVersion.created_at)
        .join(Document, Document.id == Chunk.document_id)
        .join(
            DocumentVersion,
            (DocumentVersion.document_id == Document.id)
            & (DocumentVersion.number == Document.version),
        )
        .where(Chunk.number.in_(list(numbers)))
    )
    with db.session() as session:
        rows = session.execute(query).all()
    ages = {n: (at - (since or added.astimezone().date())).days for n, since, added in rows}
    return {n: 0.5 ** (max(age, 0) / half_life_days) for n, age in ages.items()}
