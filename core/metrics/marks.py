"""What happened on the time axis: documents that changed, other versions, another model in charge.

In: a view. Out: marks, oldest first, those of one hour and kind told as one. Always holds: a mark names
what people can look up (a document, a version of an assistant), and nothing anybody asked.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access, db
from core.db.tables import Assistant, Document, DocumentVersion, Version
from core.i18n import N_, ngettext
from core.metrics.views import View

MARKS = {
    "document": N_("document changed"),
    "version": N_("another model, prompt or search"),
    "removed": N_("document removed"),
}
MOST = 200


@dataclass(frozen=True)
class Mark:
    """``n`` things of a ``kind`` at a time; ``name`` is the first one's, ``key`` its id."""

    at: datetime
    kind: str
    name: str
    key: str
    n: int = 1

    @property
    def text(self) -> str:
        """In a few words of the reader's language."""
        more = self.n - 1
        if not more:
            return self.name
        return ngettext("{name} and {n} more", "{name} and {n} more", more).format(
            name=self.name, n=more
        )


@access.allowed("metrics")
def marks(view: View) -> list[Mark]:
    """The last MOST marks of a view's period and assistant."""
    with db.session() as session:
        found = [*_documents(session, view), *_versions(session, view)]
    by_hour: dict[tuple[str, datetime], list[Mark]] = defaultdict(list)
    for mark in sorted(found, key=lambda mark: (mark.at, mark.name)):
        hour = mark.at.replace(minute=0, second=0, microsecond=0)
        by_hour[mark.kind, hour].append(mark)
    told = [
        Mark(group[0].at, group[0].kind, group[0].name, group[0].key, len(group))
        for group in by_hour.values()
    ]
    return sorted(told, key=lambda mark: mark.at)[-MOST:]


def _documents(session: Session, view: View) -> Iterator[Mark]:
    """Contents that began to serve, and documents that were taken away."""
    span = view.span()
    served = (
        select(DocumentVersion.ready_at, Document.name, Document.id)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(DocumentVersion.ready_at >= span.since, DocumentVersion.ready_at < span.until)
    )
    gone = select(Document.removed_at, Document.name, Document.id).where(
        Document.removed_at >= span.since, Document.removed_at < span.until
    )
    for kind, query in (("document", served), ("removed", gone)):
        query = query.where(access.seen(Document.assistant_id))
        if view.assistant:
            query = query.where(Document.assistant_id == view.assistant)
        for at, name, key in session.execute(query.limit(10 * MOST)):
            if at is not None:
                yield Mark(at, kind, name, key)


def _versions(session: Session, view: View) -> Iterator[Mark]:
    span = view.span()
    query = (
        select(Version.created_at, Assistant.name, Version.number, Version.id)
        .join(Assistant, Assistant.id == Version.assistant_id)
        .where(Version.created_at >= span.since, Version.created_at < span.until)
    )
    query = query.where(access.seen(Version.assistant_id))
    if view.assistant:
        query = query.where(Version.assistant_id == view.assistant)
    for at, name, number, key in session.execute(query.limit(10 * MOST)):
        yield Mark(at, "version", f"{name} v{number}", key)
