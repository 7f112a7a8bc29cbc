"""The parent's side of reading: it asks a child, and never waits longer or takes more than allowed.

Children are kept warm between documents and shared by all threads; one that was too slow, broke
off or answered nonsense is thrown away. Nothing but JSON comes over the pipes, and what comes is
checked before it is believed.
"""

import atexit
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
from pathlib import Path
from threading import Lock
from typing import Any

from core import clock
from core.errors import Unavailable
from core.i18n import _
from core.reading.limits import MAX_REPLY
from core.reading.parsed import Heading, Parsed, Piece
from core.reading.refusals import REFUSALS, refusal

log = logging.getLogger("ciclo.reading")

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-W", "ignore", "-m", "core.reading")
KEPT = 2  # warm children; more work at once starts more, which end when they are done

_BLOCK = 1 << 18
_LONGEST_LENGTH = 20  # bytes of the line that announces how long an answer is
_NEEDED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_DEATHS = {  # by the system, not by us
    -signal.SIGKILL: "too_heavy",
    -signal.SIGXCPU: "too_slow",
    -signal.SIGALRM: "too_slow",
}

_idle: "list[_Child]" = []
_lock = Lock()


class _Failed(Exception):
    """A child gave no answer; ``code`` tells why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(path: Path, name: str, kind: str) -> tuple[Parsed, list[Piece]]:
    """The text of the file at ``path`` and its pieces.

    ``kind`` is what ``type_of`` gave. InvalidInput with a code of REFUSALS says why it cannot be
    read; it comes at the latest after ``settings().read_seconds``.
    """
    from core.config import settings  # here: the child, which has no settings, imports us too

    chosen = settings()
    limits = {"seconds": chosen.read_seconds, "memory_mb": chosen.read_memory_mb}
    answer = _asked({"path": str(path.absolute()), "kind": kind, **limits}, chosen.read_seconds)
    if missing := answer.get("missing"):
        message = _("The library '{name}', which reads such files, is not installed.")
        raise Unavailable(
            message.format(name=missing), hint=_("Install what requirements.txt names.")
        )
    if code := answer.get("refused"):
        log.info("a document was refused", extra={"code": code, "reason": answer.get("reason")})
        raise refusal(code, name)
    return answer["parsed"], answer["pieces"]


def close() -> None:
    """End the warm children."""
    with _lock:
        children, _idle[:] = list(_idle), []
    for child in children:
        child.end()


def _asked(question: dict[str, Any], seconds: float) -> dict[str, Any]:
    until = clock.seconds() + seconds
    warm = _warm()
    answer = _answer_of(warm or _Child(), question, until)
    if warm and answer.get("died") and answer["refused"] != "too_slow":
        answer = _answer_of(_Child(), question, until)  # it may have ended for reasons of its own
    return answer


def _answer_of(child: "_Child", question: dict[str, Any], until: float) -> dict[str, Any]:
    try:
        answer = _understood(child.ask(question, until))
    except _Failed as failed:
        child.end()
        return {"refused": failed.code, "died": True}
    _kept(child)
    return answer


def _warm() -> "_Child | None":
    with _lock:
        return _idle.pop() if _idle else None


def _kept(child: "_Child") -> None:
    with _lock:
        keep = len(_idle) < KEPT
        if keep:
            _idle.append(child)
    if not keep:
        child.end()


class _Child:
    """A process that answers one question at a time."""

    def __init__(self) -> None:
        needed = (name for name in os.environ if name in _NEEDED or name.startswith("PYTHON"))
        self._process = subprocess.Popen(
            COMMAND,
            bufsize=0,
            cwd=ROOT,
            env={name: os.environ[name] for name in needed},  # no setting, no secret
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C is for us
        )

    def ask(self, question: dict[str, Any], until: float) -> bytes:
        """The answer, which may come until ``until``, a time of ``clock.seconds()``."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")  # a pipe holds that
        except OSError:
            raise _Failed(self._death()) from None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            return self._received(self._process.stdout.fileno(), selector, until)

    def _received(self, pipe: int, selector: selectors.BaseSelector, until: float) -> bytes:
        data, length = bytearray(), -1
        while length < 0 or len(data) < length:
            left = until - clock.seconds()
            if left <= 0 or not selector.select(left):
                raise _Failed("too_slow")
            block = os.read(pipe, _BLOCK)
            if not block:
                raise _Failed(self._death())
            data += block
            if length < 0 and (b"\n" in data or len(data) > _LONGEST_LENGTH):
                length = _length(data)
        return bytes(data)

    def _death(self) -> str:
        """Why the pipe is closed."""
        try:
            return _DEATHS.get(self._process.wait(1), "broke_off")
        except subprocess.TimeoutExpired:
            return "broke_off"

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        with self._process:  # closes the pipes and waits
            pass


def _length(data: bytearray) -> int:
    """How long the answer is that ``data`` begins; its announcement is taken off."""
    announced, _line, rest = bytes(data).partition(b"\n")
    if not announced.isdigit() or len(announced) > _LONGEST_LENGTH or int(announced) > MAX_REPLY:
        raise _Failed("broke_off")
    data[:] = rest
    return int(announced)


def _understood(data: bytes) -> dict[str, Any]:
    """The answer with its text and pieces, everything of the type and within the bounds it has."""
    try:
        answer: dict[str, Any] = json.loads(data)
        if answer.get("refused") in REFUSALS or answer.get("missing"):
            return answer
        headings = [
            Heading(int(at), int(level), str(title)) for at, level, title in answer["headings"]
        ]
        starts = [int(start) for start in answer["page_starts"]]
        parsed = Parsed(str(answer["text"]), starts, int(answer["pages"]), headings)
        pieces = [_piece(parsed.text, *piece) for piece in answer["pieces"]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _Failed("broke_off") from None
    return {"parsed": parsed, "pieces": pieces}


def _piece(text: str, start: int, end: int, page: int | None, heading: str) -> Piece:
    if not 0 <= start < end <= len(text):
        raise ValueError(start, end)
    return Piece(text[start:end], start, end, page, heading)


atexit.register(close)
