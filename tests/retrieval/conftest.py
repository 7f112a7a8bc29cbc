"""Assistants to add documents to, and files to add."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from core import db
from core.db.tables import Assistant


def new_assistant(name: str) -> str:
    """The id of a new, empty assistant."""
    with db.writing() as session:
        made = Assistant(name=name)
        session.add(made)
    return made.id


@pytest.fixture
def assistant(home: Path) -> str:
    return new_assistant("Suporte")


@pytest.fixture
def other_assistant(home: Path) -> str:
    return new_assistant("Livraria")


def pdf(pages: Sequence[str], password: str = "", owner: str = "") -> bytes:
    """A PDF with one line of text after another on each page, set in Helvetica."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for text in pages:
        page = writer.add_blank_page(595, 842)
        lines = " ".join(f"({line}) Tj T*" for line in text.split("\n"))
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 11 Tf 14 TL 50 780 Td {lines} ET".encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(content)
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if password or owner:
        writer.encrypt(password, owner or None, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
