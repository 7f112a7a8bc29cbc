"""Which documents answer, and which never do, in a view.

In: a view. Out: documents with how many answers cite each, and those that none cites. Always holds: a
document that was removed is never told as one that should answer; one that came after the period is
not told either.
"""

from dataclasses import dataclass

from sqlalchemy import select

from core import access, db
from core.db.tables import Document
from core.metrics.figures import Figure, breakdown
from core.metrics.views import View


@dataclass(frozen=True)
class Cited:
    """A document that answers cite: ``answers`` of them, with what people said of these."""

    document_id: str
    answers: int
    satisfaction: Figure


@dataclass(frozen=True)
class Silent:
    """A document that no answer of the view cites."""

    document_id: str
    name: str
    assistant_id: str


@access.allowed("metrics")
def cited(view: View) -> list[Cited]:
    """Documents that answers of the view cite, the most cited first."""
    said = {row.key: row.figure for row in breakdown("satisfaction", "document", view)}
    counted = breakdown("answers", "document", view)
    return [Cited(row.key, row.figure.n, said[row.key]) for row in counted]


@access.allowed("metrics")
def silent(view: View) -> list[Silent]:
    """Documents there are that no answer of the view cites, by their names."""
    heard = {row.key for row in breakdown("answers", "document", view)}
    query = (
        select(Document.id, Document.name, Document.assistant_id)
        .where(Document.removed_at.is_(None), Document.version > 0)
        .where(Document.created_at < view.span().until, access.seen(Document.assistant_id))
        .order_by(Document.name, Document.id)
    )
    if view.assistant:
        query = query.where(Document.assistant_id == view.assistant)
    if view.data:
        query = query.where(Document.is_sample.is_(view.data == "sample"))
    with db.session() as session:
        return [Silent(*row) for row in session.execute(query) if row.id not in heard]
