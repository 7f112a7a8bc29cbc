"""The index on disk: whole snapshots, published atomically, checked by digest when opened.

``<home>/index/current.json`` names the folder of the newest snapshot, its files' SHA-256 and what
the index says of itself. What always holds: whatever moment a process dies in, current.json
names a complete snapshot or is not there; one process publishes at a time; a file that does not
match its digest is never used. A process works on a private copy (hard links: tantivy never
changes a written file), so readers never see a half-made index. Folders whose process died are
swept away by the next one that looks.
"""

import fcntl
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

log = logging.getLogger("ciclo.index")
CURRENT = "current.json"
_BLOCK = 1 << 20


class Workplace:
    """A private folder for one open index; it goes with ``close()`` or with the process."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root = root
        with _locked(root):
            _sweep(root)
            self.folder = root / f"work-{uuid4().hex}"
            self._held = _hold(self.folder.with_suffix(".lock"))
            self.folder.mkdir()

    def load(self) -> dict[str, Any] | None:
        """Copy the newest snapshot in; what it says of itself, or None if there is no good one."""
        with _locked(self.root):
            try:
                return _copied(self.root, self.folder)
            except FileNotFoundError:
                return None
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                log.warning("the index on disk is damaged and will be rebuilt: %s", error)
                return None

    def empty(self) -> None:
        """Clear the folder."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()

    def publish(self, facts: dict[str, Any], newer: Callable[[dict[str, Any]], bool]) -> bool:
        """Make the folder's files the newest snapshot; False if another process is at it.

        ``newer`` is asked whether the facts of the snapshot that is there make ours needless.
        """
        with _locked(self.root, wait=False) as got:
            if not got or newer(_facts(self.root)):
                return got
            name = f"snapshot-{uuid4().hex}"
            digests = _stored(self.folder, self.root / name)
            _replace(self.root / CURRENT, {"folder": name, "files": digests, "facts": facts})
            _sweep(self.root, keep=name)
            return True

    def close(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.with_suffix(".lock").unlink(missing_ok=True)
        self._held.close()


def _copied(root: Path, folder: Path) -> dict[str, Any]:
    current = json.loads((root / CURRENT).read_text("utf-8"))
    source = root / current["folder"]
    for name, digest in current["files"].items():
        if _digest(source / name) != digest:
            raise ValueError(f"{name} does not match its digest")
        _link(source / name, folder / name)
    return dict(current["facts"])


def _facts(root: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((root / CURRENT).read_text("utf-8"))["facts"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _stored(folder: Path, target: Path) -> dict[str, str]:
    """Link the folder's files into ``target``, durably; their digests."""
    digests = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.endswith(".lock"):
            _link(path, target / name)
            _sync(target / name)
            digests[name] = _digest(target / name)
    for parent in {target, *(path for path in target.rglob("*") if path.is_dir())}:
        _sync(parent)
    return digests


def _replace(path: Path, content: dict[str, Any]) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(content), "utf-8")
    _sync(temporary)
    os.replace(temporary, path)
    _sync(path.parent)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".json":  # tantivy replaces these; a copy is safe on any file system
        shutil.copyfile(source, target)
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _sweep(root: Path, keep: str = "") -> None:
    """Remove workplaces of dead processes and snapshots that are not the current one."""
    for lock in root.glob("work-*.lock"):
        if _is_dead(lock):
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink(missing_ok=True)
    for folder in root.glob("work-*"):
        if folder.is_dir() and not folder.with_suffix(".lock").exists():
            shutil.rmtree(folder, ignore_errors=True)
    keep = keep or _name(root)
    for folder in root.glob("snapshot-*"):
        if folder.name != keep:
            shutil.rmtree(folder, ignore_errors=True)


def _name(root: Path) -> str:
    try:
        return str(json.loads((root / CURRENT).read_text("utf-8"))["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _is_dead(lock: Path) -> bool:
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _hold(path: Path) -> IO[bytes]:
    file = path.open("wb")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


@contextmanager
def _locked(root: Path, *, wait: bool = True) -> Iterator[bool]:
    """One process at a time; gives whether the lock was got (always, when waiting)."""
    with (root / "lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
