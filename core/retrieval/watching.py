"""Files and folders whose documents follow them: what is added, changed or removed there.

In: paths. Out: what happened to which document. What always holds: a file is taken when it has
stopped changing, and followed by its name within its folder; hidden and temporary files are
passed over; a file that cannot be read is told once, until it changes; only a document that was
taken here is removed here, and it comes back when its file does.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import NamedTuple

from core import clock
from core.db.tables import Document
from core.errors import CicloError, Conflict, InvalidInput, NotFound, Unavailable
from core.i18n import _
from core.retrieval import removal
from core.retrieval.documents import What, take_file

EVERY = 2.0  # seconds between two looks
SETTLED = 2.0  # seconds without a change after which a file counts as written to its end
_PASSING = re.compile(
    r"\.|~|#.*#$|.*(?:~|\.(?:tmp|temp|part|partial|crdownload|download|sw[a-z]|lock))$"
    r"|thumbs\.db$|desktop\.ini$",
    re.IGNORECASE,
)  # what systems, editors and browsers leave beside files: ".x", "~$x.docx", "x~", "x.part"


class Mark(NamedTuple):
    """By what a file that has changed is told, without reading it."""

    changed_ns: int
    size: int


@dataclass(frozen=True)
class Happened:
    """``what``: "taken" (see ``taken`` for how), "removed", or "refused" because of ``error``."""

    what: str
    name: str
    document: Document | None = None
    error: CicloError | None = None
    taken: What | None = None


def files(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Every file of the paths with its name as a document; in a folder the name keeps the way."""
    for path in paths:
        if path.is_file():
            yield path, path.name
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                file = Path(folder, name)
                if not _PASSING.match(name) and file.is_file():
                    yield file, file.relative_to(path).as_posix()


def add_all(assistant_id: str, paths: Iterable[Path]) -> Iterator[Happened]:
    """Add and read every file of the paths, one after another."""
    for path, name in files(paths):
        yield _added(assistant_id, name, path)


def watch(assistant_id: str, paths: Iterable[Path], stop: Event) -> Iterator[Happened]:
    """Bring the assistant's documents in line with the files, again and again until ``stop``."""
    watched = Watched(assistant_id, list(paths))
    while not stop.is_set():
        for happened in watched.look():
            yield happened
            if stop.is_set():
                return
        stop.wait(EVERY)


@dataclass
class Watched:
    """Some paths and what is known of them since the first look."""

    assistant_id: str
    paths: list[Path]
    _done: dict[str, Mark] = field(default_factory=dict)
    _last: dict[str, Mark] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._folders = [path for path in self.paths if path.is_dir()]

    def look(self) -> Iterator[Happened]:
        """Do what has happened to the files since the last look."""
        there = dict(self._there())
        before, self._last = self._last, {name: mark for name, (_path, mark) in there.items()}
        for name, (path, mark) in there.items():
            if self._done.get(name) != mark and (before.get(name) == mark or _settled(mark)):
                yield self._take(name, path, mark)
        if all(folder.is_dir() for folder in self._folders):  # else a disk may just be unplugged
            for name in self._done.keys() - there.keys() - before.keys():
                yield from self._drop(name)

    def _there(self) -> Iterator[tuple[str, tuple[Path, Mark]]]:
        for path, name in files(self.paths):
            try:
                found = path.stat()
            except OSError:  # gone between the list and the look
                continue
            yield name, (path, Mark(found.st_mtime_ns, found.st_size))

    def _take(self, name: str, path: Path, mark: Mark) -> Happened:
        self._bring_back(name)
        happened = _added(self.assistant_id, name, path)
        if happened.document:
            self._ids[name] = happened.document.id
        if not isinstance(happened.error, Unavailable):  # a full disk: the next look tries again
            self._done[name] = mark
        return happened

    def _bring_back(self, name: str) -> None:
        """Where the file was gone for a while, its document is the same one again."""
        if name in self._ids:
            try:
                removal.restore(self._ids[name])
            except (Conflict, NotFound):  # another one has its name, or it is forgotten
                del self._ids[name]

    def _drop(self, name: str) -> Iterator[Happened]:
        """Twice not seen: it is gone, and not just being saved anew."""
        del self._done[name]
        if name in self._ids:
            with suppress(NotFound):  # somebody removed it, longer ago than a day
                yield Happened("removed", name, removal.remove(self._ids[name]))


def _added(assistant_id: str, name: str, path: Path) -> Happened:
    try:
        document, what = take_file(assistant_id, name, path, now=True)
        return Happened("taken", name, document, taken=what)
    except (InvalidInput, Unavailable) as error:
        return Happened("refused", name, error=error)
    except OSError as error:
        reason = error.strerror or str(error)
        message = _("'{name}' cannot be read: {reason}.").format(name=name, reason=reason)
        return Happened("refused", name, error=InvalidInput(message, code="unreadable"))


def _settled(mark: Mark) -> bool:
    return clock.now().timestamp() - mark.changed_ns / 1e9 > SETTLED
