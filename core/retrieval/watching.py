"""Files and folders whose documents follow them: what is added, changed or removed there.

In: paths. Out: what happened to which document. What always holds: a file is taken when it has
stopped changing, and followed by its name within its folder; hidden and temporary files, devices
and pipes are passed over, links that lead out of their folder are refused; a file that cannot be
read is told once, until it changes; only a document that was taken here is removed here, not while
its folder cannot be looked at, and it comes back when its file does.
"""

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import NamedTuple

from core import clock
from core.access import allowed
from core.db.tables import Document
from core.errors import CicloError, Conflict, InvalidInput, NotFound, Unavailable
from core.i18n import N_, _
from core.retrieval import removal
from core.retrieval.documents import What, take_file

EVERY = 2.0  # seconds between two looks
SETTLED = 2.0  # seconds without a change after which a file counts as written to its end
_PASSING = re.compile(
    r"\.|~|#.*#$|.*(?:~|\.(?:tmp|temp|part|partial|crdownload|download|sw[a-z]|lock))$"
    r"|thumbs\.db$|desktop\.ini$",
    re.IGNORECASE,
)  # what systems, editors and browsers leave beside files: ".x", "~$x.docx", "x~", "x.part"


_REASONS = {
    errno.EACCES: N_("there is no right to read it"),
    errno.EPERM: N_("there is no right to read it"),
    errno.ENOENT: N_("it is gone"),
    errno.EIO: N_("the disk fails"),
}


class Mark(NamedTuple):
    """By what a file that has changed is told, without reading it."""

    changed_ns: int
    size: int


class Left(NamedTuple):
    """Files that wait for their turn, and the seconds they will take if all goes on as it did."""

    files: int
    seconds: float


@dataclass(frozen=True)
class Happened:
    """``what``: "taken" (see ``taken`` for how), "removed", or "refused" because of ``error``."""

    what: str
    name: str
    document: Document | None = None
    error: CicloError | None = None
    taken: What | None = None
    left: Left | None = None


Failing = Callable[[OSError], object]


def files(paths: Iterable[Path], failing: Failing | None = None) -> Iterator[tuple[Path, str]]:
    """Every file of the paths with its name as a document; in a folder the name keeps the way.

    ``failing`` is told of every folder that cannot be looked into.
    """
    for path in paths:
        if path.is_file():
            yield path, path.name
        for folder, folders, names in os.walk(path, onerror=failing) if path.is_dir() else ():
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                file = Path(folder, name)
                if not _PASSING.match(name) and file.is_file():
                    yield file, file.relative_to(path).as_posix()


@allowed("change")
def add_all(assistant_id: str, paths: Iterable[Path]) -> Iterator[Happened]:
    """Add and read every file of the paths, one after another."""
    given = list(paths)
    yield from _paced(
        (_size(path), partial(_added, assistant_id, name, path, path in given))
        for path, name in files(given)
    )


@allowed("change")
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
        self._folders = {path: path.stat().st_dev for path in self.paths if path.is_dir()}
        self._whole = True  # every folder could be looked into

    def look(self) -> Iterator[Happened]:
        """Do what has happened to the files since the last look."""
        there = dict(self._there())
        before, self._last = self._last, {name: mark for name, (_path, mark) in there.items()}
        yield from _paced(
            (mark.size, partial(self._take, name, path, mark))
            for name, (path, mark) in there.items()
            if self._done.get(name) != mark and (before.get(name) == mark or _settled(mark))
        )
        if self._whole and all(map(self._is_there, self._folders)):
            for name in self._done.keys() - there.keys() - before.keys():
                yield from self._drop(name)

    def _is_there(self, folder: Path) -> bool:
        """Whether it is the same folder: where a disk is unplugged, an empty one is left."""
        with suppress(OSError):
            return folder.stat().st_dev == self._folders[folder]
        return False

    def _fails(self, _error: OSError) -> None:
        self._whole = False

    def _there(self) -> Iterator[tuple[str, tuple[Path, Mark]]]:
        self._whole = True
        for path, name in files(self.paths, self._fails):
            try:
                found = path.stat()
            except OSError:  # gone between the list and the look
                continue
            yield name, (path, Mark(found.st_mtime_ns, found.st_size))

    def _take(self, name: str, path: Path, mark: Mark) -> Happened:
        self._bring_back(name)
        happened = _added(self.assistant_id, name, path, path in self.paths)
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


def _paced(due: Iterable[tuple[int, Callable[[], Happened]]]) -> Iterator[Happened]:
    """Take one after another, given with their sizes in bytes; each tells how much is left."""
    waiting: Sequence[tuple[int, Callable[[], Happened]]] = list(due)
    began, done, whole = clock.seconds(), 0, sum(size for size, _take in waiting)
    for at, (size, take) in enumerate(waiting, 1):
        happened = take()
        done += size
        seconds = (clock.seconds() - began) / max(done, 1) * (whole - done)
        yield replace(happened, left=Left(len(waiting) - at, seconds))


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _added(assistant_id: str, name: str, path: Path, is_given: bool) -> Happened:
    """``is_given``: the file itself was named, so that a link is followed wherever it leads."""
    try:
        if not is_given and _leads_out(path, name):
            message = _("'{name}' is a link that leads out of its folder.").format(name=name)
            hint = _("Put the file itself there, or name it on its own.")
            raise InvalidInput(message, code="leads_out", hint=hint)
        document, what = take_file(assistant_id, name, path, now=True)
        return Happened("taken", name, document, taken=what)
    except (InvalidInput, Unavailable) as error:
        return Happened("refused", name, error=error)
    except OSError as error:
        known = _REASONS.get(error.errno or 0)
        reason = _(known) if known else error.strerror or str(error)
        message = _("'{name}' cannot be read: {reason}.").format(name=name, reason=reason)
        return Happened("refused", name, error=InvalidInput(message, code="unreadable"))


def _leads_out(path: Path, name: str) -> bool:
    folder = path.parents[name.count("/")]
    return not path.resolve().is_relative_to(folder.resolve())


def _settled(mark: Mark) -> bool:
    return clock.now().timestamp() - mark.changed_ns / 1e9 > SETTLED
