"""XLSX: every sheet a heading, every row a line with its headings, every value as it is shown.

Formulas give the value their program stored, and are never evaluated; where none was stored the
cell is empty. Sheets that are hidden stay hidden.
"""

import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.reading import archive, rows
from core.reading.cells import shown
from core.reading.draft import Draft
from core.reading.parsed import Parsed
from core.text import language_of

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_NAMELESS = re.compile(r"(?:Sheet|Planilha|Plan|Folha) ?\d*", re.IGNORECASE)
_MERGED = re.compile(rb'<mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_SAMPLE = 40  # rows of a sheet by which the workbook's language is told
_MOST_MERGED = 10_000
_BLOCK, _LONGEST = 1 << 20, 200  # bytes read at a time; of a tag that lies across two blocks


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
            if len(visible) > 1 or not _NAMELESS.fullmatch(sheet.title):
                draft.heading(1, sheet.title)
            for line in rows.lines(_shown(path, sheet, english)):
                draft.row(line)
    return draft.parsed()


def _is_english(book: "Workbook") -> bool:
    words = [sheet.title for sheet in book.worksheets]
    for sheet in book.worksheets[:3]:
        sheet.reset_dimensions()  # what a file claims of its size is not to be trusted
        for row in islice(sheet.iter_rows(values_only=True), _SAMPLE):
            words += [cell for cell in row if isinstance(cell, str)]
    return language_of(" ".join(words)) == "en"


def _shown(path: Path, sheet: Any, english: bool) -> Iterator[list[str]]:
    """The rows of a sheet; a cell that is merged over several rows counts for each of them."""
    sheet.reset_dimensions()
    merged = _merged(path, sheet._worksheet_path)
    held: dict[int, tuple[int, str]] = {}  # column -> the last row of its merged cell, its text
    for number, row in enumerate(sheet.iter_rows(), 1):
        texts = [shown(cell.value, cell.number_format, english=english) for cell in row]
        if any(texts):
            _fill(texts, held, number)
        for column, last in merged.get(number, ()):
            held[column] = last, texts[column] if column < len(texts) else ""
        yield texts


def _fill(texts: list[str], held: dict[int, tuple[int, str]], number: int) -> None:
    for column, (last, text) in list(held.items()):
        if number > last:
            del held[column]
        elif column < len(texts) and not texts[column]:
            texts[column] = text


def _merged(path: Path, part: str) -> dict[int, list[tuple[int, int]]]:
    """Where cells run over several rows: first row -> (column from 0, last row)."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for tag in islice(_tags(path, part.removeprefix("/")), _MOST_MERGED):
        first, last = int(tag[2]), int(tag[4])
        if last > first:
            spans.setdefault(first, []).append((_column(tag[1]), last))
    return spans


def _tags(path: Path, part: str) -> Iterator[re.Match[bytes]]:
    """The merged cells of a sheet's XML, which stand after its rows: it is searched in blocks."""
    with zipfile.ZipFile(path) as archive, archive.open(part) as file:
        rest = b""
        while block := file.read(_BLOCK):
            text, end = rest + block, 0
            for tag in _MERGED.finditer(text):
                end = tag.end()
                yield tag
            rest = text[max(end, len(text) - _LONGEST) :]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
