"""Whether an archive is whole: every byte by its hash, the database by its own check and its counts."""

import hashlib
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from core.access import allowed
from core.backup import archives, databases
from core.backup.archives import DATABASE, MANIFEST, Backup, Manifest, damaged
from core.i18n import _

PIECE = 1 << 20


@dataclass(frozen=True)
class Verified:
    """A whole archive: what it holds."""

    backup: Backup
    manifest: Manifest

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(self.manifest.rows.values())

    @property
    def documents(self) -> int:
        """How many documents' files."""
        return len(self.manifest.files) - 1


@allowed("operate")
def verify(name: str = "") -> Verified:
    """Read an archive (the newest) to its end; InvalidInput (code damaged) where it is not as written.

    NotFound for a name there is not.
    """
    found = archives.named(name)
    with TemporaryDirectory(prefix=".verifying-", dir=archives.folder()) as scratch:
        return checked(found, Path(scratch))


def checked(backup: Backup, scratch: Path, keep: Path | None = None) -> Verified:
    """The same of an archive at hand; its files are written to ``keep`` where that is given."""
    database = (keep or scratch) / (DATABASE if keep else "verified")
    try:
        with archives.opened(backup) as archive:
            manifest = archives.manifest_of(archive)
            _check_files(archive, manifest, database, keep)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        if isinstance(error, OSError) and error.errno:  # the disk's fault, not the archive's
            raise
        raise damaged(_("it ends or breaks in the middle")) from error
    _check_database(manifest, database)
    return Verified(backup, manifest)


def _check_files(
    archive: tarfile.TarFile, manifest: Manifest, database: Path, keep: Path | None
) -> None:
    wanted = dict(manifest.files)
    for member in archive:
        if member.name == MANIFEST:  # read before
            continue
        stored, digest = archive.extractfile(member), wanted.pop(member.name, None)
        if stored is None or digest is None:
            raise damaged(_("it holds “{name}”, which nobody put there").format(name=member.name))
        target = database if member.name == DATABASE else keep and keep / member.name
        if _poured(stored, target) != digest:
            raise damaged(_("“{name}” is not as it was").format(name=member.name))
    if wanted:
        raise damaged(_("“{name}” is missing").format(name=next(iter(wanted))))


def _poured(stored: IO[bytes], target: Path | None) -> str:
    """The SHA-256 of what is read, written to ``target`` on the way."""
    found = hashlib.sha256()
    if target is None:
        while piece := stored.read(PIECE):
            found.update(piece)
        return found.hexdigest()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        while piece := stored.read(PIECE):
            found.update(piece)
            file.write(piece)
    return found.hexdigest()


def _check_database(manifest: Manifest, database: Path) -> None:
    if manifest.engine != "sqlite":
        return
    try:
        counted = databases.rows(database)
    except ValueError as error:
        raise damaged(_("its database is broken: {why}").format(why=error)) from error
    for table, n in manifest.rows.items():
        if counted.get(table) != n:
            raise damaged(_("its table {table} has other rows").format(table=table))
