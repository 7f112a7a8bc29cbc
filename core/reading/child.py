"""The child in which files are parsed: whatever a file does to its parser happens here.

In: a question a line on stdin, ``{"path", "kind", "seconds", "memory_mb"}``. Out: for each, the
length of the answer in bytes, a line end, and the answer as JSON: the text with its pieces, or
``{"refused": code, "reason": class of the error}``. What always holds: the process cannot take
more memory or processor time than it is told, write large files or dump its memory, and it ends
by itself when nobody asks any more, when it has grown, and when its parent is gone.
"""

import json
import os
import re
import resource
import select
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from time import process_time, sleep
from typing import Any, BinaryIO

from core.reading.archive import why_not_parsed
from core.reading.chunking import chunk
from core.reading.limits import MAX_CHARACTERS
from core.reading.parsed import Parsed
from core.reading.refusals import Refused

READERS = {  # imported when first needed: each brings a library
    "application/pdf": "pdf:read_pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word:read_word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "sheets:read_sheets",
    "text/csv": "separated:read_separated",
    "text/tab-separated-values": "separated:read_separated",
    "text/html": "web:read_web",
    "text/markdown": "plain:read_markdown",
    "text/plain": "plain:read_text",
}
IDLE = 60.0  # seconds without a question after which the child ends
MOST = 200  # documents; what libraries hoard goes with the process
GROWN = 256 << 20  # bytes of memory still held after a document: more than the libraries need

_NICE = 5  # answering comes before reading
_LARGEST_FILE = 8 << 20  # bytes: compiled modules are all that it ever writes
_GRACE = 5  # seconds beyond the limit, in which the parent ends it first


def main() -> None:
    """Answer until there is a reason to end."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints goes where its complaints go
    _confine()
    Thread(target=_follow, args=(os.getppid(),), daemon=True).start()
    for _number in range(MOST):
        if not select.select([0], [], [], IDLE)[0] or not (line := sys.stdin.buffer.readline()):
            return
        _send(answers, _answer(json.loads(line)))
        signal.setitimer(signal.ITIMER_REAL, 0)
        if _held() > GROWN:
            return


def read(path: Path, kind: str) -> Parsed:
    """The text of a file of a media type that READERS knows, or Refused."""
    module, function = READERS[kind].split(":")
    reader: Callable[[Path], Parsed] = getattr(import_module(f"core.reading.{module}"), function)
    parsed = reader(path)
    if len(parsed.text) > MAX_CHARACTERS:
        raise Refused("too_long")
    if not re.search(r"\w", parsed.text):
        raise Refused("no_text")
    return parsed


def _answer(question: dict[str, Any]) -> bytes:
    _allow(question["seconds"], question["memory_mb"] << 20)
    try:
        return _encoded(_told(Path(question["path"]), question["kind"]))
    except Refused as refused:
        return _encoded({"refused": refused.code})
    except MemoryError:
        return _encoded({"refused": "too_heavy"})
    except RecursionError:
        return _encoded({"refused": "too_deep"})
    except ImportError as error:
        return _encoded({"missing": error.name or str(error)})
    except Exception as error:  # parsers fail in every way there is when a file is broken
        return _encoded({"refused": why_not_parsed(error), "reason": type(error).__name__})


def _told(path: Path, kind: str) -> dict[str, Any]:
    parsed = read(path, kind)
    facts = {"text": parsed.text, "page_starts": parsed.page_starts, "pages": parsed.pages}
    return facts | {"headings": parsed.headings, "pieces": [one[1:] for one in chunk(parsed)]}


def _encoded(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()


def _send(answers: BinaryIO, answer: bytes) -> None:
    answers.write(b"%d\n" % len(answer))
    answers.write(answer)
    answers.flush()


def _confine() -> None:
    os.nice(_NICE)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, _LARGEST_FILE)
    with suppress(OSError):  # Linux: when memory runs out, this process goes first
        Path("/proc/self/oom_score_adj").write_text("1000")


def _held() -> int:
    """Bytes of memory in use; 0 on systems that do not tell (ru_maxrss tells the parent's, too)."""
    with suppress(OSError):
        pages = Path("/proc/self/statm").read_text().split()[1]
        return int(pages) * resource.getpagesize()
    return 0


def _follow(parent: int) -> None:
    """End with the parent, also in the midst of a document, unless a library keeps us out."""
    while os.getppid() == parent:
        sleep(1)
    os._exit(1)


def _allow(seconds: float, memory: int) -> None:
    """What one document may cost. The parent's clock ends it earlier, if there is a parent."""
    _limit(resource.RLIMIT_CPU, int(process_time() + seconds) + _GRACE)
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)  # a signal that needs no Python to end
    _limit(resource.RLIMIT_AS, memory)


def _limit(what: int, value: int) -> None:
    _soft, hard = resource.getrlimit(what)
    with suppress(ValueError, OSError):  # a system that knows no such limit
        resource.setrlimit(what, (value if hard < 0 else min(value, hard), hard))
