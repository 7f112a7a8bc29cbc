"""The documents' files on disk, each once, named by the SHA-256 of its content.

In: bytes. Out: a digest that stands for them. What always holds: when ``keep`` returns, the bytes
survive any crash; a file is swept away only when no document needs it any more: neither as its
newest version nor as the one that serves.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from core import clock, db
from core.config import settings
from core.db import room
from core.db.tables import Document, DocumentVersion
from core.errors import Unavailable
from core.i18n import _

HALF_WRITTEN = 3600.0  # seconds after which a file that nobody has finished is nobody's


def digest_of(data: bytes) -> str:
    """The name of the content."""
    return hashlib.sha256(data).hexdigest()


def path(digest: str) -> Path:
    """Where the content lies, if it is kept."""
    return settings().home / "documents" / digest


def keep(data: bytes, digest: str) -> None:
    """Write the bytes under their digest, durably; nothing to do if they are there.

    Unavailable where the disk does not take them; nothing half written stays behind.
    """
    target = path(digest)
    if target.exists():
        return
    room.demand()
    temporary = target.with_name(f".{uuid4().hex}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(temporary, target, data)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise Unavailable(
            _("The file cannot be kept: {reason}.").format(reason=error.strerror or error),
            hint=_("Make room on the disk of {path}.").format(path=settings().home),
            code="disk_failed",
        ) from error


def _write(temporary: Path, target: Path, data: bytes) -> None:
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, target)
    _sync(target.parent)


def sweep() -> int:
    """Delete the files that no document needs, and what a killed process has half written."""
    folder = settings().home / "documents"
    if not folder.is_dir():
        return 0
    with db.writing() as session:  # nobody adds meanwhile: ``add`` looks again inside its own
        needed = select(DocumentVersion.digest).join(
            Document,
            (Document.id == DocumentVersion.document_id)
            & (DocumentVersion.number >= Document.version),
        )
        kept = set(session.scalars(needed))
        gone = [file for file in folder.iterdir() if file.name not in kept and _is_over(file)]
        for file in gone:
            file.unlink(missing_ok=True)
    return len(gone)


def _is_over(file: Path) -> bool:
    """Whether nobody is writing it just now; only unfinished files have a dot before their name."""
    return (
        not file.name.startswith(".")
        or file.stat().st_mtime < clock.now().timestamp() - HALF_WRITTEN
    )


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
