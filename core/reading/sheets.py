"""XLSX: every sheet a heading, every row a line with its headings, every value as it is shown.

Formulas give the value their program stored, and are never evaluated; where none was stored the
cell is empty. Sheets and columns that are hidden stay hidden; rows do not, for filters hide them, too.
"""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.reading import archive, rows
from core.reading.cells import shown
from core.reading.draft import Draft
from core.reading.parsed import Parsed
from core.reading.sheet_layout import layout_of
from core.text import language_of

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_NAMELESS = re.compile(r"(?:Sheet|Planilha|Plan|Folha) ?\d*", re.IGNORECASE)
_SAMPLE = 40  # rows of a sheet by which the workbook's language is told


def read_sheets(path: Path) -> Parsed:
    """The visible sheets of a workbook."""
    archive.check(path, "xl/")
    from openpyxl import load_workbook

    draft = Draft()
    with path.open("rb") as file:  # by its path, openpyxl would judge it by an ending
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        english = _is_english(book)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in visible:
            named = len(visible) > 1 or not _NAMELESS.fullmatch(sheet.title)
            if named:
                draft.heading(1, sheet.title)
            for line in rows.lines(_shown(path, sheet, english)):
                draft.heading(1 + named, line) if isinstance(line, rows.Title) else draft.row(line)
    return draft.parsed()


def _is_english(book: "Workbook") -> bool:
    words = [sheet.title for sheet in book.worksheets]
    for sheet in book.worksheets[:3]:
        sheet.reset_dimensions()  # what a file claims of its size is not to be trusted
        for row in islice(sheet.iter_rows(values_only=True), _SAMPLE):
            words += [cell for cell in row if isinstance(cell, str)]
    return language_of(" ".join(words)) == "en"


def _shown(path: Path, sheet: Any, english: bool) -> Iterator[rows.Row]:
    """The rows of a sheet; a cell that is merged over several rows counts for each of them."""
    sheet.reset_dimensions()
    layout = layout_of(path, sheet._worksheet_path)
    held: dict[int, tuple[int, str]] = {}  # column -> the last row of its merged cell, its text
    for number, row in enumerate(sheet.iter_rows(), 1):
        texts = [
            "" if at in layout.hidden else shown(cell.value, cell.number_format, english=english)
            for at, cell in enumerate(row)
        ]
        if any(texts):
            _fill(texts, held, number)
        for column, last in layout.merged.get(number, ()):
            held[column] = last, texts[column] if column < len(texts) else ""
        if number in layout.bands and sum(map(bool, texts)) == 1:
            yield rows.Band("".join(texts))
        else:
            yield [text for at, text in enumerate(texts) if at not in layout.hidden]


def _fill(texts: list[str], held: dict[int, tuple[int, str]], number: int) -> None:
    for column, (last, text) in list(held.items()):
        if number > last:
            del held[column]
        elif column < len(texts) and not texts[column]:
            texts[column] = text
