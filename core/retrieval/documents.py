"""The documents of the assistants: adding, reading, taking back.

In: files as bytes. Out: ``Document`` rows whose state says how far they are (queued, reading,
ready, failed). What always holds: when ``add`` returns, bytes and row survive any crash;
a document's chunks and what the index must do about them change in one transaction; a document
being read carries a lease, so that another process takes over when its reader dies; the file
that is replaced stays searchable until its successor is ready.
"""

import hashlib
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, tuple_, update
from sqlalchemy import func as sql
from sqlalchemy.orm import Session, undefer

from core import clock, db, reading
from core.config import settings
from core.db.tables import Assistant, Chunk, Document, IndexChange
from core.errors import CicloError, Conflict, InvalidInput, NotFound
from core.i18n import _
from core.retrieval import index
from core.text import language_of

LEASE_BEYOND = 30  # seconds beyond what reading may take; then another process may read it as well
UNDO = timedelta(days=1)  # how long a removed document can be brought back
LONGEST_NAME = 300
WAITING = ("queued", "reading")


def add(
    assistant_id: str,
    name: str,
    data: bytes,
    *,
    media_type: str = "",
    is_sample: bool = False,
    now: bool = False,
) -> Document:
    """Take a file in, durably, and return its row in state queued (with ``now``: already read).

    The same name and content again gives the same document; other content under the same name
    takes its place. InvalidInput if it is empty, too large or of a type we cannot read.
    """
    name = clean_name(name)
    kind = _checked(data, name, media_type)
    digest = hashlib.sha256(data).hexdigest()
    _keep(data, digest)
    with db.writing() as session:
        document = _queued(session, assistant_id, name, digest)
        document.media_type, document.size = kind, len(data)
        document.is_sample = is_sample
        _keep(data, digest)  # a purge may have come in between; now it cannot
    if now and document.state != "ready":
        _process(document.id)
        return _finished(document.id)
    return document


def process_waiting(limit: int | None = None) -> int:
    """Read waiting documents one by one, up to ``limit``; how many were read (or failed).

    Also finishes what lies about: purges what was removed for good, brings an open index up to
    date and saves it.
    """
    done = 0
    while limit is None or done < limit:
        document_id = _next_waiting()
        if document_id is None:
            break
        done += _process(document_id)
    purge()
    if index.is_open():
        index.current().catch_up()
        index.current().save()
    return done


def documents(
    assistant_id: str | None = None, *, limit: int = 100, after: str | None = None
) -> list[Document]:
    """Live documents, newest first; ``after`` is the id of the last one of the page before."""
    query = select(Document).where(Document.removed_at.is_(None))
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


def get(document_id: str) -> Document:
    """The document (also a removed one), or NotFound."""
    with db.session() as session:
        return _there(session, document_id)


def text(document_id: str) -> str:
    """The document's text; empty until it has been read."""
    with db.session() as session:
        _there(session, document_id)
        query = select(Document.text).where(Document.id == document_id)
        return session.scalar(query) or ""


def content(document_id: str) -> bytes:
    """The file as it was added."""
    return _path(get(document_id).digest).read_bytes()


def page_of(document: Document | str, offset: int) -> int | None:
    """The page (from 1) of the character at ``offset``; None if the format has no pages."""
    document_id = document if isinstance(document, str) else document.id
    with db.session() as session:
        starts = session.scalar(select(Document.page_starts).where(Document.id == document_id))
    return reading.page_at(starts or [], offset)


def chunk_count(assistant_id: str | None = None) -> int:
    """How many chunks of live documents can be searched."""
    query = select(sql.coalesce(sql.sum(Document.chunks), 0)).where(Document.removed_at.is_(None))
    if assistant_id is not None:
        query = query.where(Document.assistant_id == assistant_id)
    with db.session() as session:
        return int(session.scalar(query) or 0)


def remove(document_id: str) -> Document:
    """Take a document out of every search; ``restore`` brings it back within a day."""
    with db.writing() as session:
        document = _there(session, document_id)
        if document.removed_at is None:
            document.removed_at = clock.now()
            session.add(IndexChange(document_id=document_id, change="remove"))
        return document


def restore(document_id: str) -> Document:
    """Bring a removed document back; Conflict if its name has been taken since."""
    with db.writing() as session:
        document = _there(session, document_id)
        if document.removed_at is None:
            return document
        if _named(session, document.assistant_id, document.name):
            message = _("There is another document named '{name}' now.").format(name=document.name)
            raise Conflict(message, hint=_("Remove that one first."), code="name_taken")
        document.removed_at = None
        session.add(IndexChange(document_id=document_id, change="add"))
        return document


def purge() -> int:
    """Forget documents whose undo has lapsed, and their bytes; how many."""
    lapsed = and_(Document.removed_at.is_not(None), Document.removed_at < clock.now() - UNDO)
    with db.session() as session:
        if session.scalar(select(exists().where(lapsed))) is not True:
            return 0
    with db.writing() as session:
        gone = session.execute(select(Document.id, Document.digest).where(lapsed)).all()
        session.execute(delete(Document).where(lapsed))
        for digest in {row.digest for row in gone}:
            if not session.scalar(select(exists().where(Document.digest == digest))):
                _path(digest).unlink(missing_ok=True)
    return len(gone)


def clean_name(name: str) -> str:
    """A file's name without the ways out of a folder; folders inside it stay ("faq/prices.md")."""
    parts = name.replace("\\", "/").split("/")
    kept = [part.strip() for part in parts if part.strip() not in ("", ".", "..")]
    cleaned = "".join(letter for letter in "/".join(kept) if letter.isprintable())
    if not cleaned or len(cleaned) > LONGEST_NAME:
        message = _("A document's name needs 1 to {n} characters.").format(n=LONGEST_NAME)
        raise InvalidInput(message, field="name", code="bad_name")
    return cleaned


def _checked(data: bytes, name: str, media_type: str) -> str:
    most = settings().max_upload_mb
    if len(data) > most << 20:
        message = _("'{name}' is larger than {most} MB.").format(name=name, most=most)
        hint = _("CICLO_MAX_UPLOAD_MB sets the limit.")
        raise InvalidInput(message, field="file", hint=hint, code="too_large")
    return reading.type_of(data, name, media_type)


def _queued(session: Session, assistant_id: str, name: str, digest: str) -> Document:
    """The row for this name, queued unless it holds this very content already."""
    document = _named(session, assistant_id, name)
    if document is None:
        if session.get(Assistant, assistant_id) is None:
            message = _("There is no assistant '{id}'.").format(id=assistant_id)
            raise NotFound(message)
        document = Document(assistant_id=assistant_id, name=name, digest=digest)
        document.id, document.state = db.new_id(), "queued"
        session.add(document)
    elif document.digest != digest or document.state == "failed":
        document.digest, document.state, document.lease_until = digest, "queued", None
        document.error_code = document.error = ""
    return document


def _named(session: Session, assistant_id: str, name: str) -> Document | None:
    query = select(Document).where(
        Document.assistant_id == assistant_id,
        Document.name == name,
        Document.removed_at.is_(None),
    )
    return session.scalar(query)


def _there(session: Session, document_id: str) -> Document:
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound(_("There is no document '{id}'.").format(id=document_id))
    return document


def _waiting() -> ColumnElement[bool]:
    abandoned = and_(Document.state == "reading", Document.lease_until < clock.now())
    return and_(Document.removed_at.is_(None), or_(Document.state == "queued", abandoned))


def _next_waiting() -> str | None:
    query = select(Document.id).where(_waiting()).order_by(Document.created_at, Document.id)
    with db.session() as session:
        return session.scalar(query.limit(1))


def _claimed(document_id: str) -> Document | None:
    """The document, now ours to read; None if another process was faster."""
    with db.writing() as session:
        taken = session.execute(
            update(Document)
            .where(Document.id == document_id, _waiting())
            .values(state="reading", lease_until=clock.now() + _lease())
        )
        if taken.rowcount == 0:  # type: ignore[attr-defined]
            return None
        return session.get(Document, document_id)


def _lease() -> timedelta:
    return timedelta(seconds=settings().read_seconds + LEASE_BEYOND)


def _finished(document_id: str) -> Document:
    """The document once it is read, by us or by another process that was faster."""
    until = clock.seconds() + _lease().total_seconds()
    while (document := get(document_id)).state in WAITING and clock.seconds() < until:
        sleep(0.05)
    return document


def _process(document_id: str) -> bool:
    """Read one waiting document; whether it was ours to read."""
    document = _claimed(document_id)
    if document is None:
        return False
    try:
        parsed, pieces = _read(document)
    except CicloError as error:
        _finish(document, {"state": "failed", "error_code": error.code, "error": str(error)})
        return True
    facts = {
        "state": "ready",
        "text": parsed.text,
        "page_starts": parsed.page_starts,
        "pages": parsed.pages,
        "chunks": len(pieces),
        "language": language_of(parsed.text),
        "ready_at": clock.now(),
        "error_code": "",
        "error": "",
    }
    _finish(document, facts, pieces)
    return True


def _read(document: Document) -> tuple[reading.Parsed, list[reading.Piece]]:
    path = _path(document.digest)
    if not path.exists():
        message = _("The file of '{name}' is gone from disk.").format(name=document.name)
        raise InvalidInput(message, code="damaged", hint=_("Add it again."))
    return reading.read(path, document.name, document.media_type)


def _finish(
    claimed: Document, facts: dict[str, Any], pieces: Sequence[reading.Piece] | None = None
) -> None:
    """Store what reading gave, unless the document was replaced, removed or finished meanwhile."""
    with db.writing() as session:
        options = [undefer(Document.text), undefer(Document.page_starts)]
        document = session.get(Document, claimed.id, options=options)
        if document is None or document.state != "reading" or document.digest != claimed.digest:
            return
        for name, value in {**facts, "lease_until": None}.items():
            setattr(document, name, value)
        if pieces is not None:
            session.execute(delete(Chunk).where(Chunk.document_id == document.id))
            session.add_all(_rows(document, pieces))
            session.add(IndexChange(document_id=document.id, change="add"))


def _rows(document: Document, pieces: Sequence[reading.Piece]) -> list[Chunk]:
    return [
        Chunk(
            document_id=document.id,
            assistant_id=document.assistant_id,
            position=position,
            text=piece.text,
            heading=piece.heading,
            start=piece.start,
            end=piece.end,
            page=piece.page,
        )
        for position, piece in enumerate(pieces)
    ]


def _path(digest: str) -> Path:
    return settings().home / "documents" / digest


def _keep(data: bytes, digest: str) -> None:
    """Write the bytes under their digest, durably; nothing to do if they are there."""
    path = _path(digest)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{uuid4().hex}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
