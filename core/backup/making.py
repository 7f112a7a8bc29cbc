"""Making a backup: now, by hand, or when one is due.

Always holds: the archive gets its name only when it was written to disk and read back whole; one
process makes one at a time; nobody waits for it.
"""

import fcntl
import hashlib
import logging
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from core import audit, clock, db
from core.access import allowed
from core.backup import archives, databases, keeping
from core.backup.archives import DATABASE, DOCUMENTS, Backup, Manifest
from core.backup.verifying import checked
from core.config import settings
from core.db import migrate, room
from core.errors import CicloError, Conflict, Unavailable
from core.i18n import _, number

log = logging.getLogger("ciclo.backup")
OURS = 0o600  # everything that anybody asked is in it
TRIES = 3  # a document's file may be swept away between the database's copy and its own
PASSES = 3  # copied, packed, encrypted, unpacked to be read back; packing halves what is text
RETRY = timedelta(hours=1)  # after a failure
_failed: list["Failure"] = []


@dataclass(frozen=True)
class Failure:
    """When a backup should have been made by itself, and why there is none."""

    at: datetime
    why: str


def last_failure() -> Failure | None:
    """The last one's, in this process, unless one was made since."""
    return _failed[0] if _failed else None


@allowed("operate")
def make() -> Backup:
    """Make a backup now; it stays until somebody deletes it. Conflict where one is being made."""
    with _alone() as alone:
        if not alone:
            raise Conflict(_("A backup is being made at this moment."), hint=_("Wait for its end."))
        made = _made(by_hand=True)
        audit.did("create", "backup", made.name, after={"encrypted": made.encrypted})
        return made


def keep_backed_up() -> Backup | None:
    """The loop's turn: make one where it is due, and let those go that are beyond what is kept."""
    if not _due():
        return None
    with _alone() as alone:
        if not alone or not _due():
            return None
        try:
            made = _made(by_hand=False)
        except (CicloError, OSError) as error:
            _failed[:] = [Failure(clock.now(), str(error))]
            raise
        _failed.clear()
        _let_go()
        log.info("backed up", extra={"backup": made.name, "bytes": made.size})
        return made


def _due() -> bool:
    hours = settings().backup_hours
    if not hours or (_failed and clock.now() - _failed[0].at < RETRY):
        return False
    last = next((one.at for one in archives.listed() if not one.by_hand), None)
    if last is None:
        return True
    return clock.now() - last >= timedelta(hours=hours) and changed_since(last)


def changed_since(moment: datetime) -> bool:
    """Whether anything was written; of a server's database nobody can tell, so yes."""
    if settings().database_url:
        return True
    files = [settings().home / name for name in ("ciclo.db", "ciclo.db-wal")]
    newest = max((file.stat().st_mtime for file in files if file.is_file()), default=0.0)
    return newest > moment.timestamp() + 1  # a name tells the second


def _let_go() -> None:
    known = [one for one in archives.listed() if not one.by_hand]
    told = settings()
    stay = keeping.kept(
        (one.at for one in known), told.backup_daily, told.backup_weekly, told.backup_monthly
    )
    for one in known:
        if one.at not in stay:
            one.path.unlink(missing_ok=True)


def _made(by_hand: bool) -> Backup:
    at, secret, place = clock.now(), archives.key(), archives.folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        _demand_room(place)
        with TemporaryDirectory(prefix=".making-", dir=place) as scratch:
            written = _written(Path(scratch), *_copied(Path(scratch), at))
            written = _encrypted(written, secret) if secret else written
            name = archives.name_of(at, by_hand, secret is not None)
            size = written.stat().st_size
            found = Backup(name, written, at, by_hand, secret is not None, size)
            checked(found, Path(scratch))
            _settle(written, place / name)
    except OSError as error:
        raise Unavailable(
            _("The backup cannot be written: {reason}.").format(reason=error.strerror or error),
            hint=_("Make room on the disk of {path}.").format(path=place),
            code="disk_failed",
        ) from error
    return replace(found, path=place / name)


def _demand_room(place: Path) -> None:
    """Unavailable (code disk_full) before the copy would leave too little for everybody else."""
    wanted = PASSES * (db.size() + room.taken(_documents())) + room.LEAST
    left = shutil.disk_usage(place).free
    if left < wanted:
        raise Unavailable(
            _("A backup takes up to {wanted} MB while it is made, and {left} MB are left.").format(
                wanted=number(wanted / 1e6), left=number(left / 1e6)
            ),
            hint=_("Make room on the disk of {path}.").format(path=place),
            code="disk_full",
        )


def _copied(scratch: Path, at: datetime) -> tuple[Path, Manifest]:
    """The database copied, and what shall be in the archive."""
    for left in reversed(range(TRIES)):
        copied = scratch / DATABASE
        copied.unlink(missing_ok=True)
        counted = databases.copy(copied)
        needed = sorted(_needed(copied))
        missing = [digest for digest in needed if not (_documents() / digest).is_file()]
        if not missing or not left:
            break
    for digest in missing:  # its document cannot be read again, but everything else can
        log.warning("a document's file is missing", extra={"digest": digest})
    files = {DATABASE: digest_of(copied)}
    files |= {f"{DOCUMENTS}/{one}": one for one in needed if one not in missing}
    engine = db.engine().dialect.name
    return copied, Manifest(at.isoformat(), engine, migrate.current(), counted, files)


def _needed(copied: Path) -> set[str]:
    if db.engine().dialect.name == "sqlite":
        return databases.digests(copied)
    folder = _documents()
    return (
        {one.name for one in folder.iterdir() if one.name[:1] != "."} if folder.is_dir() else set()
    )


def _written(scratch: Path, copied: Path, manifest: Manifest) -> Path:
    target = scratch / "archive"
    with target.open("wb") as file:
        os.fchmod(file.fileno(), OURS)
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=archives.QUICK) as archive:
            archive.addfile(*archives.manifest_entry(manifest.told()))
            for name in manifest.files:
                source = copied if name == DATABASE else _documents() / Path(name).name
                with source.open("rb") as stored:
                    size = os.fstat(stored.fileno()).st_size
                    archive.addfile(archives.entry(name, size), stored)
        file.flush()
        os.fsync(file.fileno())
    return target


def _encrypted(written: Path, secret: object) -> Path:
    import pyrage

    target = written.with_name("archive.age")
    with written.open("rb") as plain, target.open("wb") as file:
        os.fchmod(file.fileno(), OURS)
        pyrage.encrypt_io(plain, file, [secret.to_public()])  # type: ignore[attr-defined]
        file.flush()
        os.fsync(file.fileno())
    written.unlink()
    return target


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle(written: Path, target: Path) -> None:
    os.replace(written, target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _documents() -> Path:
    return settings().home / "documents"


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this process may make one; the lock goes with the process, however it ends."""
    place = archives.folder()
    place.mkdir(parents=True, exist_ok=True)
    with (place / ".making").open("w") as lock:
        yield _locked(lock)


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
