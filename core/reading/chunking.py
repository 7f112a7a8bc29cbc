"""Chunking: a document's text becomes the pieces that search finds.

In: a ``Parsed`` text. Out: ``Piece``s in reading order. What always holds: a piece is
``text[start:end]``, pieces do not overlap, none is blank or longer than MOST characters, and each
carries the path of headings above it ("Support > Hours"); of a Markdown table that is cut, every
piece carries the table's head there as well (rows of other tables name their headings themselves).
A piece does not cross a heading, and a row or an item is cut only where it is longer than a piece.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from core.reading.parsed import Heading, Parsed, Piece, page_at
from core.text import is_heading, plain, sentences

GOOD = 1_400  # characters: about 220 words, what one section of a handbook says
MOST = 2_000  # a piece a little too long is better than a sentence torn from its paragraph
SMALL = 200  # a tail shorter than this joins the piece before it, if that does not exceed MOST
LONGEST_TITLE = 200  # characters of a heading or a table's head that a piece carries

_BLOCK = re.compile(r"\S.*?(?=\n[ \t]*\n|\Z)", re.DOTALL)
_LINE = re.compile(r"[^\n]+")
_ROW = re.compile(r"[ \t]*\|")
_ITEM = re.compile(r"[ \t]*(?:[-*+•|]|\d{1,3}[.)])")


class Span(NamedTuple):
    """Characters that belong together, and the head of the table they are cut from."""

    start: int
    end: int
    head: str = ""


class Section(NamedTuple):
    """What stands under one heading, its own line included, up to the next heading."""

    start: int
    end: int
    path: list[Heading]
    below: int  # the level of the next heading, 0 at the end


def chunk(parsed: Parsed) -> list[Piece]:
    """The pieces of a document, in reading order."""
    made = []
    for section in _sections(parsed):
        heading = " > ".join(above.title[:LONGEST_TITLE] for above in section.path)
        for span in _packed(parsed.text, section):
            context = " > ".join(filter(None, (heading, span.head)))
            page = page_at(parsed.page_starts, span.start)
            text = parsed.text[span.start : span.end]
            made.append(Piece(text, span.start, span.end, page, context))
    return made


def _sections(parsed: Parsed) -> Iterator[Section]:
    path: list[Heading] = []
    begin = 0
    for heading in parsed.headings:
        yield Section(begin, heading.start, path, heading.level)
        path = [above for above in path if above.level < heading.level] + [heading]
        begin = heading.start
    yield Section(begin, len(parsed.text), path, 0)


def _packed(text: str, section: Section) -> Iterator[Span]:
    """Neighbouring blocks put together up to GOOD characters."""
    blocks = _blocks(text, section.start, section.end)
    spans = [part for block in blocks for part in _parts(text, *block)]
    alone = len(spans) == 1 and is_heading(text[spans[0].start : spans[0].end])
    if alone and section.path and section.below > section.path[-1].level:
        return  # a heading alone says nothing that the pieces below it do not carry
    at = 0
    while at < len(spans):
        first = last = spans[at]
        at += 1
        while at < len(spans) and _fits(first, spans[at], spans[-1]):
            last = spans[at]
            at += 1
        yield Span(first.start, last.end, first.head)


def _fits(first: Span, following: Span, final: Span) -> bool:
    if following.end - first.start <= GOOD:
        return True
    return final.end - following.start < SMALL and final.end - first.start <= MOST


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in _BLOCK.finditer(text, start, end):
        yield found.start(), found.start() + len(found.group().rstrip())


def _parts(text: str, start: int, end: int) -> Iterator[Span]:
    """A block that fits as a piece stays whole; else its rows or sentences, else runs of words."""
    if end - start <= MOST:
        yield Span(start, end)
        return
    head = _table_head(text, start, end)
    for at, (first, last) in enumerate(_lines_or_sentences(text, start, end)):
        for begin, stop in _cut(text, first, last):
            if text[begin:stop].strip():
                yield Span(begin, stop, head if at else "")


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs of words that are no longer than a piece."""
    while end - start > MOST:
        cut = text.rfind(" ", start + 1, start + MOST)
        cut = cut if cut > 0 else start + MOST
        yield start, cut
        start = cut + (text[cut] == " ")
    yield start, end


def _lines_or_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a block, if each of them is an item or a row; else its sentences."""
    lines = [found.span() for found in _LINE.finditer(text, start, end)]
    if all(_ITEM.match(text, first, last) for first, last in lines):
        yield from lines
        return
    for span in sentences(text[start:end]):
        yield start + span.start, start + span.end


def _table_head(text: str, start: int, end: int) -> str:
    """The head row of a Markdown table, plain; nothing where the block is none."""
    if not _ROW.match(text, start, end):
        return ""
    stop = text.find("\n", start, end)
    return plain(text[start : stop if stop > 0 else end][:MOST])[:LONGEST_TITLE]
