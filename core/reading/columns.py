"""Tables without rules: lines whose words stand one below the other, with gutters between. Pure.

In: the lines of a page in the order of reading. Out: runs of lines, and the rows of such tables.
What always holds: a gutter is as wide as a letter is high, and no word of any of the table's lines
stands in it; three lines make a table, or two with three columns.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from core.reading.heads import is_value
from core.reading.layout import Line, Word

GUTTER = 0.9  # times the letters' size
_TIGHT = 1.3  # times the size: a line so near to the one before may go on in its cells
_LOOSE = 1.45  # and so far away are the rows of a table where that can be told
_WIDE = 2.0  # times the size: no space is so wide, wherever lines are set to both margins
_UNLIKE = 1.6  # times the narrowest gap of a line: a gutter
_TEXT = 45  # letters in the cells on average: from here on it is text in columns, not a table
_MOST = 30  # columns


class Column(NamedTuple):
    """From where to where the words of a column stand."""

    left: float
    right: float


Rows = list[list[str]]


def parts(lines: Sequence[Line]) -> Iterator[tuple[Sequence[Line], Rows]]:
    """The lines in runs, each with its rows; no rows where it is no table."""
    start = at = 0
    while at < len(lines):
        end, columns = _run(lines, at)
        rows = _rows(lines[at:end], columns) if columns else []
        if rows:
            if start < at:
                yield lines[start:at], []
            yield lines[at:end], rows
            start = at = end
        else:
            at += 1
    if start < len(lines):
        yield lines[start:], []


def _run(lines: Sequence[Line], start: int) -> tuple[int, list[Column]]:
    """Where the table that begins with the line at ``start`` ends, and its columns."""
    columns: list[Column] = []
    end = at = start
    while at < len(lines) and (at == start or _follows(lines[at - 1], lines[at])):
        line = lines[at]
        if line.words:
            merged = _merged(columns, line)
            if len(merged) < 2 or (end - start > 2 and len(merged) < len(columns)):
                break
            columns, end = merged, at + 1
        elif at == start or not (
            _goes_on(lines[at - 1], line, columns) or _leads(lines[at : at + 2], columns)
        ):
            break
        at += 1
    while end < at and _goes_on(lines[end - 1], lines[end], columns):
        end += 1  # the last row, too, may have a second line
    return end, columns


def _follows(before: Line, line: Line) -> bool:
    return 0 < before.y - line.y < 4 * max(line.size, before.size)


def _goes_on(before: Line, line: Line, columns: Sequence[Column]) -> bool:
    """Whether a line without gutters is the second line of a cell."""
    return _is_near(before, line) and _is_within(line, columns)


def _leads(lines: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Whether a line without gutters is the first line of a cell, its row being on the next."""
    line, *after = lines
    more = bool(after and after[0].words) and _is_near(line, after[0])
    return more and _is_within(line, columns)


def _is_near(before: Line, line: Line) -> bool:
    return 0 < before.y - line.y <= _TIGHT * line.size


def _is_within(line: Line, columns: Sequence[Column]) -> bool:
    """Whether a line touches one column alone."""
    return sum(one.left < line.right and line.left < one.right for one in columns) == 1


def _merged(columns: Sequence[Column], line: Line) -> list[Column]:
    """The columns, widened by the words of a line; those that touch become one."""
    gutter = GUTTER * line.size
    made: list[Column] = []
    for left, right in sorted((*columns, *((word.left, word.right) for word in line.words))):
        if made and left - made[-1].right < gutter:
            made[-1] = Column(made[-1].left, max(right, made[-1].right))
        else:
            made.append(Column(left, right))
    return made


def _rows(lines: Sequence[Line], columns: Sequence[Column]) -> Rows:
    """The rows; none where the lines are no table."""
    whole = sum(bool(line.words) for line in lines)
    if whole < 2 or (whole == 2 and len(columns) < 3) or len(columns) > _MOST:
        return []
    if 2 * sum(map(_is_clear, lines)) < whole:
        return []
    steps = [above.y - below.y for above, below in pairwise(lines)]
    loose = any(step > _LOOSE * lines[0].size for step in steps)
    rows: Rows = []
    for at, line in enumerate(lines):
        cells = _cells(line, columns)
        near = at > 0 and _is_near(lines[at - 1], line)
        if rows and near and (loose or not line.words):
            rows[-1] = [" ".join(filter(None, pair)) for pair in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    filled = [cell for row in rows for cell in row if cell]
    return rows if sum(map(len, filled)) < _TEXT * len(filled) else []


def has_head(lines: Sequence[Line], rows: Rows) -> bool:
    """Whether the first row names the others: by its letters, or by values that stand below names."""
    if lines[0].bold and not lines[-1].bold:
        return True
    for name, *cells in zip(*rows, strict=True):
        values = sum(map(is_value, cells))
        if name and not is_value(name) and values and 2 * values >= len(cells):
            return True
    return False


def _is_clear(line: Line) -> bool:
    """Whether gutters are told from spaces: lines set to both margins have wide ones, all alike."""
    gaps = [after.left - before.right for before, after in pairwise(line.words)]
    return bool(gaps) and (max(gaps) > _WIDE * line.size or max(gaps) > _UNLIKE * min(gaps))


def _cells(line: Line, columns: Sequence[Column]) -> list[str]:
    cells: list[list[str]] = [[] for _column in columns]
    for word in line.words or (Word(line.text, line.left, line.right),):
        middle = (word.left + word.right) / 2
        at = min(
            range(len(columns)),
            key=lambda at: max(columns[at].left - middle, middle - columns[at].right),
        )
        cells[at].append(word.text)
    return [" ".join(cell) for cell in cells]
