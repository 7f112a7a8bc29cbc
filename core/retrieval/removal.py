"""Taking documents away: at once out of search, for a day undone by a word, then for good.

In: ids. Out: the rows. What always holds: a bulk verb changes all of them or none; a removed
document is out of every search and count; its rows and files go when its undo has lapsed.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import and_, delete, exists, select
from sqlalchemy.orm import Session

from core import clock, db
from core.access import allowed
from core.db.tables import Document, IndexChange
from core.errors import Conflict
from core.i18n import _
from core.retrieval import files
from core.retrieval.embedders import cache
from core.retrieval.listing import named, there

UNDO = timedelta(days=1)  # how long a removed document can be brought back


@allowed("change")
def remove(document_id: str) -> Document:
    """Take a document out of every search; ``restore`` brings it back within a day."""
    return remove_many([document_id])[0]


@allowed("change")
def remove_many(document_ids: Iterable[str]) -> list[Document]:
    """Remove all of them, or none where one is not there (NotFound); twice is harmless."""
    with db.writing() as session:
        found = [there(session, id_) for id_ in dict.fromkeys(document_ids)]
        for document in found:
            if document.removed_at is None:
                document.removed_at = clock.now()
                session.add(IndexChange(document_id=document.id, change="remove"))
    return found


@allowed("change")
def restore(document_id: str) -> Document:
    """Bring a removed document back; Conflict if its name has been taken since."""
    return restore_many([document_id])[0]


@allowed("change")
def restore_many(document_ids: Iterable[str]) -> list[Document]:
    """Bring all of them back, or none where one cannot be (NotFound, Conflict)."""
    with db.writing() as session:
        found = [there(session, id_) for id_ in dict.fromkeys(document_ids)]
        back = [document for document in found if document.removed_at is not None]
        _check_names(session, back)
        for document in back:
            document.removed_at = None
            session.add(IndexChange(document_id=document.id, change="add"))
    return found


def purge() -> int:
    """Forget documents whose undo has lapsed, and the files and vectors nobody needs; how many
    documents."""
    gone = forget_lapsed()
    files.sweep()
    cache.sweep()
    return gone


def forget_lapsed() -> int:
    """Forget documents whose undo has lapsed; how many. Their files go with the next purge."""
    lapsed = and_(Document.removed_at.is_not(None), Document.removed_at < clock.now() - UNDO)
    with db.session() as session:
        if not session.scalar(select(exists().where(lapsed))):
            return 0
    with db.writing() as session:
        gone = session.execute(delete(Document).where(lapsed))
        return gone.rowcount  # type: ignore[attr-defined]


def _check_names(session: Session, back: Iterable[Document]) -> None:
    """Conflict where a name has been taken since, or two would come back under one.

    All are looked at before the first is changed: each look after a change would write it first.
    """
    taken: set[tuple[str, str]] = set()
    for document in back:
        name = (document.assistant_id, document.name)
        if name in taken or named(session, *name):
            message = _("There is another document named '{name}' now.")
            hint = _("Remove that one first.")
            raise Conflict(message.format(name=document.name), hint=hint, code="name_taken")
        taken.add(name)
