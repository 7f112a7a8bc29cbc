"""How the documents are used: in answers, by citations, and not at all.

In: an assistant. Out: counts a document. What always holds: one query over indexes that hold all
it needs, so that a hundred thousand passages are counted while a page is drawn; what is counted
are passages handed to answers, also to those of conversations that have been removed since.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, or_, select
from sqlalchemy import func as sql

from core import clock, db
from core.db.tables import Citation, Document, Feedback, Passage

ABOUT_SOURCES = ("wrong_fact", "wrong_source", "outdated")  # reasons that blame what was cited


@dataclass(frozen=True)
class Usage:
    """A document's passages handed to answers, marks that cite it, answers citing it that somebody
    called wrong in what they say or cite; when it was last used (None: never)."""

    document_id: str
    used: int
    cited: int
    wrong: int
    last_used: datetime | None


def usage(assistant_id: str | None = None) -> dict[str, Usage]:
    """The use of each live document of an assistant (None: of all), by id; also of those unused."""
    used, cited, wrong = _used(), _cited(), _wrong()
    query = (
        select(Document.id, used.c.n, cited.c.n, wrong.c.n, used.c.last)
        .outerjoin(used, used.c.document_id == Document.id)
        .outerjoin(cited, cited.c.document_id == Document.id)
        .outerjoin(wrong, wrong.c.document_id == Document.id)
        .where(Document.removed_at.is_(None))
    )
    if assistant_id is not None:
        query = query.where(Document.assistant_id == assistant_id)
    with db.session() as session:
        rows = session.execute(query).all()
    return {id_: Usage(id_, n or 0, c or 0, w or 0, last) for id_, n, c, w, last in rows}


def unused(assistant_id: str | None = None, *, days: int = 30) -> list[Document]:
    """Documents that can be searched and whose passages no answer has had for so many days."""
    recently = select(Passage.document_id).where(
        Passage.document_id == Document.id,
        Passage.created_at >= clock.now() - timedelta(days=days),
    )
    query = (
        select(Document)
        .where(Document.removed_at.is_(None), Document.version > 0, ~recently.exists())
        .order_by(Document.created_at, Document.id)
    )
    if assistant_id is not None:
        query = query.where(Document.assistant_id == assistant_id)
    with db.session() as session:
        return list(session.scalars(query))


def _used() -> Any:
    last = sql.max(Passage.created_at).label("last")
    counted = select(Passage.document_id, sql.count().label("n"), last)
    return _by_document(counted, Passage.document_id)


def _cited() -> Any:
    counted = select(Citation.document_id, sql.count().label("n"))
    return _by_document(counted, Citation.document_id)


def _wrong() -> Any:
    blamed = or_(*(cast(Feedback.reasons, String).like(f'%"{one}"%') for one in ABOUT_SOURCES))
    answers = sql.count(Citation.message_id.distinct()).label("n")
    counted = (
        select(Citation.document_id, answers)
        .join(Feedback, Feedback.message_id == Citation.message_id)
        .where(Feedback.rating == "down", Feedback.withdrawn_at.is_(None), blamed)
    )
    return _by_document(counted, Citation.document_id)


def _by_document(query: Any, column: Any) -> Any:
    return query.where(column.is_not(None)).group_by(column).subquery()
