"""Tables: every row becomes a line that says what each cell is.

In: rows of cell texts, with or without knowing which of them is the head. Out: lines such as
"Produto: Coador; Preço: R$ 10,00". What always holds: every line names its headings itself, so a
line found alone is understood; a very long row becomes several lines, each beginning with its
first cell. Nothing is kept in memory but a few rows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

Row = Sequence[str]

_LONG = 1_500  # characters: less than a piece may have, so that no row is torn
_KEY = 200  # a first cell up to this long is repeated where its row is cut
_TITLES = 8  # rows with one cell alone that may stand above the head
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[/-]\d{2,4})?")
_SENTENCE = re.compile(r"(?:\S+\s+){4}\S+[.!?]$")
_WORD = re.compile(r"[^\W\d_]{4,}")


def lines(table: Iterable[Row], head: Row | None = None) -> Iterator[str]:
    """The rows of ``table`` as lines; without ``head``, the first full row is it if it looks so."""
    rows: Iterator[list[str]] = filter(any, (_clean(row) for row in table))
    if head is None:
        titles, found, rows = _opened(rows)
        yield from titles
    else:
        found = _clean(head)
    for row in rows:
        if row != found:  # on a new page the head comes again
            yield from _told(row, found)


def head_of(table: Sequence[Row]) -> list[str]:
    """The row of ``table`` that names its columns; empty where none does."""
    return _opened(iter([_clean(row) for row in table]))[1]


def _clean(row: Row) -> list[str]:
    cells = [" ".join(cell.split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _opened(rows: Iterator[list[str]]) -> tuple[list[str], list[str], Iterator[list[str]]]:
    """(what stands above the table, its head, its body)."""
    titles: list[str] = []
    for row in rows:
        filled = list(filter(None, row))
        if len(filled) == 1 and len(titles) < _TITLES:
            titles += filled
        elif len(filled) > 1 and _is_head(filled):
            return titles, row, rows
        else:
            return titles, [], chain([row], rows)
    return titles, [], rows


def _is_head(cells: list[str]) -> bool:
    """Names, each once: not amounts, not dates (but years), not sentences."""
    if len(set(cells)) < len(cells):
        return False
    return not any(_is_value(cell) or _SENTENCE.search(cell) for cell in cells)


def _is_value(cell: str) -> bool:
    return bool(_DIGIT.search(cell) and not _WORD.search(cell) and not _YEAR.fullmatch(cell))


def _told(row: list[str], head: list[str]) -> Iterator[str]:
    if not head:
        bare = list(filter(None, row))
        yield ": ".join(bare) if len(bare) == 2 else "; ".join(bare)
        return
    named = [head[at].rstrip(" :") if at < len(head) else "" for at in range(len(row))]
    pairs = [
        f"{name}: {cell}" if name else cell for name, cell in zip(named, row, strict=True) if cell
    ]
    yield from _cut(pairs)


def _cut(pairs: list[str]) -> Iterator[str]:
    """The pairs in one line, or in several that each begin with the first."""
    key = pairs[0] if len(pairs[0]) <= _KEY else ""
    line = pairs[0]
    for pair in pairs[1:]:
        if len(line) + len(pair) > _LONG and line != key:
            yield line
            line = f"{key}; {pair}" if key else pair
        else:
            line = f"{line}; {pair}"
    yield line
