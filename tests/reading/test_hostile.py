"""Files that are out to hurt: each ends in its own sentence, in time, and leaves the index alone.

HOSTILE maps every file to its code, SENTENCES every code to what people read in both languages.
"""

import io
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core import db, reading, retrieval
from core.config import settings
from core.db.tables import Chunk, Document, IndexChange
from core.errors import InvalidInput
from core.i18n import speaking
from tests.reading.conftest import (
    Reads,
    docx,
    docx_body,
    drawn,
    part,
    pdf_of,
    repacked,
    said,
    stream,
    xlsx,
    xlsx_rows,
)
from tests.retrieval.conftest import new_assistant, pdf

pytestmark = pytest.mark.slow
QUICK, PATIENT = 2, 30  # seconds that reading may take: for what spins, and for all others
BUSY = 4  # seconds more for all else that a busy machine does meanwhile

SENTENCES = {
    "empty_file": ("'{name}' is empty.", "“{name}” está vazio."),
    "too_large": ("'{name}' is larger than 50 MB.", "“{name}” passa de 50 MB."),
    "unsupported_type": (
        "'{name}' cannot be added: files of this kind are not read.",
        "“{name}” não pode ser adicionado: arquivos deste tipo não são lidos.",
    ),
    "wrong_type": (
        "The content of '{name}' is not what its ending says.",
        "O conteúdo de “{name}” não é o que a extensão diz.",
    ),
    "not_text": (
        "'{name}' holds binary data, not text.",
        "“{name}” tem dados binários, não texto.",
    ),
    "macros": (
        "'{name}' may carry macros; such files are not read.",
        "“{name}” pode conter macros; arquivos assim não são lidos.",
    ),
    "encrypted": ("'{name}' is protected by a password.", "“{name}” está protegido por senha."),
    "damaged": ("'{name}' is damaged or incomplete.", "“{name}” está danificado ou incompleto."),
    "broke_off": (
        "Reading '{name}' broke off: it makes its reader fail.",
        "A leitura de “{name}” foi interrompida: o arquivo faz o leitor falhar.",
    ),
    "no_text": ("'{name}' holds no text.", "“{name}” não tem texto."),
    "too_long": (
        "'{name}' holds more than 5,000,000 characters or 5,000 pages.",
        "“{name}” tem mais de 5.000.000 caracteres ou de 5.000 páginas.",
    ),
    "unpacks_too_large": (
        "'{name}' unpacks into more than 300 MB or 5,000 parts.",
        "“{name}” descompactado passa de 300 MB ou de 5.000 partes.",
    ),
    "external_entities": (
        "'{name}' defines entities of its own, which no office program does.",
        "“{name}” define entidades próprias, o que nenhum programa de escritório faz.",
    ),
    "too_deep": (
        "'{name}' is nested more than 250 levels deep.",
        "“{name}” tem mais de 250 níveis, um dentro do outro.",
    ),
    "too_slow": (
        "Reading '{name}' took longer than allowed.",
        "A leitura de “{name}” levou mais tempo do que o permitido.",
    ),
    "too_heavy": (
        "Reading '{name}' took more memory than allowed.",
        "A leitura de “{name}” usou mais memória do que o permitido.",
    ),
}

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
LOCKED = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(400)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PROGRAM = b"MZ\x90\x00\x03" + bytes(64)
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><x>&c;</x>'


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def locked_parts(archive: bytes) -> bytes:
    """The archive with the flag of encryption on each of its parts."""
    data = bytearray(archive)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def bomb(archive: bytes, megabytes: int = 310) -> bytes:
    """The archive with a part that unpacks into much."""
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a", 8, compresslevel=1) as parts, parts.open("x.bin", "w") as file:
        for _megabyte in range(megabytes):
            file.write(bytes(1 << 20))
    return out.getvalue()


def lying(archive: bytes) -> bytes:
    """The archive, whose main part is said to be shorter than it is."""
    with zipfile.ZipFile(io.BytesIO(archive)) as parts:
        size = parts.getinfo("word/document.xml").file_size
    return archive.replace(size.to_bytes(4, "little"), (size // 3).to_bytes(4, "little"))


def crowded(archive: bytes) -> bytes:
    return repacked(archive, {f"x/{n}": b"" for n in range(5_001)})


def with_entities(archive: bytes, name: str, xml: bytes) -> bytes:
    return repacked(archive, {name: xml + part(archive, name).partition(b"?>")[2]})


def many_pages(count: int) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    kids = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, b"3 0 R " * count)
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", kids, page])


def pages_of_operators() -> bytes:
    """A few kilobytes whose every page makes its reader work for a second."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    kids = b"<</Type/Pages/Count 500/Kids[%s]>>" % (b"3 0 R " * 500)
    work = stream(b"0 0 1 1 re n " * 2_000_000)
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", kids, page, work])


def page_tree_in_a_circle() -> bytes:
    kids = b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", kids])


def unpacking_without_end() -> bytes:
    """A page of a few kilobytes that unpacks into two gigabytes."""
    packer = zlib.compressobj(9)
    first, again = (packer.compress(bytes(1 << 20)) + packer.flush(3) for _time in range(2))
    data = first + again * 2_000
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    content = b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(data), data)
    kids = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", kids, page, content])


def crossing_rules() -> bytes:
    """A page ruled so densely that whoever looks for tables spins."""
    rules = (f"{n} 0 m {n} 9000 l S 0 {n} m 9000 {n} l S " for n in range(0, 9000, 12))
    return drawn(said(50, 700, "Texto") + "".join(rules))


def unpacking_page(megabytes: int) -> bytes:
    return drawn(said(50, 700, "Texto").encode() + b"q Q " * (megabytes << 18))


def deep(opening: bytes, closing: bytes, levels: int) -> bytes:
    return opening * levels + b"fundo" + closing * levels


Make = Callable[[], bytes]
HOSTILE: Sequence[tuple[str, Make, str]] = (
    ("vazio.pdf", lambda: b"", "empty_file"),
    ("branco.txt", lambda: b" \n\t ", "empty_file"),
    ("grande.txt", lambda: bytes(200 << 20), "too_large"),
    ("programa.exe", lambda: PROGRAM, "unsupported_type"),
    ("velho.doc", lambda: OLE, "unsupported_type"),
    ("semfim", lambda: b"texto", "unsupported_type"),
    ("foto.pdf", lambda: PNG, "wrong_type"),
    ("foto.md", lambda: PNG, "wrong_type"),
    ("programa.txt", lambda: PROGRAM, "wrong_type"),
    ("relatorio.txt", lambda: pdf(["Texto"]), "wrong_type"),
    ("pagina.pdf", lambda: b"<html><p>oi</p></html>", "wrong_type"),
    ("velho.docx", lambda: OLE, "wrong_type"),
    ("planilha.docx", lambda: xlsx({"A": [["x"]]}), "wrong_type"),
    ("texto.xlsx", lambda: docx("x"), "wrong_type"),
    ("zip.docx", lambda: bomb(b"", 1), "wrong_type"),
    ("bytes.txt", lambda: bytes(range(256)) * 9, "not_text"),
    ("bytes.csv", lambda: b"a,b\n" * 2000 + bytes(5000), "not_text"),
    ("macro.docm", lambda: docx("x"), "macros"),
    ("macro.xlsm", lambda: xlsx({"A": [["x"]]}), "macros"),
    ("macro.docx", lambda: repacked(docx("x"), {"word/vbaProject.bin": b"x"}), "macros"),
    ("senha.pdf", lambda: pdf(["Segredo"], password="abc"), "encrypted"),
    ("senha.docx", lambda: LOCKED, "encrypted"),
    ("senha.xlsx", lambda: LOCKED, "encrypted"),
    ("partes.docx", lambda: locked_parts(docx("x")), "encrypted"),
    ("cortado.pdf", lambda: cut(pdf(["Texto de uma página."] * 5)), "damaged"),
    ("cortado.docx", lambda: cut(docx("x")), "damaged"),
    ("cortado.xlsx", lambda: cut(xlsx({"A": [["x"]]})), "damaged"),
    ("nada.pdf", lambda: b"%PDF-1.7\nand then nothing of use\n%%EOF", "damaged"),
    ("mente.docx", lambda: lying(docx("x")), "damaged"),
    ("circulo.pdf", page_tree_in_a_circle, "damaged"),
    ("escaneado.pdf", lambda: pdf([""]), "no_text"),
    ("paginas.pdf", lambda: many_pages(50_000), "too_long"),
    ("linhas.csv", lambda: b"produto;codigo\n" + b"bule;123\n" * 300_000, "too_long"),
    ("letras.md", lambda: b"palavra " * 700_000, "too_long"),
    (
        "celulas.html",
        lambda: b"<table>" + b"<tr><td colspan=9 rowspan=99999>abc" * 5_000,
        "too_long",
    ),
    ("bomba.docx", lambda: bomb(docx("x")), "unpacks_too_large"),
    ("bomba.xlsx", lambda: bomb(xlsx({"A": [["x"]]})), "unpacks_too_large"),
    ("cheio.docx", lambda: crowded(docx("x")), "unpacks_too_large"),
    (
        "entidade.docx",
        lambda: with_entities(docx("x"), "word/document.xml", ENTITIES),
        "external_entities",
    ),
    (
        "entidade.xlsx",
        lambda: with_entities(xlsx({"A": [["x"]]}), "xl/worksheets/sheet1.xml", ENTITIES),
        "external_entities",
    ),
    (
        "riso.docx",
        lambda: repacked(docx("x"), {"word/footnotes.xml": LAUGHS}),
        "external_entities",
    ),
    ("fundo.html", lambda: deep(b"<div>", b"</div>", 100_000), "too_deep"),
    (
        "fundo.docx",
        lambda: docx_body(deep(b"<w:sdt><w:sdtContent>", b"</w:sdtContent></w:sdt>", 20_000)),
        "too_deep",
    ),
    ("tracos.md", lambda: b"a\n" + b"-" * 200_000 + b"x", "too_slow"),
    ("operadores.pdf", pages_of_operators, "too_slow"),
    (
        "linha.xlsx",
        lambda: xlsx_rows(b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'),
        "too_slow",
    ),
    ("muitos.docx", lambda: docx_body(b"<w:p/>" * 8_000_000), "too_heavy"),
    ("bomba.pdf", unpacking_without_end, "broke_off"),
)


@pytest.fixture
def limited(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets how many seconds reading may take."""

    def limit(seconds: int) -> None:
        monkeypatch.setenv("CICLO_READ_SECONDS", str(seconds))
        monkeypatch.setenv("CICLO_READ_MEMORY_MB", "768")
        settings.cache_clear()

    return limit


def stored() -> list[object]:
    """All that search goes by."""
    with db.session() as session:
        return [session.query(Chunk.text).all(), session.query(IndexChange.number).all()]


@pytest.mark.parametrize(("name", "make", "code"), HOSTILE, ids=[name for name, *_ in HOSTILE])
def test_a_hostile_file_ends_in_its_sentence_in_time(
    limited: Callable[[int], None], name: str, make: Make, code: str
) -> None:
    seconds = QUICK if code == "too_slow" else PATIENT
    limited(seconds)
    assistant, data = new_assistant("Loja"), make()
    retrieval.add(assistant, "bom.md", b"O frete custa R$ 10.", now=True)
    before, began = stored(), time.monotonic()
    found, message = outcome(assistant, name, data)
    assert time.monotonic() - began < seconds + BUSY
    english, portuguese = (text.format(name=name) for text in SENTENCES[code])
    assert (found, message) == (code, portuguese)
    if code != "too_large":
        with speaking("en"):
            assert reading.refusal(code, name).message == english
            assert reading.refusal(code, name).hint
    assert stored() == before
    assert retrieval.search("frete", assistant_id=assistant).passages[0].document_name == "bom.md"


def outcome(assistant: str, name: str, data: bytes) -> tuple[str, str]:
    """The code and the sentence of a refusal, at once or after reading."""
    try:
        document = retrieval.add(assistant, name, data, now=True)
    except InvalidInput as refused:
        assert name not in [one.name for one in retrieval.documents()]
        return refused.code, refused.message
    assert document.state == "failed"
    return document.error_code, document.error


def test_every_code_has_a_hostile_file() -> None:
    assert {code for _name, _make, code in HOSTILE} == SENTENCES.keys()
    assert reading.REFUSALS.keys() == SENTENCES.keys() - {"too_large"}


HARMLESS: Sequence[tuple[str, Make, str]] = (
    ("caixa.docx", lambda: repacked(docx("Texto"), {"word/embeddings/a.zip": bomb(b"", 200)}), ""),
    ("volta.pdf", lambda: pdf(["Texto"]).replace(b"/Root", b"/Prev 9 /Root"), ""),
    ("entidade.html", lambda: ENTITIES + b"<p>Texto &e;</p>", "root:"),
    ("fora.html", lambda: b"<p>Texto</p><iframe src=file:///etc/passwd></iframe>", "root:"),
    ("formula.csv", lambda: b"a,b\nTexto,=1+1\n", "2"),
    ("atributos.html", lambda: b"<p " + b"a=1 " * 500_000 + b">Texto</p>", ""),
    ("aberto.html", lambda: b"<b>Texto" + b"<p>" * 50_000, ""),
    ("aspas.csv", lambda: b'a,b\n"Texto' + b"x," * 100_000, ""),
    ("espacos.txt", lambda: b"Texto" + b" " * 2_000_000 + b"fim", ""),
    ("cercas.md", lambda: b"# Texto\n```\n" * 20_000, ""),
    ("desempacota.pdf", lambda: unpacking_page(4), ""),
    ("grade.pdf", crossing_rules, ""),
)


@pytest.mark.parametrize(("name", "make", "never"), HARMLESS, ids=[name for name, *_ in HARMLESS])
def test_a_strange_file_that_does_no_harm_is_read(
    reads: Reads, name: str, make: Make, never: str
) -> None:
    text = reads(make(), name)[0].text
    assert "Texto" in text
    assert not never or never not in text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/cron.d/a.md", "etc/cron.d/a.md"),
        ("..\\..\\a.md", "a.md"),
        ("nota\u202efdp.md", "notafdp.md"),
        ("a\x1b[2J\x00\r\n.md", "a[2J.md"),
        ("ção\u200b.md", "ção.md"),
    ],
)
def test_a_name_is_made_harmless(home: Path, given: str, kept: str) -> None:
    document = retrieval.add(new_assistant("Loja"), given, b"texto")
    assert document.name == kept
    assert [path.name for path in (home / "documents").iterdir()] == [document.digest]


@pytest.mark.parametrize("name", ["a" * 298 + ".md", "../..", "\u202e"])
def test_a_name_too_long_or_of_nothing_is_refused(home: Path, name: str) -> None:
    assistant = new_assistant("Loja")
    with pytest.raises(InvalidInput) as refused:
        retrieval.add(assistant, name, b"texto")
    assert refused.value.code == "bad_name"
    with db.session() as session:
        assert session.query(Document).count() == 0
