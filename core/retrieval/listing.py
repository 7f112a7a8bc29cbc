"""Which documents there are.

In: an assistant, an id, a name. Out: ``Document`` rows and counts. What always holds: lists and
names know only live documents; by its id a removed one is found as long as it can come back.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy import func as sql
from sqlalchemy.orm import Session

from core import access, db
from core.db.tables import Document
from core.errors import NotFound
from core.i18n import _

AT_ONCE = 5_000  # ids asked for in one query, well under what a database takes


@access.there
def documents(
    assistant_id: str | None = None, *, limit: int = 100, after: str | None = None
) -> list[Document]:
    """Live documents, newest first; ``after`` is the id of the last one of the page before."""
    query = select(Document).where(Document.removed_at.is_(None), _seen())
    if assistant_id is not None:
        query = query.where(Document.assistant_id == assistant_id)
    if after is not None:
        last = get(after)
        query = query.where(
            tuple_(Document.created_at, Document.id) < tuple_(last.created_at, last.id)
        )
    query = query.order_by(Document.created_at.desc(), Document.id.desc()).limit(limit)
    with db.session() as session:
        return list(session.scalars(query))


@access.there
def get(document_id: str) -> Document:
    """The document (also a removed one), or NotFound."""
    with db.session() as session:
        return there(session, document_id)


def several(document_ids: Sequence[str]) -> list[Document]:
    """The documents of these ids in this order (also removed ones); unknown ids are left out.

    So are those that are not there for who acts."""
    found: dict[str, Document] = {}
    with db.session() as session:
        for some in _parts(dict.fromkeys(document_ids)):
            rows = session.scalars(select(Document).where(Document.id.in_(some), _seen()))
            found |= {row.id: row for row in rows}
    return [found[id_] for id_ in dict.fromkeys(document_ids) if id_ in found]


def there(session: Session, document_id: str) -> Document:
    """The document within a session, or NotFound."""
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound(_("There is no document '{id}'.").format(id=document_id))
    return document


def living(session: Session, document_id: str) -> Document:
    """The live document within a session, or NotFound."""
    document = there(session, document_id)
    if document.removed_at is not None:
        raise NotFound(
            _("The document '{name}' was removed.").format(name=document.name),
            hint=_("Within a day it can be restored."),
        )
    return document


@access.there
def chunk_count(assistant_id: str | None = None) -> int:
    """How many chunks of live documents can be searched."""
    query = select(sql.coalesce(sql.sum(Document.chunks), 0))
    query = query.where(Document.removed_at.is_(None), _seen())
    if assistant_id is not None:
        query = query.where(Document.assistant_id == assistant_id)
    with db.session() as session:
        return int(session.scalar(query) or 0)


def named(session: Session, assistant_id: str, name: str) -> Document | None:
    """The assistant's live document of this name."""
    query = select(Document).where(
        Document.assistant_id == assistant_id,
        Document.name == name,
        Document.removed_at.is_(None),
    )
    return session.scalar(query)


def _seen() -> ColumnElement[bool]:
    return access.seen(Document.assistant_id)


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while some := list(islice(rest, AT_ONCE)):
        yield some
