"""The line of documents that wait to be read, and reading them.

In: documents with a queued version. Out: their text, masked, and the chunks that search finds.
What always holds: a document being read carries a lease, so that another process takes over when
its reader dies; a version's text, its chunks and what the index must do about them change in one
transaction; until then, and where reading fails, what has served before serves on. The first
reader to end wins; one whose document was replaced, removed or masked anew meanwhile leaves
nothing behind.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from time import sleep
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from core import clock, db, reading
from core.config import settings
from core.db.tables import Chunk, Document, DocumentVersion, IndexChange
from core.errors import CicloError
from core.retrieval import files, index, leases, masking
from core.retrieval.failures import PATIENCE, failure
from core.retrieval.listing import get
from core.retrieval.removal import forget_lapsed
from core.text import language_of

LEASE = timedelta(seconds=60)  # after the death of its reader another may read the document
WAITING = ("queued", "reading")


class Claim(NamedTuple):
    """A document as it was when we took it to read, and which of its versions that is."""

    document: Document
    version: DocumentVersion


class Made(NamedTuple):
    """What reading gave; ``personal`` counts what was found of each kind, ``seconds`` it took."""

    parsed: reading.Parsed
    pieces: list[reading.Piece]
    personal: dict[str, int]
    seconds: float


def process_waiting(limit: int | None = None) -> int:
    """Read waiting documents one by one, up to ``limit``; how many were read (or failed).

    Also finishes what lies about: forgets what was removed for good, brings an open index up to
    date and saves it.
    """
    done = 0
    while limit is None or done < limit:
        document_id = _next()
        if document_id is None:
            break
        done += process(document_id)
    forget_lapsed()
    if index.is_open():
        index.current().catch_up()
        index.current().save()
    return done


def process(document_id: str) -> bool:
    """Read one queued version of the document; False if there was none for us to read."""
    claim = _claimed(document_id)
    if claim is None:
        return False
    with _holding(document_id):
        masking.mask_older(claim.document)
        _finish(claim, _end(claim))
    return True


def _end(claim: Claim) -> Made | CicloError:
    """What reading gives, or why it fails."""
    try:
        if claim.document.attempts > PATIENCE:
            raise failure("never_ended", claim.document.name)
        return _read(claim)
    except CicloError as error:
        return error


def _holding(document_id: str) -> AbstractContextManager[None]:
    """Within the block, however long it takes, the lease does not run out."""
    ours = Document.id == document_id, Document.state == "reading"

    def renew() -> None:
        with db.writing() as session:
            later = clock.now() + LEASE
            session.execute(update(Document).where(*ours).values(lease_until=later))

    return leases.held(LEASE, renew)


def read_now(document_id: str) -> Document:
    """The document once it is read, by us or by another process that was faster."""
    until = clock.seconds() + settings().read_seconds + LEASE.total_seconds()
    while (document := get(document_id)).state in WAITING and clock.seconds() < until:
        if not process(document_id):
            sleep(0.05)
    return document


def _waits() -> ColumnElement[bool]:
    abandoned = and_(Document.state == "reading", Document.lease_until < clock.now())
    return and_(Document.removed_at.is_(None), or_(Document.state == "queued", abandoned))


def _next() -> str | None:
    query = select(Document.id).where(_waits()).order_by(Document.created_at, Document.id)
    with db.session() as session:
        return session.scalar(query.limit(1))


def _claimed(document_id: str) -> Claim | None:
    """The document, now ours to read; None if another process was faster."""
    now = clock.now()
    ours = {"state": "reading", "reading_since": now, "lease_until": now + LEASE}
    with db.writing() as session:
        taken = session.execute(
            update(Document)
            .where(Document.id == document_id, _waits())
            .values(**ours, attempts=Document.attempts + 1)
        )
        if taken.rowcount == 0:  # type: ignore[attr-defined]
            return None
        document = session.get_one(Document, document_id)
        return Claim(document, session.scalars(_queued(document_id)).one())


def _queued(document_id: str) -> Select[DocumentVersion]:
    """The version of the document to read first: the one that serves before its successor."""
    waiting = DocumentVersion.document_id == document_id, DocumentVersion.state == "queued"
    return select(DocumentVersion).where(*waiting).order_by(DocumentVersion.number).limit(1)


def _read(claim: Claim) -> Made:
    document, version = claim
    path = files.path(version.digest)
    if not path.exists():
        raise failure("file_gone", document.name)
    began = clock.seconds()
    parsed, pieces = reading.read(path, document.name, version.media_type)
    parsed, pieces, personal = masking.covered(parsed, pieces, document.masks)
    return Made(parsed, pieces, personal, clock.seconds() - began)


def _finish(claim: Claim, end: Made | CicloError) -> None:
    """Store how the reading ended, if it is still wanted."""
    with db.writing() as session:
        document = session.get(Document, claim.document.id)
        key = (claim.document.id, claim.version.number)
        version = session.get(DocumentVersion, key)
        if document is None or version is None or not _is_wanted(claim, document, version):
            return
        if isinstance(end, Made):
            _serve(session, document, version, end)
        else:
            version.state = "failed"
            document.error_code, document.error = end.code, str(end)
        session.flush()
        more = session.scalars(_queued(document.id)).first()
        newest = session.get_one(DocumentVersion, (document.id, document.newest))
        document.state = "queued" if more else newest.state
        document.lease_until = document.reading_since = None
        document.attempts = 0


def _is_wanted(claim: Claim, document: Document, version: DocumentVersion) -> bool:
    same = (version.digest, document.masks) == (claim.version.digest, claim.document.masks)
    return same and document.state == "reading" and version.state == "queued"


def _serve(session: Session, document: Document, version: DocumentVersion, made: Made) -> None:
    """From now on this version is the one that search finds."""
    text = made.parsed.text
    version.text, version.page_starts = text, made.parsed.page_starts
    version.state, version.seconds = "ready", made.seconds
    version.masks, version.ready_at = document.masks, version.ready_at or clock.now()
    document.version, document.ready_at = version.number, version.ready_at
    document.error_code = document.error = ""
    for row in (version, document):
        row.pages, row.chunks, row.personal = made.parsed.pages, len(made.pieces), made.personal
        row.language = language_of(text)
    session.execute(delete(Chunk).where(Chunk.document_id == document.id))
    session.add_all(_rows(document, made.pieces))
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
