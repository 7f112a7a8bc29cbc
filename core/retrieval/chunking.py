"""Chunking: a document's text becomes the pieces that search finds.

In: a ``Parsed`` text and the file's name. Out: ``Piece``s in reading order. What always holds: a
piece is ``text[start:end]``, pieces do not overlap, none is blank or longer than MOST characters,
and each carries the path of headings above it ("Support > Hours"); of a table that is cut, every
piece carries the table's head there as well. A piece does not cross a heading.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from core.retrieval.parsing import Parsed
from core.text import is_heading, plain, sentences

GOOD = 1_400  # characters: about 220 words, what one section of a handbook says
MOST = 2_000  # a piece a little too long is better than a sentence torn from its paragraph
SMALL = 200  # a tail shorter than this joins the piece before it, if that does not exceed MOST

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"[^\n]+")
_BLOCK = re.compile(r"\S.*?(?=\n[ \t]*\n|\Z)", re.DOTALL)
_ROW = re.compile(r"[ \t]*\|")


@dataclass(frozen=True)
class Piece:
    """``text[start:end]`` of the document, the page it begins on, the headings above it."""

    text: str
    start: int
    end: int
    page: int | None
    heading: str


def chunk(parsed: Parsed, name: str = "") -> list[Piece]:
    """The pieces of a document, in reading order."""
    made = []
    for start, end, heading in _sections(parsed.text, name):
        for first, last in _packed(parsed.text, start, end):
            head = _table_head(parsed.text, start, first)
            context = f"{heading} > {head}" if heading and head else heading or head
            made.append(
                Piece(parsed.text[first:last], first, last, page_at(parsed, first), context)
            )
    return made


def page_at(parsed: Parsed, offset: int) -> int | None:
    """The page (from 1) on which the character at ``offset`` stands; None without pages."""
    return bisect_right(parsed.page_starts, offset) or None


def _sections(text: str, name: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, heading path) of what stands under each heading, its own line included."""
    path: list[tuple[int, str]] = []
    begin = 0
    markdown = name.lower().endswith((".md", ".markdown"))
    for start, level, title in _marked(text) if markdown else _capitals(text):
        yield begin, start, _joined(path)
        path = [(depth, above) for depth, above in path if depth < level] + [(level, title)]
        begin = start
    yield begin, len(text), _joined(path)


def _marked(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, level, title) of Markdown's headings, those in code left out."""
    fences = [found.span() for found in _FENCE.finditer(text)]
    for found in _HEADING.finditer(text):
        if not any(start <= found.start() < end for start, end in fences):
            yield found.start(), len(found[1]), plain(found[2])


def _capitals(text: str) -> Iterator[tuple[int, int, str]]:
    """Lines in capitals, the headings of plain text; one at the very beginning is the title."""
    for found in _LINE.finditer(text):
        if is_heading(found.group()):
            title = not text[: found.start()].strip()
            yield found.start(), 1 if title else 2, " ".join(found.group().strip("# ").split())


def _joined(path: list[tuple[int, str]]) -> str:
    return " > ".join(title for _, title in path)


def _packed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Neighbouring blocks put together up to GOOD characters."""
    spans = [part for block in _blocks(text, start, end) for part in _parts(text, *block)]
    if len(spans) == 1 and is_heading(text[slice(*spans[0])]):
        return  # a heading alone says nothing that the pieces below do not carry
    while spans:
        taken = 1
        first, last = spans[0]
        while taken < len(spans) and _fits(spans, first, taken):
            last = spans[taken][1]
            taken += 1
        yield first, last
        spans = spans[taken:]


def _fits(spans: list[tuple[int, int]], first: int, taken: int) -> bool:
    last = spans[taken][1]
    remaining = spans[-1][1] - spans[taken][0]
    return last - first <= GOOD or (remaining < SMALL and spans[-1][1] - first <= MOST)


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in _BLOCK.finditer(text, start, end):
        yield found.start(), found.start() + len(found.group().rstrip())


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A block that fits as a piece stays whole; else its sentences, else runs of words."""
    if end - start <= MOST:
        yield start, end
        return
    for span in sentences(text[start:end]):
        first, last = start + span.start, start + span.end
        while last - first > MOST:
            cut = text.rfind(" ", first + 1, first + MOST)
            cut = cut if cut > 0 else first + MOST
            yield first, cut
            first = cut + (text[cut] == " ")
        yield first, last


def _table_head(text: str, section: int, first: int) -> str:
    """The head row of the table that is cut before ``first``, plain; else nothing."""
    line = text.rfind("\n", section, first) + 1
    if not _ROW.match(text, max(line, section)):
        return ""
    top = first
    while top > section:
        above = text.rfind("\n", section, top - 1) + 1
        if above == 0 or not _ROW.match(text, above):
            break
        top = above
    head = text[top : text.find("\n", top)]
    return plain(head) if top < first else ""
