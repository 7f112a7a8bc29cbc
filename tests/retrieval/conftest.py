"""Assistants to add documents to, and files to add."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from core import db, retrieval
from core.config import settings
from core.db.tables import Assistant
from tests.fake_ollama import FakeModel, FakeOllama, embedding_model


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
def ollama(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOllama]:
    """A configured Ollama server with two embedding models and one for chats."""
    from core.retrieval import meaning

    models = [embedding_model(f"{name}:latest") for name in ("bge-m3", "all-minilm")]
    with FakeOllama(models=[*models, FakeModel("llama3.2:latest")]) as server:
        monkeypatch.setenv("CICLO_OLLAMA_URL", server.url)
        settings.cache_clear()
        yield server
    meaning.forget()


@pytest.fixture(
    params=["embedded:lexical-512", pytest.param("ollama:bge-m3", marks=pytest.mark.slow)]
)
def embedder(request: pytest.FixtureRequest, home: Path) -> str:
    """The test is run with each of these; both are real, and one answers over HTTP."""
    if str(request.param).startswith("ollama:"):
        request.getfixturevalue("ollama")
        retrieval.use_embedder(request.param)
        embedded()
    return str(request.param)


def embedded() -> None:
    """Every chunk has its vector, and the index of this process has them too."""
    retrieval.embed_waiting()
    retrieval.settle()


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
