"""The ruled tables of a PDF: where they stand and what their cells hold.

pdfplumber finds them by their rules. What always holds: a page it cannot deal with, or not in time
(a plan of a house is all rules), has no tables, and is then told as lines like any other.
"""

import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

from core.reading.rows import Band, Row

_MOST = 50  # tables on a page: a page with more is a drawing
_PAGE_SECONDS = 2.0  # of processor time; an ordinary page takes 0.05
_SECONDS = 20.0  # for all pages together
_FILLED = 0.4  # of the cells of a table hold text: a frame round something else has hardly any


class Table(NamedTuple):
    """A table's rows, and its place in points from the lower left corner of the page."""

    rows: list[Row]
    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies within the table."""
        return self.left - 1 <= x <= self.right + 1 and self.bottom - 1 <= y <= self.top + 1


def tables_of(path: Path, pages: Sequence[int]) -> dict[int, list[Table]]:
    """The tables of some pages (counted from 0), from top to bottom."""
    if not pages:
        return {}
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it warns of every small blemish
    with pdfplumber.open(path, pages=[number + 1 for number in pages]) as document:
        found = {}
        until = process_time() + _SECONDS
        for page in document.pages:
            if process_time() < until:
                found[page.page_number - 1] = _tables(page)
                page.close()
    return found


def _tables(page: Any) -> list[Table]:
    try:
        with _within(_PAGE_SECONDS):
            return sorted(_found(page), key=lambda table: -table.top)
    except MemoryError:
        raise
    except Exception:  # whatever a broken page makes of it: its lines are told all the same
        return []


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """TimeoutError in what takes more processor time."""

    def late(_number: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _found(page: Any) -> Iterator[Table]:
    if page.rotation or tuple(page.mediabox[:2]) != (0, 0):
        return  # its places would not be those of the lines
    found = page.find_tables()
    for table in found if len(found) <= _MOST else ():
        texts = [[" ".join((cell or "").split()) for cell in row] for row in table.extract()]
        if _is_table(texts):
            left, top, right, bottom = table.bbox
            rows = list(_rows(table, texts))
            yield Table(rows, left, page.height - bottom, right, page.height - top)


def _is_table(texts: list[list[str]]) -> bool:
    cells = [cell for row in texts for cell in row]
    filled = sum(map(bool, cells))
    return len(texts) > 1 and len(texts[0]) > 1 and filled >= _FILLED * len(cells)


def _rows(table: Any, texts: list[list[str]]) -> Iterator[Row]:
    """The rows; a cell over several of them counts for each, one across the table is a band."""
    held: dict[int, tuple[float, str]] = {}  # column -> where its last cell ends, its text
    for row, cells in zip(table.rows, texts, strict=True):
        alone = len(cells) > 1 and row.cells[0] and not any(row.cells[1:])
        reached = any(end > row.bbox[1] + 1 for end, _text in held.values())
        for column, box in enumerate(row.cells):
            if box:
                held[column] = box[3], cells[column]
            elif column in held and held[column][0] > row.bbox[3] - 1:
                cells[column] = held[column][1]
        yield Band(cells[0]) if alone and not reached else cells
