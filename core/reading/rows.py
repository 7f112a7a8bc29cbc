"""Tables: every row becomes a line that says what each cell is.

In: rows of cell texts, with or without knowing their head. Out: lines such as "Produto: Coador;
Preço: R$ 10,00". What always holds: every line names its headings itself, and the band it stands
under ("Bebidas"), so a line found alone is understood; a very long row becomes several lines, each
beginning with its first cell. Nothing is kept in memory but a few rows.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from core.reading import heads

Row = Sequence[str]

_LONG = 1_500  # characters: less than a piece may have, so that no row is torn
_KEY = 200  # a first cell up to this long is repeated where its row is cut
_TITLES = 8  # rows with one cell alone that may stand above the head
_LOOKS = 50  # rows by which it is told in which columns values stand
_NAME = 100  # characters of a title or a band
_ENDS = (".", "!", "?", ";", ",")


class Band(NamedTuple):
    """A row that is one cell across the whole table: it names the rows below it."""

    text: str


class Title(str):
    """A line that names the table below it."""

    __slots__ = ()


def lines(table: Iterable[Row], head: Row | None = None) -> Iterator[str]:
    """The rows of ``table`` as lines; without ``head``, its first full rows are it if they look so.

    After a blank row another table may begin, with a head of its own.
    """
    ahead = _Ahead(table)
    named = None if head is None else _clean(head)
    while ahead.peek() is not None:
        if named is None:
            titles, named = _opened(ahead)
            yield from titles
        told = False
        for line in _body(ahead, list(named)):
            told = True
            yield line
        if not told and named:  # a head with nothing below it, or nothing but itself
            yield "; ".join(filter(None, named))
        named = None


def head_of(table: Sequence[Row]) -> list[str]:
    """The names that the first rows of ``table`` give its columns; empty where they do not."""
    return _opened(_Ahead(table))[1]


class _Ahead:
    """Rows, tidied, that can be looked at before they are taken; ``gap``: a blank one was passed."""

    def __init__(self, table: Iterable[Row]) -> None:
        self._rows = iter(table)
        self._held: deque[tuple[list[str], bool, bool]] = deque()
        self.gap = self.band = False

    def peek(self, at: int = 0) -> list[str] | None:
        """The row ``at`` places ahead; None after the last."""
        while len(self._held) <= at:
            gap = False
            for row in self._rows:
                if any(cells := _clean(row)):
                    self._held.append((cells, gap, isinstance(row, Band)))
                    break
                gap = True
            else:
                return None
        return self._held[at][0]

    def take(self) -> list[str]:
        """The next row, which ``peek`` has shown."""
        cells, self.gap, self.band = self._held.popleft()
        return cells

    def is_after_gap(self) -> bool:
        """Whether a blank row stands before the next one."""
        return self.peek() is not None and self._held[0][1]


def _clean(row: Row) -> list[str]:
    cells = [" ".join(cell.split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _opened(ahead: _Ahead) -> tuple[list[str], list[str]]:
    """(what stands above the table, the names of its columns)."""
    titles: list[str] = []
    while (row := ahead.peek()) is not None and len(filled := list(filter(None, row))) == 1:
        if len(titles) == _TITLES:
            return titles, []
        titles += filled
        ahead.take()
    if row is None or not heads.is_head(row):
        return titles, []
    parts = [ahead.take()]
    while len(parts) < heads.MOST and (below := ahead.peek()) and heads.goes_on(parts[-1], below):
        if ahead.peek(1) is None:
            break  # a head has something below it
        parts.append(ahead.take())
    if titles and _is_name(titles[0]):
        titles[0] = Title(titles[0])
    return titles, heads.joined(parts)


def _is_name(text: str) -> bool:
    return len(text) <= _NAME and not text.endswith(_ENDS)


def _body(ahead: _Ahead, head: list[str]) -> Iterator[str]:
    """The rows up to the end, or to where another table begins."""
    band, told, values, looked = "", True, set[int](), 0
    while (row := ahead.peek()) is not None:
        if ahead.is_after_gap() and _begins(ahead, values):
            break
        ahead.take()
        if ahead.band and not _is_name(row[0]):
            yield row[0]
        elif ahead.band:
            yield from () if told else (band,)
            band, told = row[0], False
        elif row != head:  # on a new page the head comes again
            yield from _told(row, head, band)
            told = True
            if (looked := looked + 1) <= _LOOKS:
                values.update(at for at, cell in enumerate(row) if heads.is_value(cell))
    if not told:
        yield band


def _begins(ahead: _Ahead, values: set[int]) -> bool:
    """Whether the rows ahead are another table: a title and names, or names where values stood."""
    first = ahead.peek() or []
    titled = len(list(filter(None, first))) == 1
    names, below = ahead.peek(int(titled)), ahead.peek(int(titled) + 1)
    if not names or not below or not heads.is_head(names):
        return False
    changed = any(heads.is_value(cell) for cell, name in zip(below, names, strict=False) if name)
    return changed and (titled or any(at in values for at, name in enumerate(names) if name))


def _told(row: list[str], head: list[str], band: str) -> Iterator[str]:
    above = [band] if band else []
    if not head:
        bare = list(filter(None, row))
        yield "; ".join([*above, ": ".join(bare) if len(bare) == 2 else "; ".join(bare)])
        return
    named = [head[at].rstrip(" :") if at < len(head) else "" for at in range(len(row))]
    pairs = [
        f"{name}: {cell}" if name else cell for name, cell in zip(named, row, strict=True) if cell
    ]
    yield from _cut(["; ".join([*above, pairs[0]]), *pairs[1:]])


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
