"""Archives on disk: their names, their key, and what is in them.

An archive is a gzipped tar: ``manifest.json`` first, then the database, then the documents' files; with
a key it is encrypted as a whole (age, X25519), so that age itself opens it too. Always holds: a name
tells when it was made and whether by hand.
"""

import gzip
import io
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from core.access import allowed
from core.config import settings
from core.errors import InvalidInput, NotFound
from core.i18n import _

NAME = re.compile(r"ciclo-(\d{8}T\d{6}Z)(-by-hand)?\.tar\.gz(\.age)?")
STAMP = "%Y%m%dT%H%M%SZ"
MANIFEST, DATABASE, DOCUMENTS = "manifest.json", "database", "documents"
ENTRY = re.compile(r"database|documents/[0-9a-f]{64}")
QUICK = 3  # gzip's level: half the size of the text in a tenth of the time of the best
LARGEST_MANIFEST = 100_000_000  # bytes; a hundred for each of a million files


@dataclass(frozen=True)
class Backup:
    """An archive: when it was made, whether by hand, whether encrypted, its bytes."""

    name: str
    path: Path
    at: datetime
    by_hand: bool
    encrypted: bool
    size: int


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: SHA-256 by file, rows by table, the migration it is at."""

    at: str
    engine: str
    migration: str
    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def told(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self), sort_keys=True).encode()


def folder() -> Path:
    """Where archives lie."""
    return settings().backup_dir or settings().home / "backups"


@allowed("operate")
def backups() -> list[Backup]:
    """Those there are, newest first."""
    return listed()


def listed() -> list[Backup]:
    """The same, for who is not asked whether they may."""
    place = folder()
    found = [_of(path) for path in place.iterdir()] if place.is_dir() else []
    return sorted((one for one in found if one), key=lambda one: (one.at, one.name), reverse=True)


def named(name: str) -> Backup:
    """The archive of that name, or at that path; "" is the newest. NotFound with what there is."""
    known = listed()
    if not known and not name:
        raise NotFound(_("There is no backup yet. `ciclo backup now` makes one."))
    if not name:
        return known[0]
    given = Path(name)
    found = next((one for one in known if one.name == name), None)
    if found is None and len(given.parts) > 1 and given.is_file():
        found = _of(given)
    if found is None:
        raise NotFound(
            _("There is no backup “{name}”.").format(name=name),
            hint=_("`ciclo backup list` shows those there are."),
        )
    return found


def name_of(at: datetime, by_hand: bool, encrypted: bool) -> str:
    """What an archive of that moment is called."""
    hand, age = "-by-hand" if by_hand else "", ".age" if encrypted else ""
    return f"ciclo-{at.astimezone(UTC).strftime(STAMP)}{hand}.tar.gz{age}"


def new_key() -> str:
    """A fresh key for CICLO_BACKUP_KEY."""
    from pyrage import x25519

    return str(x25519.Identity.generate())


def key() -> Any:
    """The key that is set, None without one; InvalidInput where it is none."""
    from pyrage import IdentityError, x25519

    said = settings().backup_key.get_secret_value()
    try:
        return x25519.Identity.from_str(said) if said else None
    except IdentityError:
        raise InvalidInput(
            _("CICLO_BACKUP_KEY is no key."),
            hint=_("`ciclo backup key` prints a new one."),
            field="backup_key",
        ) from None


@contextmanager
def opened(backup: Backup) -> Iterator[tarfile.TarFile]:
    """The archive to be read once from its beginning; InvalidInput where it does not open."""
    with (
        backup.path.open("rb") as stored,
        _plain(backup, stored) as plain,
        gzip.GzipFile(fileobj=plain) as whole,
        tarfile.open(fileobj=whole, mode="r|") as archive,
    ):
        yield archive


def manifest_of(archive: tarfile.TarFile) -> Manifest:
    """The first file of an opened archive; damaged() where it is none."""
    first = archive.next()
    told = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
    if told is None or first is None or first.size > LARGEST_MANIFEST:
        raise damaged(_("it does not begin with a manifest"))
    try:
        found = Manifest(**json.load(told))
        names = [*map(ENTRY.fullmatch, found.files)]
    except (ValueError, TypeError, AttributeError) as error:
        raise damaged(_("its manifest cannot be read")) from error
    if not all(names):  # a name might lead out of the folder it is written to
        raise damaged(_("its manifest names files that no backup has"))
    return found


def damaged(why: str) -> InvalidInput:
    """The error for an archive that is not as it was written."""
    return InvalidInput(
        _("The backup is damaged: {why}.").format(why=why),
        hint=_("Take another one; `ciclo backup verify` tells which are whole."),
        code="damaged",
    )


@contextmanager
def _plain(backup: Backup, stored: IO[bytes]) -> Iterator[IO[bytes]]:
    if not backup.encrypted:
        yield stored
        return
    import pyrage

    if (known := key()) is None:
        raise InvalidInput(
            _("The backup is encrypted, and no key is set."),
            hint=_("Set CICLO_BACKUP_KEY to the key it was made with."),
            code="no_key",
        )
    with TemporaryFile(dir=backup.path.parent) as plain:
        try:
            pyrage.decrypt_io(stored, plain, [known])
        except pyrage.DecryptError as error:
            raise InvalidInput(
                _("The key that is set does not open the backup."),
                hint=_("Set CICLO_BACKUP_KEY to the key it was made with."),
                code="wrong_key",
            ) from error
        except OSError as error:
            raise damaged(_("it cannot be decrypted")) from error
        plain.seek(0)
        yield plain


def entry(name: str, size: int) -> tarfile.TarInfo:
    """A file in an archive: nothing of this machine's users or times is told."""
    made = tarfile.TarInfo(name)
    made.size, made.mode = size, 0o600
    return made


def manifest_entry(told: bytes) -> tuple[tarfile.TarInfo, IO[bytes]]:
    """The manifest as the first file."""
    return entry(MANIFEST, len(told)), io.BytesIO(told)


def _of(path: Path) -> Backup | None:
    found = NAME.fullmatch(path.name)
    if found is None:
        return None
    at = datetime.strptime(found[1], STAMP).replace(tzinfo=UTC)
    return Backup(path.name, path, at, bool(found[2]), bool(found[3]), path.stat().st_size)
