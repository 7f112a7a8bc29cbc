"""Files of every kind, made on the fly, and a way to have them read as documents are."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from core import reading
from core.reading import Parsed, Piece
from tests.retrieval.conftest import pdf

Reads = Callable[..., tuple[Parsed, list[Piece]]]

__all__ = ["Reads", "docx", "pdf", "repacked", "xlsx"]


@pytest.fixture
def reads(home: Path, tmp_path: Path) -> Reads:
    """``reads(data, name)``: what reading makes of a file, or why it does not."""

    def read(data: bytes, name: str, media_type: str = "") -> tuple[Parsed, list[Piece]]:
        path = tmp_path / "file"
        path.write_bytes(data)
        return reading.read(path, name, reading.type_of(data, name, media_type))

    return read


def docx(*blocks: str | Sequence[Sequence[str]]) -> bytes:
    """A document of paragraphs ("# " and "- " before headings and items) and tables."""
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


def _add_table(document: object, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(0, len(rows[0]))  # type: ignore[attr-defined]
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[object]]], formats: Mapping[str, str] = {}
) -> bytes:
    """A workbook; ``formats`` are number formats by the address of a cell of any sheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for address, form in formats.items():
            sheet[address].number_format = form
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


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


@pytest.fixture(scope="session", autouse=True)
def _ended() -> Iterator[None]:
    yield
    reading.close()
