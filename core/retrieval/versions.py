"""What a document said and says: its versions, their texts, and what differs between two.

In: a document and the numbers of versions. Out: rows, texts, line differences. What always holds:
the text of every version that has served is kept as long as the document; a passage's offsets
count in the text of the version it names.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from core import access, db, reading
from core.db.tables import Document, DocumentVersion
from core.errors import NotFound
from core.i18n import _
from core.retrieval import difference
from core.retrieval.listing import there


@access.there
def versions(document_id: str) -> list[DocumentVersion]:
    """Every version of the document, newest first (without their texts)."""
    query = (
        select(DocumentVersion)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.number.desc())
    )
    with db.session() as session:
        there(session, document_id)
        return list(session.scalars(query))


@access.allowed("ask")
def text(document_id: str, version: int | None = None) -> str:
    """What the document says, or said in an earlier version; empty until it has been read.

    NotFound where there is no version of that number.
    """
    return _of(document_id, version, DocumentVersion.text) or ""


def page_of(document: Document | str, offset: int, version: int | None = None) -> int | None:
    """The page (from 1) of the character at ``offset``; None if the format has no pages."""
    document_id = document if isinstance(document, str) else document.id
    starts = _of(document_id, version, DocumentVersion.page_starts)
    return reading.page_at(starts or [], offset)


@access.allowed("ask")
def diff(document_id: str, a: int | None = None, b: int | None = None) -> difference.Difference:
    """What changed from version ``a`` to ``b``; left out, from the one before to what serves.

    NotFound where there is no such version, or it has not been read.
    """
    with db.session() as session:
        serving = there(session, document_id).version
    b = serving if b is None else b
    a = max(b - 1, 1) if a is None else a
    return difference.between(_read(document_id, a), _read(document_id, b), (a, b))


def _read(document_id: str, number: int) -> str:
    found = text(document_id, number)
    if not found:
        raise _missing(number)
    return found


def _of(document_id: str, number: int | None, column: InstrumentedAttribute[Any]) -> Any:
    """A column of the version of that number (NotFound), or of the one that serves (None)."""
    with db.session() as session:
        wanted = there(session, document_id).version if number is None else number
        query = select(column).where(
            DocumentVersion.document_id == document_id, DocumentVersion.number == wanted
        )
        row = session.execute(query).one_or_none()
    if row is None and number is not None:
        raise _missing(number)
    return row[0] if row else None


def _missing(number: int) -> NotFound:
    message = _("There is no text of version {n}.").format(n=number)
    return NotFound(message, hint=_("`ciclo documents versions` lists those there are."))
