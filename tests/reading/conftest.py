"""Files of every kind, made on the fly, and a way to have them read as documents are."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from core import reading
from core.reading import Parsed, Piece

Reads = Callable[..., tuple[Parsed, list[Piece]]]
Table = Sequence[Sequence[str]]
_WORD = "http://schemas.openxmlformats.org/wordprocessingml"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def reads(home: Path, tmp_path: Path) -> Reads:
    """``reads(data, name)``: what reading makes of a file, or why it does not."""

    def read(data: bytes, name: str, media_type: str = "") -> tuple[Parsed, list[Piece]]:
        path = tmp_path / "file"
        path.write_bytes(data)
        return reading.read(path, name, reading.type_of(data, name, media_type))

    return read


@pytest.fixture(scope="session", autouse=True)
def _ended() -> Iterator[None]:
    yield
    reading.close()


def docx(*blocks: str | Table) -> bytes:
    """A document of paragraphs ("# ", "- " and "1. " before headings and items) and tables."""
    import docx as library

    document = library.Document()
    for block in blocks:
        if not isinstance(block, str):
            _add_table(document, block)
        elif block.startswith("#"):
            marks, _space, title = block.partition(" ")
            document.add_heading(title, len(marks) - 1)
        elif block.startswith("- "):
            document.add_paragraph(block[2:], "List Bullet")
        elif block.startswith("1. "):
            document.add_paragraph(block[3:], "List Number")
        else:
            document.add_paragraph(block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_table(document: Any, rows: Table) -> None:
    table = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def docx_body(xml: bytes) -> bytes:
    """A document whose body is ``xml``."""
    base = docx()
    head, _body = part(base, "word/document.xml").split(b"<w:body>")
    return repacked(
        base, {"word/document.xml": head + b"<w:body>" + xml + b"</w:body></w:document>"}
    )


def with_notes(xml: bytes) -> bytes:
    """``docx_body`` with a footnote and an endnote, both with the id 7."""
    data, links = docx_body(xml), b""
    parts = {"[Content_Types].xml": part(data, "[Content_Types].xml")}
    for kind in ("footnote", "endnote"):
        note = f"<w:{kind} w:id='7'><w:p><w:r><w:t>{kind} de pé</w:t></w:r></w:p></w:{kind}>"
        body = f"<w:{kind}s xmlns:w='{_WORD}/2006/main'>{note}</w:{kind}s>"
        parts[f"word/{kind}s.xml"] = body.encode()
        links += (
            f"<Relationship Id='n{kind}' Type='{_LINK}/{kind}s' Target='{kind}s.xml'/>".encode()
        )
    name = "word/_rels/document.xml.rels"
    parts[name] = part(data, name).replace(b"</Relationships>", links + b"</Relationships>")
    return repacked(data, parts)


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    formats: Mapping[str, str] | None = None,
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> bytes:
    """A workbook; ``formats`` are number formats by the address of a cell of any sheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
        for row in rows:
            sheet.append(list(row))
        for address, form in (formats or {}).items():
            sheet[address].number_format = form
        for cells in merged:
            sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx_rows(xml: bytes) -> bytes:
    """A workbook whose only sheet holds the rows ``xml``."""
    base = xlsx({"Dados": [["x"]]})
    name = "xl/worksheets/sheet1.xml"
    head, _rows = part(base, name).split(b"<sheetData>")
    return repacked(base, {name: head + b"<sheetData>" + xml + b"</sheetData></worksheet>"})


def part(archive: bytes, name: str) -> bytes:
    """A part of a DOCX or XLSX."""
    with zipfile.ZipFile(io.BytesIO(archive)) as parts:
        return parts.read(name)


def repacked(archive: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The archive with some of its parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def drawn(*pages: str | bytes, resources: bytes = b"", objects: Sequence[bytes] = ()) -> bytes:
    """A PDF whose pages are drawn by these operators; /F1 is Helvetica, /F2 its bold.

    Further ``objects`` are numbered from 5 on, for ``resources`` to speak of.
    """
    made = [b"<</Type/Catalog/Pages 2 0 R>>", b"", _font(b"Helvetica"), _font(b"Helvetica-Bold")]
    made += objects
    kids = []
    for page in pages:
        content = page.encode("cp1252") if isinstance(page, str) else page
        made.append(stream(content))
        kids.append(len(made) + 1)
        fonts = b"/Font<</F1 3 0 R/F2 4 0 R>>" + resources
        made.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<<%s>>>>"
            % (len(made), fonts)
        )
    listed = b"".join(b"%d 0 R " % kid for kid in kids)
    made[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), listed)
    return pdf_of(made)


def pdf_of(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\n" % (
        *(size, table, size),
    )
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def stream(data: bytes, more: bytes = b"") -> bytes:
    """A compressed stream object; ``more`` stands in its dictionary."""
    packed = zlib.compress(data)
    head = b"<<%s/Filter/FlateDecode/Length %d>>" % (more, len(packed))
    return head + b"\nstream\n" + packed + b"\nendstream"


def _font(name: bytes) -> bytes:
    return b"<</Type/Font/Subtype/Type1/Encoding/WinAnsiEncoding/BaseFont/%s>>" % name


def said(x: float, y: float, text: str, size: float = 11, font: str = "F1") -> str:
    """Operators that write a line of text, for ``drawn``."""
    escaped = text.replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET\n"


def grid(x: float, y: float, rows: Table, width: float = 120, height: float = 20) -> str:
    """Operators that draw a ruled table whose upper left corner is at (x, y)."""
    out = ""
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            left, bottom = x + across * width, y - (down + 1) * height
            out += f"{left} {bottom} {width} {height} re S\n" + said(left + 4, bottom + 6, cell, 10)
    return out
