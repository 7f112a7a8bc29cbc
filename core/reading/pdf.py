"""PDF: pages become headings, paragraphs, items, and the rows of ruled tables.

A PDF only knows where letters stand. The lines come from PDFium; which of them are headings and
which run on is told by their looks and places (``layout``), tables by their rules (``tables``).
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from ctypes import byref, c_double, c_int, create_string_buffer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.reading import rows
from core.reading.draft import Draft
from core.reading.layout import Line, Looks, blocks, looks_of, without_edges
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
_BOLD = 600  # a font's weight, where it tells one
_HYPHEN = 2  # PDFium's mark of a hyphen at the end of a line that it has put together


def read_pdf(path: Path) -> Parsed:
    """The pages of a PDF that opens without a password."""
    if _END not in _tail(path):
        raise Refused("damaged")  # PDFium would repair it, and tell half of it
    pages: list[list[Line]] = []
    ruled: list[int] = []
    with closing(_opened(path)) as document:
        if len(document) > MAX_PAGES:
            raise Refused("too_long")
        for number in range(len(document)):
            lines, rules = _page(document, number)
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


def _page(document: "PdfDocument", number: int) -> tuple[list[Line], int]:
    """The lines of a page, and how many lines and boxes are drawn on it."""
    from pypdfium2 import raw

    with closing(document[number]) as page:
        objects = (
            raw.FPDFPage_GetObject(page, at) for at in range(raw.FPDFPage_CountObjects(page))
        )
        rules = sum(raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_PATH for one in objects)
        with closing(page.get_textpage()) as text:
            return list(_lines(raw, text)), rules


def _lines(raw: Any, page: Any) -> Iterator[Line]:
    codes = [raw.FPDFText_GetUnicode(page, at) for at in range(raw.FPDFText_CountChars(page))]
    start = 0
    for at, code in enumerate([*codes, 10]):
        if code == 10:
            text = "".join(chr(one) for one in codes[start:at] if one not in (0, _HYPHEN))
            if (bare := text.strip()) and max(codes[start:at]) > 32:
                yield _line(raw, page, bare, *_ends(codes, start, at))
            start = at + 1


def _ends(codes: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """The places of the first letter or digit (a bullet has its own size) and of the last sign."""
    seen = [at for at in range(start, end) if codes[at] > 32]
    first = next((at for at in seen if chr(codes[at]).isalnum()), seen[0])
    return first, seen[-1]


def _line(raw: Any, page: Any, text: str, first: int, last: int) -> Line:
    x, y, right, other = c_double(), c_double(), c_double(), c_double()
    raw.FPDFText_GetCharBox(page, last, byref(other), byref(right), byref(other), byref(other))
    raw.FPDFText_GetCharOrigin(page, first, byref(x), byref(y))
    bold = _is_bold(raw, page, first) and _is_bold(raw, page, last)
    size = _size(raw, page, first)
    return Line(text, size, bold, x.value, right.value, y.value)


def _size(raw: Any, page: Any, at: int) -> float:
    """The size in which a letter is seen: that of its font, scaled by the page's matrix."""
    from pypdfium2.raw import FS_MATRIX

    matrix = FS_MATRIX()
    raw.FPDFText_GetMatrix(page, at, byref(matrix))
    return abs(raw.FPDFText_GetFontSize(page, at) * (matrix.d or matrix.b or 1))


def _is_bold(raw: Any, page: Any, at: int) -> bool:
    name, flags = create_string_buffer(80), c_int()
    raw.FPDFText_GetFontInfo(page, at, name, 80, byref(flags))
    weight = raw.FPDFText_GetFontWeight(page, at)
    return weight >= _BOLD or b"bold" in name.value.lower()


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
                self._tell_table(table)
                told.append(table)
        self._tell_lines(held)

    def _tell_lines(self, lines: Sequence[Line]) -> None:
        for block in blocks(lines, self._looks):
            self._head = []
            if isinstance(block.kind, int):
                self._draft.heading(block.kind, block.text)
            elif block.kind == "item":
                self._draft.item(block.text, block.mark)
            else:
                self._draft.paragraph(block.text)

    def _tell_table(self, table: Table) -> None:
        own, width = rows.head_of(table.rows), max(map(len, table.rows))
        head = self._head if self._head != own and len(self._head) == width else None
        for line in rows.lines(table.rows, head):
            self._draft.row(line)
        self._head = head or own
