"""The tables of a page: which of them are tables at all, their rows, and their heads.

What always holds: a cell over several columns or rows counts for each of them, a heading with its
text, other cells once a row; a row that is one cell across the table is a band.
"""

from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from core.reading import heads, rows

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MOST_SPAN = 50  # cells that one may stretch over


def is_layout(table: "Element") -> bool:
    """A table that arranges a page and names nothing."""
    inside = table.xpath(".//table | .//h1 | .//h2 | .//h3 | .//ul | .//p[2]")
    return bool(inside) or table.get("role") == "presentation"


def is_keyed(table: "Element") -> bool:
    """Whether every row is a heading and what it names."""
    found = [[cell.tag for cell in _cells(row)] for row in table.iter("tr")]
    return bool(found) and all(tags == ["th", "td"] for tags in found)


def grid(table: "Element") -> tuple[list[rows.Row], list[str] | None]:
    """(rows, the names of the columns where their cells are marked as headings)."""
    made: list[rows.Row] = []
    marked: list[bool] = []
    held: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells, reached = _cells(row), bool(held)
        texts = list(_stretched(cells, held))
        alone = len(cells) == 1 < len(texts) and not reached
        made.append(rows.Band(_text(cells[0])) if alone else texts)
        marked.append(not alone and len(texts) > 1 and all(cell.tag == "th" for cell in cells))
    first = sum(1 for _row in takewhile(lambda row: isinstance(row, rows.Band), made))
    last = first + sum(1 for _mark in takewhile(bool, marked[first:]))
    if not first < last < len(made):
        return made, None
    return made[:first] + made[last:], heads.joined(made[first:last])


def _cells(row: "Element") -> list["Element"]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _text(cell: "Element") -> str:
    return " ".join(cell.text_content().split())


def _stretched(cells: list["Element"], held: dict[int, tuple[int, str]]) -> Iterator[str]:
    """The texts of a row; ``held`` is what reaches into it from above, and into the next one."""
    column = 0
    for cell in cells:
        while column in held:
            yield _held(held, column)
            column += 1
        text = _text(cell)
        wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
        for at in range(wide):
            yield text if not at or cell.tag == "th" else ""
            if high > 1:
                held[column + at] = high - 1, text
        column += wide
    while column in held:
        yield _held(held, column)
        column += 1


def _held(held: dict[int, tuple[int, str]], column: int) -> str:
    left, text = held.pop(column)
    if left > 1:
        held[column] = left - 1, text
    return text


def _span(cell: "Element", name: str) -> int:
    said = cell.get(name) or ""
    return min(max(int(said), 1), _MOST_SPAN) if said.isdigit() and len(said) < 6 else 1
