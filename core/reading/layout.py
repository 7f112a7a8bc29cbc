"""From lines that know where they stand to blocks: headings, items, paragraphs. Pure.

In: the lines of a document, page by page, in the order in which they are written. Lengths are
points, as in the PDF; ``y`` is the baseline and grows upwards.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from core.text import is_heading

ITEM = re.compile(r"([•▪●◦■□➢✓·\uf0b7\uf0a7\uf0d8\uf0fc]|[-–—](?=\s)|\d{1,3}[.)](?=\s))\s*")

LEADER = re.compile(r"\s*(?:\.\s?){4,}\s*|\s*_{4,}\s*|\s*…{2,}\s*")  # Café ........ R$ 8,00

_PAGE = r"\W*(?:p[áa]g(?:ina|\.)?|page)?\s*(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:de|of|/)\s*\d{1,4})?\W*"
_PAGE_NUMBER = re.compile(_PAGE, re.IGNORECASE)
_LARGER = 1.15  # times the body's size: from here on it is a heading
_LONGEST = 120  # characters of a heading
_LEVELS = 3  # of size; what is only bold or in capitals stands below
_APART = 1.3  # times the usual pitch: from here on a new paragraph begins
_SHORT = 0.7  # of the column's width: a line so short ends its paragraph
_COLUMN = 25  # points: lines that begin so near to each other belong to the same column
_EDGE = 2  # lines at the top and at the bottom of a page that may come again on every page
_OFTEN = 0.6  # of the pages: what stands on so many, apart from its numbers, is no text
_ENOUGH = 3  # pages that are needed to tell
_HYPHENS = "-\u00ad\u2010"


class Word(NamedTuple):
    """A word and where it stands."""

    text: str
    left: float
    right: float


class Line(NamedTuple):
    """A line of text with its place and its looks; its words only where it has wide gaps."""

    text: str
    size: float
    bold: bool
    left: float
    right: float
    y: float
    words: tuple[Word, ...] = ()


class Looks(NamedTuple):
    """How a document is set: its body, the sizes of its headings (largest first), its pitch."""

    body: float
    bold: bool
    sizes: list[float]
    pitch: float


class Block(NamedTuple):
    """``kind``: a heading's level, "item" or "paragraph"; ``mark`` of an item: "-" or "3."."""

    kind: int | str
    text: str
    mark: str = ""


def looks_of(pages: Sequence[Sequence[Line]]) -> Looks:
    """The looks of a document's body and headings."""
    sizes: Counter[float] = Counter()
    bold = total = 0
    pitches: list[float] = []
    for lines in pages:
        for at, line in enumerate(lines):
            sizes[_rounded(line.size)] += len(line.text)
            total += len(line.text)
            bold += len(line.text) * line.bold
            if at and 0 < (pitch := lines[at - 1].y - line.y) < 3 * line.size:
                pitches.append(pitch)
    body = max(sizes, key=lambda size: sizes[size], default=10.0)
    larger = sorted((size for size in sizes if size >= body * _LARGER), reverse=True)
    return Looks(body, bold * 2 > total, larger, median(pitches) if pitches else body * 1.2)


def without_edges(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """The pages without the lines that come again at the edge of most, and without their numbers."""
    if len(pages) == 2:
        return [pages[0], _without(pages[1], pages[0])]
    if len(pages) < _ENOUGH:
        return list(pages)
    edges = [_edges(lines) for lines in pages]
    seen = Counter(key for keys in edges for key in {_key(line) for line in keys})
    often = {key for key, count in seen.items() if count >= _OFTEN * len(pages)}
    return [
        [line for line in lines if line not in edge or not _is_edge(line, lines, often)]
        for lines, edge in zip(pages, edges, strict=True)
    ]


def _without(lines: Sequence[Line], before: Sequence[Line]) -> list[Line]:
    """Of two pages the second without what stands at the same edge of the first: told once."""
    there = {(_key(line), round(line.y)) for line in _edges(before)}
    again = {line for line in _edges(lines) if (_key(line), round(line.y)) in there}
    return [line for line in lines if line not in again]


def blocks(lines: Sequence[Line], looks: Looks) -> Iterator[Block]:
    """The lines put together."""
    ends: dict[int, float] = {}
    for line in lines:
        for column in _columns(line):
            ends[column] = max(ends.get(column, 0), line.right)
    held: list[Line] = []
    for line in lines:
        end = max(ends[column] for column in _columns(held[0] if held else line))
        if held and not _belongs(held, line, looks, end):
            yield _block(held, looks)
            held = []
        held.append(line)
    if held:
        yield _block(held, looks)


def _columns(line: Line) -> tuple[int, int]:
    nearest = round(line.left / _COLUMN)
    return nearest, nearest + (1 if line.left > nearest * _COLUMN else -1)


def level(line: Line, looks: Looks) -> int:
    """The level of a heading; 0 for any other line."""
    text = line.text
    if len(text) > _LONGEST or text[-1] in ".;,:" or sum(map(str.isalpha, text)) < 2:
        return 0
    if LEADER.search(text):
        return 0
    size = _rounded(line.size)
    if size in looks.sizes:
        return min(looks.sizes.index(size) + 1, _LEVELS)
    capitals = not looks.sizes and is_heading(text)
    if capitals or (line.bold and not looks.bold and size >= looks.body):
        return min(len(looks.sizes), _LEVELS) + 1
    return 0


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _edges(lines: Sequence[Line]) -> set[Line]:
    by_height = sorted(lines, key=lambda line: line.y)
    return {*by_height[:_EDGE], *by_height[-_EDGE:]}


def _is_edge(line: Line, lines: Sequence[Line], often: set[str]) -> bool:
    if _key(line) in often:
        return True
    apart = all(abs(other.y - line.y) > 2 * line.size for other in lines if other != line)
    return apart and bool(_PAGE_NUMBER.fullmatch(line.text))


def _key(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _belongs(held: list[Line], line: Line, looks: Looks, end: float) -> bool:
    """Whether ``line`` goes on with what is held, in a column that ends at ``end``."""
    before, pitch = held[-1], held[-1].y - line.y
    if _rounded(line.size) != _rounded(before.size) or ITEM.match(line.text):
        return False
    if LEADER.search(before.text):
        return False
    above = level(held[0], looks)
    if above != level(line, looks) or (above and not 0 < pitch <= line.size * _APART * _LARGER):
        return bool(above == 0 and _must(before, line) and 0 < pitch <= looks.pitch * _APART)
    if _must(before, line):
        return pitch <= looks.pitch * _APART  # also from the foot of a column to the next one's top
    short = before.right - held[0].left < _SHORT * (end - held[0].left)
    return 0 < pitch <= looks.pitch * _APART and not short


def _must(before: Line, line: Line) -> bool:
    return before.text[-1] in _HYPHENS or (line.text[0].islower() and before.text[-1] not in ".:!?")


def _block(lines: list[Line], looks: Looks) -> Block:
    text = LEADER.sub(": ", _joined(lines)).removesuffix(": ")
    if item := ITEM.match(text):
        mark = item[1] if item[1][0].isdigit() else "-"
        if not (mark != "-" and level(lines[0], looks)):  # "2. Preços" set large is a heading
            return Block("item", text[item.end() :], mark.replace(")", "."))
    return Block(level(lines[0], looks) or "paragraph", text)


def _joined(lines: list[Line]) -> str:
    text = lines[0].text
    for line in lines[1:]:
        torn = text[-1] in _HYPHENS and text[-2:-1].isalpha() and line.text[0].islower()
        text = text[:-1] + line.text if torn else f"{text} {line.text}"
    return text
