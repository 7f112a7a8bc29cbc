"""Going back to a backup: first all of it beside what is there, then a change of names.

Always holds: until everything lies on the disk, whole, nothing is touched; from then on a note in the
home says what is to be renamed, and whoever starts next finishes that; what was there before lies in a
folder of its own and is never deleted. A running server is in the way: it has the old files open.
"""

import atexit
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Any

from core import audit, clock, db
from core.access import allowed
from core.backup import archives, databases
from core.backup.archives import DATABASE, DOCUMENTS, STAMP, Backup
from core.backup.verifying import Verified, checked
from core.config import settings
from core.db import migrate
from core.errors import Conflict
from core.i18n import _

NOTE, LOCK = "restore.json", ".in-use"
OTHERS = 0o077  # what others may not: anything
NEW = ("ciclo.db", DOCUMENTS)  # what comes from the backup
OLD = (
    *NEW,
    "ciclo.db-wal",
    "ciclo.db-shm",
    "index",
    "metrics",
)  # what goes aside; caches are remade
PATIENCE, LOOK_EVERY = 60.0, 0.2  # seconds that a start waits for a restore of another process
_held: dict[Path, IO[str]] = {}


def occupy() -> None:
    """Hold the home as long as this process lives: nothing is restored under it, and what is made in it
    from here on is its owner's alone. A restore that was killed is ended first. Conflict where one is
    under way and does not end."""
    os.umask(OTHERS)
    home = settings().home
    if home in _held:
        return
    release()
    atexit.register(release)
    home.mkdir(parents=True, exist_ok=True)
    lock = (home / LOCK).open("w")
    if _locked(lock, fcntl.LOCK_EX):
        finish()
    until = clock.seconds() + PATIENCE
    while not _locked(lock, fcntl.LOCK_SH):
        if clock.seconds() > until:
            lock.close()
            raise Conflict(_("A backup is being restored in {home}.").format(home=home))
        time.sleep(LOOK_EVERY)
    _held[home] = lock


def release() -> None:
    """Let go of what is held (another home in a test; a restore by the same process)."""
    while _held:
        _held.popitem()[1].close()


@allowed("operate")
def restorable(name: str = "") -> Backup:
    """The archive (the newest) that ``restore`` would take; NotFound where there is none, Conflict where
    Ciclo is running on this home."""
    found = archives.named(name)
    with alone():
        pass
    occupy()
    return found


@allowed("operate")
def restore(name: str = "") -> tuple[Verified, Path]:
    """Put back what an archive (the newest) holds; and where that lies which was there before.

    Conflict where Ciclo is running on this home, or the backup does not fit it; InvalidInput, and
    nothing is touched, where the archive is damaged.
    """
    found = archives.named(name)
    home = settings().home
    home.mkdir(parents=True, exist_ok=True)
    with alone():
        finish()
        staged = Path(mkdtemp(prefix=".restoring-", dir=home))
        try:
            whole = checked(found, staged, staged)
            _fits(whole)
            before = _begun(staged, whole)
        except BaseException:
            shutil.rmtree(staged, ignore_errors=True)
            raise
        finish()
    return whole, before


@allowed("operate")
def settled(whole: Verified) -> None:
    """Bring the database that came back up to this code; a line in its log says that it was put back."""
    migrate.upgrade()
    facts = {"made_at": whole.backup.at.isoformat(), "rows": whole.rows}
    audit.did("put_back", "backup", whole.backup.name, after=facts)


def finish() -> None:
    """End a restore whose note is there; sweep up one that was killed before it. Repeating is safe."""
    home = settings().home
    note = home / NOTE
    if note.is_file():
        told = json.loads(note.read_text())
        if not told["aside"]:
            _move(OLD, home, home / told["old"])
            _note(told | {"aside": True})
        _move(NEW, home / told["new"], home)
        note.unlink()
        sync(home)
    for left in home.glob(".restoring-*"):
        shutil.rmtree(left, ignore_errors=True)


def _begun(staged: Path, whole: Verified) -> Path:
    """Everything on the disk, and the note: from here on it will be done."""
    home = settings().home
    stamp = clock.now().strftime(STAMP)
    before = Path(mkdtemp(prefix=f"before-restore-{stamp}-", dir=home))
    (staged / DOCUMENTS).mkdir(exist_ok=True)
    if whole.manifest.engine == "sqlite":
        (staged / DATABASE).rename(staged / "ciclo.db")
    else:  # it is of no use without its files, so these come first; and it cannot be put aside
        shutil.copytree(staged / DOCUMENTS, home / DOCUMENTS, dirs_exist_ok=True)
        databases.copy(before / DATABASE)
        databases.fill(staged / DATABASE)
        (staged / DATABASE).unlink()
    for path in [*staged.rglob("*"), staged]:
        sync(path)
    db.close()
    _note({"new": staged.name, "old": before.name, "aside": False})
    return before


def _fits(whole: Verified) -> None:
    engine, theirs = db.engine().dialect.name, whole.manifest.engine
    if engine != theirs:
        raise Conflict(
            _("The backup is of {theirs}, the database here is {ours}.").format(
                theirs=theirs, ours=engine
            ),
            hint=_("CICLO_DATABASE_URL says which database it is."),
        )
    if settings().database_url and engine == "sqlite":
        raise Conflict(
            _("CICLO_DATABASE_URL names a file outside CICLO_HOME."),
            hint=_("Restore with CICLO_DATABASE_URL unset, then move ciclo.db where you want it."),
        )
    if whole.manifest.migration > migrate.head():
        raise Conflict(
            _("The backup is of a newer Ciclo."), hint=_("Restore it with that one."), code="newer"
        )


def _locked(lock: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def alone() -> Iterator[None]:
    """The home for this process alone until the end of the block; Conflict where another one has it."""
    release()
    with (settings().home / LOCK).open("w") as lock:
        if not _locked(lock, fcntl.LOCK_EX):
            raise Conflict(
                _("Ciclo is running on {home}.").format(home=settings().home),
                hint=_("Stop it, then try again."),
                code="running",
            )
        yield


def _move(names: tuple[str, ...], source: Path, target: Path) -> None:
    for name in names:
        if (source / name).exists() and not (target / name).exists():
            os.rename(source / name, target / name)
    sync(source)
    sync(target)


def _note(told: dict[str, Any]) -> None:
    home = settings().home
    fresh = home / f".{NOTE}"
    fresh.write_text(json.dumps(told))
    sync(fresh)
    os.replace(fresh, home / NOTE)
    sync(home)


def sync(path: Path) -> None:
    """On the disk, whatever happens: a file's content, or a folder's names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
