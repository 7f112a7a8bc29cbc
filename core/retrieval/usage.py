"""How the documents are used: in answers, by citations, and not at all.

In: an assistant. Out: counts a document, each in answers. What always holds: they come from
indexes that hold all they need; an answer is counted once however many passages or marks it has
of a document, also where its conversation has been removed since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Subquery, cast, or_, select
from sqlalchemy import func as sql
from sqlalchemy.orm import InstrumentedAttribute, Session

from core import access, clock, db
from core.db.tables import Citation, Document, Feedback, Passage

Which = Sequence[str] | Select[str] | None  # ids of documents; None: all
ABOUT_SOURCES = ("wrong_fact", "wrong_source", "outdated")  # reasons that blame what was cited


@dataclass(frozen=True)
class Usage:
    """In how many answers a document was.

    ``used``: answers that were given a passage of it. ``cited``: answers that cite it. ``wrong``:
    answers citing it that somebody rated down, for what they say or cite, and has not taken back.
    ``last_used``: when the last of them was given (None: never).
    """

    document_id: str
    used: int
    cited: int
    wrong: int
    last_used: datetime | None


@access.there
def usage(assistant_id: str | None = None) -> dict[str, Usage]:
    """The use of each live document of an assistant (None: of all), by id; also of those unused."""
    query = select(Document.id).where(Document.removed_at.is_(None))
    query = query.where(access.seen(Document.assistant_id))
    if assistant_id is not None:
        query = query.where(Document.assistant_id == assistant_id)
    with db.session() as session:
        return of(session, query)


def of(session: Session, documents: Sequence[str] | Select[str]) -> dict[str, Usage]:
    """The use of the documents of these ids, by id."""
    used, cited, wrong = (count(documents) for count in COUNTS.values())
    query = (
        select(Document.id, used.c.n, cited.c.n, wrong.c.n, used.c.last)
        .outerjoin(used, used.c.document_id == Document.id)
        .outerjoin(cited, cited.c.document_id == Document.id)
        .outerjoin(wrong, wrong.c.document_id == Document.id)
        .where(Document.id.in_(documents))
    )
    rows = session.execute(query).all()
    return {id_: Usage(id_, n or 0, c or 0, w or 0, last) for id_, n, c, w, last in rows}


@access.there
def unused(assistant_id: str | None = None, *, days: int = 30) -> list[Document]:
    """Documents that can be searched and whose passages no answer has had for so many days."""
    recently = select(Passage.document_id).where(
        Passage.document_id == Document.id,
        Passage.created_at >= clock.now() - timedelta(days=days),
    )
    query = (
        select(Document)
        .where(Document.removed_at.is_(None), Document.version > 0, ~recently.exists())
        .where(access.seen(Document.assistant_id))
        .order_by(Document.created_at, Document.id)
    )
    if assistant_id is not None:
        query = query.where(Document.assistant_id == assistant_id)
    with db.session() as session:
        return list(session.scalars(query))


def _used(documents: Which = None) -> Subquery:
    return _counted(Passage, documents, sql.max(Passage.created_at).label("last"))


def _cited(documents: Which = None) -> Subquery:
    return _counted(Citation, documents)


def _counted(table: type[Passage | Citation], documents: Which, *more: Any) -> Subquery:
    """Answers a document; in the order of the index, so that each is counted as it goes by."""
    answers = sql.count(table.message_id.distinct()).label("n")
    among = _among(table.document_id, documents)
    counted = select(table.document_id, answers, *more).where(among)
    return counted.group_by(table.document_id).subquery()


def _wrong(documents: Which = None) -> Subquery:
    answers = sql.count(Citation.message_id.distinct()).label("n")
    counted = _blamed(select(Citation.document_id, answers), documents)
    return counted.group_by(Citation.document_id).subquery()


def blamed() -> Select[str | None]:
    """The ids of documents cited in answers that were called wrong in what they say or cite."""
    return _blamed(select(Citation.document_id).distinct())


def _blamed(query: Any, documents: Which = None) -> Any:
    why = or_(*(cast(Feedback.reasons, String).like(f'%"{one}"%') for one in ABOUT_SOURCES))
    return query.join(Feedback, Feedback.message_id == Citation.message_id).where(
        Feedback.rating == "down",
        Feedback.withdrawn_at.is_(None),
        _among(Citation.document_id, documents),
        why,
    )


def _among(column: InstrumentedAttribute[Any], documents: Which) -> ColumnElement[bool]:
    return column.is_not(None) if documents is None else column.in_(documents)


COUNTS = {"used": _used, "cited": _cited, "wrong": _wrong}
