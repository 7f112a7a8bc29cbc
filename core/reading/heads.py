"""The head of a table: which of its first rows name the columns, and the one name that each gets.

In: rows of cell texts. Out: names, such as "Preço – À vista" where two
rows name a column together. What always holds: amounts, dates and sentences name nothing; a row is
part of the head only where the row above leaves room for it.
"""

import re
from collections.abc import Iterator, Sequence

Cells = Sequence[str]  # of a row

MOST = 3  # rows of a head
_LONGEST = 200  # characters of a name
_GLUE = " – "
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{4,}")
_SENTENCE = re.compile(r"(?:\S+\s+){4}\S+[.!?]$")
_UNIT = re.compile(r"\([^()]{1,12}\)")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[/-]\d{2,4})?")
_MONTH = (
    r"(?:jan|fev|feb|mar|abr|apr|mai|may|jun|jul|ago|aug|set|sep|out|oct|nov|dez|dec)[a-zç]{0,7}"
)
_PERIOD = re.compile(
    rf"{_MONTH}\.?(?:(?: de |[ /.-])\d{{2,4}})?"
    r"|[1-4][ºª]?\s?(?:[TQS]|(?:tri|sem|bim)\w{0,7})\.?(?:(?: de |[ /.-])?\d{2,4})?"
    r"|[TQS][1-4](?:[ /.-]?\d{2,4})?|(?:0?[1-9]|1[0-2])/(?:19|20)\d\d|(?:19|20)\d\d",
    re.IGNORECASE,
)


def is_head(cells: Cells) -> bool:
    """Whether the filled cells of a row name columns, each another one (a group may repeat itself)."""
    filled = [cell for at, cell in enumerate(cells) if cell and cell != "".join(cells[at - 1 : at])]
    return len(filled) > 1 and len(set(filled)) == len(filled) and are_names(filled)


def are_names(filled: Cells) -> bool:
    """Not amounts, not dates (but years, and periods side by side), not sentences."""
    if any(len(cell) > _LONGEST or _SENTENCE.search(cell) for cell in filled):
        return False
    values = [cell for cell in filled if is_value(cell) and not _YEAR.fullmatch(cell)]
    return not values or (len(values) > 1 and all(map(_PERIOD.fullmatch, values)))


def is_value(cell: str) -> bool:
    """Whether a cell holds an amount, a date, a code: digits, and no word beside them."""
    return bool(_DIGIT.search(cell) and not _WORD.search(cell))


def goes_on(above: Cells, below: Cells) -> bool:
    """Whether ``below`` belongs to the head: it names what ``above`` only groups, or tells units."""
    filled = list(filter(None, below))
    if not filled or not are_names(filled):
        return False
    if all(map(_UNIT.fullmatch, filled)):
        return True
    counts = []
    for start, end in _groups(above, len(below)):
        inside = list(filter(None, below[start:end]))
        if end - start == 1:
            if inside and inside != [above[start]]:
                return False
        else:
            counts.append(len(inside))
    return bool(counts) and 1 not in counts and max(counts) > 1


def _groups(above: Cells, width: int) -> Iterator[tuple[int, int]]:
    """The columns that each cell of ``above`` stands over: up to the next one."""
    starts = [at for at, cell in enumerate(above) if cell and cell != "".join(above[at - 1 : at])]
    ends = [*starts[1:], max(width, len(above))]
    return zip(starts, ends, strict=True)


def joined(rows: Sequence[Cells]) -> list[str]:
    """One name a column; what stands over several columns is part of the name of each."""
    width = max(map(len, rows), default=0)
    names: list[list[str]] = [[] for _column in range(width)]
    for number, row in enumerate(rows):
        last, spread = "", number < len(rows) - 1
        for at in range(width):
            cell = " ".join(row[at].split()) if at < len(row) else ""
            last = cell or last
            name = last if spread and _has_more(rows[number + 1 :], at) else cell
            if name and name not in names[at]:
                names[at].append(name)
    return [_named(parts) for parts in names]


def _has_more(rows: Sequence[Cells], at: int) -> bool:
    return any(at < len(row) and row[at] for row in rows)


def _named(parts: list[str]) -> str:
    name = ""
    for part in parts:
        glue = " " if _UNIT.fullmatch(part) else _GLUE
        name = f"{name}{glue}{part}" if name else part
    return name
