"""PDF: pages become headings, paragraphs, items, the rows of tables, and what fills a form.

A PDF only knows where letters stand. The lines come from PDFium (``letters``); which of them are
headings and which run on is told by their looks and places (``layout``), tables by their rules
(``tables``) or, where they have none, by the gutters between their words (``columns``).
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from core.reading import columns, rows
from core.reading.draft import Draft
from core.reading.forms import with_fields
from core.reading.layout import Line, Looks, blocks, looks_of, without_edges
from core.reading.letters import lines_of
from core.reading.limits import MAX_PAGES
from core.reading.parsed import Parsed
from core.reading.refusals import Refused
from core.reading.tables import Table, tables_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_LOCKED = (4, 5)  # PDFium's codes for a wrong password and for an unknown way of locking
_END = b"%%EOF"
_TAIL = 1 << 16  # bytes at the end in which it stands; some programs append to it
_RULES = range(3, 3_000)  # lines and boxes drawn on a page that may hold a table
_MOST_RULED = 400  # pages searched for tables, the first ones: it takes 50 ms each


def read_pdf(path: Path) -> Parsed:
    """The pages of a PDF that opens without a password."""
    if _END not in _tail(path):
        raise Refused("damaged")  # PDFium would repair it, and tell half of it
    pages: list[list[Line]] = []
    ruled: list[int] = []
    with closing(_opened(path)) as document:
        if len(document) > MAX_PAGES:
            raise Refused("too_long")
        has_form = document.get_formtype() != 0 and document.init_forms()
        for number in range(len(document)):
            lines, rules = _page(document, number, has_form)
            pages.append(lines)
            ruled += [number] if rules in _RULES else []
    return _told(without_edges(pages), tables_of(path, ruled[:_MOST_RULED]))


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL, 0))
        return file.read()


def _opened(path: Path) -> "PdfDocument":
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        return PdfDocument(path)
    except PdfiumError as error:
        raise Refused("encrypted" if error.err_code in _LOCKED else "damaged") from None


def _page(document: "PdfDocument", number: int, has_form: bool) -> tuple[list[Line], int]:
    """The lines of a page, and how many lines and boxes are drawn on it."""
    from pypdfium2 import raw

    with closing(document[number]) as page:
        objects = (
            raw.FPDFPage_GetObject(page, at) for at in range(raw.FPDFPage_CountObjects(page))
        )
        rules = sum(raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_PATH for one in objects)
        with closing(page.get_textpage()) as text:
            lines = list(lines_of(text))
        return with_fields(document, page, lines) if has_form else lines, rules


def _told(pages: Sequence[list[Line]], tables: dict[int, list[Table]]) -> Parsed:
    draft, looks = Draft(), looks_of(pages)
    teller = _Teller(draft, looks)
    for number, lines in enumerate(pages):
        draft.page()
        teller.tell(lines, tables.get(number, []))
    return draft.parsed()


class _Teller:
    """Writes pages; a table that goes on over pages keeps its head."""

    def __init__(self, draft: Draft, looks: Looks) -> None:
        self._draft = draft
        self._looks = looks
        self._head: list[str] = []  # of the table with which the page before ended

    def tell(self, lines: Sequence[Line], tables: Sequence[Table]) -> None:
        held: list[Line] = []
        told: list[Table] = []
        for line in lines:
            table = next((one for one in tables if one.holds(line.left + 1, line.y + 1)), None)
            if table is None:
                held.append(line)
            elif table not in told:
                self._tell_lines(held)
                held = []
                self._tell_rows(table.rows)
                told.append(table)
        self._tell_lines(held)

    def _tell_lines(self, lines: Sequence[Line]) -> None:
        for some, table in columns.parts(lines):
            if table:
                self._tell_rows(table, columns.has_head(some, table))
            else:
                self._tell_blocks(some)

    def _tell_blocks(self, lines: Sequence[Line]) -> None:
        for block in blocks(lines, self._looks):
            self._head = []
            if isinstance(block.kind, int):
                self._draft.heading(block.kind, block.text)
            elif block.kind == "item":
                self._draft.item(block.text, block.mark)
            else:
                self._draft.paragraph(block.text)

    def _tell_rows(self, table: Sequence[rows.Row], has_head: bool = True) -> None:
        own, width = rows.head_of(table) if has_head else [], max(map(len, table))
        head: list[str] | None = None if own else []
        if self._head != own and len(self._head) == width:
            head = self._head
        for line in rows.lines(table, head):
            self._draft.row(line)
        self._head = head or own
