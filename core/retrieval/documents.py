"""The documents of the assistants: taking files in.

In: files as bytes. Out: ``Document`` rows whose state says how far they are (queued, reading,
ready, failed). What always holds: when ``add`` returns, bytes and row survive any crash; one name
is one document of an assistant, and other content under it is its next version; what serves goes
on serving until its successor is ready.
"""

from pathlib import Path
from typing import Literal, NamedTuple

from sqlalchemy.orm import Session

from core import audit, clock, db, limits, reading
from core.access import allowed, there
from core.config import settings
from core.db.tables import Assistant, Document, DocumentVersion
from core.errors import InvalidInput, NotFound
from core.i18n import _
from core.retrieval import files, waiting
from core.retrieval.failures import failure
from core.retrieval.listing import get, living, named

LONGEST_NAME = 300
What = Literal["added", "already_here", "read_again", "new_version"]


class Content(NamedTuple):
    """What a file holds: its digest, its size in bytes, its media type."""

    digest: str
    size: int
    media_type: str


class Original(NamedTuple):
    """A file as it was added: its name without folders, its media type, where it lies."""

    name: str
    media_type: str
    path: Path


class Taken(NamedTuple):
    """What became of a file: its document, and whether that is new ("added"), has had this very
    content ("already_here"), had it and failed, and is tried anew ("read_again"), or had another
    one, which serves until this one is read ("new_version")."""

    document: Document
    what: What


@allowed("change")
def add(
    assistant_id: str,
    name: str,
    data: bytes,
    *,
    media_type: str = "",
    is_sample: bool = False,
    now: bool = False,
) -> Document:
    """``take`` for those who need no more than the document."""
    return take(
        assistant_id, name, data, media_type=media_type, is_sample=is_sample, now=now
    ).document


@allowed("change")
def take(
    assistant_id: str,
    name: str,
    data: bytes,
    *,
    media_type: str = "",
    is_sample: bool = False,
    now: bool = False,
) -> Taken:
    """Take a file in, durably; its row is then in state queued (with ``now``: already read).

    The same name and content again gives the same document; other content under the same name
    becomes its next version. InvalidInput if it is empty, too large or of a type we cannot read,
    TooMany where who acts adds too many.
    """
    limits.demand("upload")
    name = clean_name(name)
    content = Content(files.digest_of(data), len(data), _checked(data, name, media_type))
    files.keep(data, content.digest)

    def taken(session: Session) -> Taken:
        document, what = _taken(session, assistant_id, name, content)
        document.is_sample = is_sample
        files.keep(data, content.digest)  # a sweep may have come in between; now it cannot
        return Taken(document, what)

    document, what = db.settled(taken)
    return Taken(waiting.read_now(document.id) if now else document, what)


@allowed("change")
def take_file(assistant_id: str, name: str, path: Path, *, now: bool = False) -> Taken:
    """``take`` what lies at ``path``; OSError if it cannot be read. Too large is not even opened."""
    _check_size(path.stat().st_size, name)
    with path.open("rb") as file:  # some files hold more than they say
        data = file.read((settings().max_upload_mb << 20) + 1)
    return take(assistant_id, name, data, now=now)


@there
def content(document_id: str) -> bytes:
    """The newest file as it was added."""
    return files.path(get(document_id).digest).read_bytes()


@allowed("ask")
def original(document_id: str) -> Original:
    """The newest file as it was added, personal data included; NotFound where it is gone."""
    with db.session() as session:
        document = living(session, document_id)
    if document.personal or document.state != "ready":  # else none was found in it
        audit.looked("document", document.id, document.assistant_id)
    path = files.path(document.digest)
    if not path.is_file():
        gone = failure("file_gone", document.name)
        raise NotFound(gone.message, hint=gone.hint, code=gone.code)
    return Original(document.name.rpartition("/")[2], document.media_type, path)


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
    _check_size(len(data), name)
    return reading.type_of(data, name, media_type)


def _check_size(size: int, name: str) -> None:
    most = settings().max_upload_mb
    if size > most << 20:
        message = _("'{name}' is larger than {most} MB.").format(name=name, most=most)
        hint = _("CICLO_MAX_UPLOAD_MB sets the limit.")
        raise InvalidInput(message, field="file", hint=hint, code="too_large")


def _taken(session: Session, assistant_id: str, name: str, content: Content) -> Taken:
    """The row for this name, queued unless it holds this very content already."""
    document = named(session, assistant_id, name)
    if document is None:
        return Taken(_begun(session, assistant_id, name, content), "added")
    newest = _version(session, document, document.newest)
    if newest.digest == content.digest:
        if newest.state != "failed":
            return Taken(document, "already_here")
        _put_in_line(document, newest, content)
        return Taken(document, "read_again")
    if _version(session, document, document.version or document.newest).digest == content.digest:
        _give_up(session, document, newest)
        return Taken(document, "already_here")
    successor = _successor(session, document, newest)
    _put_in_line(document, successor, content)
    return Taken(document, "new_version" if successor.number > 1 else "added")


def _begun(session: Session, assistant_id: str, name: str, content: Content) -> Document:
    if session.get(Assistant, assistant_id) is None:
        raise NotFound(_("There is no assistant '{id}'.").format(id=assistant_id))
    document = Document(id=db.new_id(), assistant_id=assistant_id, name=name, newest=1)
    version = DocumentVersion(document_id=document.id, number=1)
    _put_in_line(document, version, content)
    session.add(document)
    session.flush()
    session.add(version)
    return document


def _successor(session: Session, document: Document, newest: DocumentVersion) -> DocumentVersion:
    """The version for new content: the next one, or the newest itself if it has never served."""
    if newest.number == document.version:
        document.newest += 1
        newest = DocumentVersion(document_id=document.id, number=document.newest)
        session.add(newest)
    newest.created_at = clock.now()
    return newest


def _give_up(session: Session, document: Document, newest: DocumentVersion) -> None:
    """What serves has been added again: its successor, which has never served, is not wanted."""
    serving = _version(session, document, document.version)
    session.delete(newest)
    document.newest = serving.number
    content = Content(serving.digest, serving.size, serving.media_type)
    _put_in_line(document, serving, content, state=serving.state)


def _put_in_line(
    document: Document, version: DocumentVersion, content: Content, state: str = "queued"
) -> None:
    version.state = document.state = "queued" if state == "failed" else state
    for row in (version, document):
        row.digest, row.size, row.media_type = content
    document.error_code = document.error = ""
    document.lease_until, document.attempts = None, 0


def _version(session: Session, document: Document, number: int) -> DocumentVersion:
    return session.get_one(DocumentVersion, (document.id, number))
