"""Markdown and plain text: bytes in whatever encoding people save them become text.

The text stays as it was written (line ends become one kind, what cannot be shown goes); headings
are the lines marked # in Markdown, the lines in capitals in plain text.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from core.reading.draft import tidy
from core.reading.parsed import Heading, Parsed
from core.reading.refusals import Refused
from core.text import is_heading, plain

_HEADING = re.compile(
    r"^ {0,3}(?:(#{1,6})[ \t]+(.*)$"
    r"|(?:\A|(?<=\n\n))([^\s#>|*+`~=-][^\n]{0,199})\n(={3,200}|-{3,200})[ \t]*$)",
    re.MULTILINE,
)  # marked #, or a line alone with a line of = or - under it
_FRONT = re.compile(r"---\n(?:[^\n]{0,500}\n){1,50}?---\n")
_TITLE = re.compile(r"^title:[ \t]*([^\n]{1,200})$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"[^\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_STRAY = 1000  # one odd byte among so many is a blemish, more are another kind of file
_MARKS = {  # byte order marks; the longer of those that begin alike comes first
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\xef\xbb\xbf": "utf-8-sig",
}


def read_markdown(path: Path) -> Parsed:
    """Markdown as it stands, with its headings."""
    text = _lines(decoded(path.read_bytes()))
    return Parsed(text, headings=list(marked(text)))


def read_text(path: Path) -> Parsed:
    """Plain text as it stands; what is in capitals is a heading."""
    text = _lines(decoded(path.read_bytes()))
    return Parsed(text, headings=list(capitals(text)))


def decoded(data: bytes) -> str:
    """The text of ``data``: UTF-8, UTF-16, UTF-32 or Windows' Western code page."""
    encoding = _wide(data)
    text = data.decode(encoding, "replace") if encoding else _narrow(data)
    if len(_CONTROL.findall(text)) * _STRAY > len(text):
        raise Refused("not_text")
    return text.removeprefix("\ufeff")


def is_binary(head: bytes) -> bool:
    """Whether the first bytes of a file tell that it is no text in any encoding."""
    return b"\0" in head and not _wide(head)


def _wide(data: bytes) -> str:
    """The encoding that a byte order mark or every other byte being zero tells; else nothing."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return encoding
    head = data[:1024]
    zeros = head[0::2].count(0), head[1::2].count(0)
    if max(zeros) * 4 > len(head) and min(zeros) * 10 < max(zeros):
        return "utf-16-be" if zeros[0] else "utf-16-le"
    return ""


def _narrow(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken == 0 or broken * 20 < sum(letter > "\x7f" for letter in text):
        return text  # UTF-8 with a blemish is still no other encoding
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _lines(text: str) -> str:
    return tidy(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n"))


def marked(text: str) -> Iterator[Heading]:
    """Markdown's headings, those in code left out; the front matter's title where none is above."""
    front = _FRONT.match(text)
    fences = [found.span() for found in _FENCE.finditer(text)]
    begin = front.end() if front else 0
    headings = [one for one in _headings(text, begin) if not _is_within(one.start, fences)]
    titled = _TITLE.search(text, 0, begin)
    if titled and not any(one.level == 1 for one in headings):
        yield Heading(titled.start(), 1, plain(titled[1].strip("\"' ")))
    yield from headings


def _headings(text: str, begin: int) -> Iterator[Heading]:
    for found in _HEADING.finditer(text, begin):
        level = len(found[1]) if found[1] else 1 if found[4].startswith("=") else 2
        if title := plain((found[2] or found[3] or "").rstrip(" \t#")):
            yield Heading(found.start(), level, title)


def _is_within(at: int, spans: list[tuple[int, int]]) -> bool:
    before = bisect_right(spans, (at, sys.maxsize)) - 1
    return before >= 0 and at < spans[before][1]


def capitals(text: str) -> Iterator[Heading]:
    """Lines in capitals; one at the very beginning is the title."""
    first = len(text) - len(text.lstrip())
    for found in _LINE.finditer(text):
        if is_heading(found.group()):
            title = found.start() <= first
            bare = " ".join(found.group().strip("# ").split())
            yield Heading(found.start(), 1 if title else 2, bare)
