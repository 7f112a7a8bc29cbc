"""Files that are out to hurt, made on the fly.

HOSTILE maps every file to its code, SENTENCES every code to what people read in both languages;
HARMLESS files are strange and are read, each with what must never stand in its text.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence

from tests.reading.conftest import (
    docx,
    docx_body,
    drawn,
    part,
    pdf_of,
    repacked,
    said,
    stream,
    with_notes,
    xlsx,
    xlsx_rows,
)
from tests.retrieval.conftest import pdf

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


def behind_remarks(archive: bytes, name: str) -> bytes:
    """The archive, in which one part defines entities after so many remarks that none is seen."""
    return with_entities(
        archive, name, b'<?xml version="1.0"?><!--%s-->' % (b" " * 70_000) + LAUGHS
    )


def styles(count: int) -> bytes:
    """A workbook of a few kilobytes with so many styles of cells."""
    base, name = xlsx({"A": [["x"]]}), "xl/styles.xml"
    head, _styles = part(base, name).split(b"<cellXfs")
    tail = _styles.partition(b"</cellXfs>")[2]
    many = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' * count
    return repacked(base, {name: b"%s<cellXfs>%s</cellXfs>%s" % (head, many, tail)})


def deep_pages(levels: int) -> bytes:
    """A tree of pages that is all branches."""
    branches = (b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % number for number in range(3, levels + 3))
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", *branches, b"<</Type/Page/Parent 2 0 R>>"])


def words_on_a_line(count: int) -> bytes:
    return drawn("".join(said(at * 37 % 500, 700, "ab") for at in range(count)))


def drawing_itself() -> bytes:
    """A page with a drawing that draws itself twice."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources%s>>"
    drawing = b"<</XObject<</X 5 0 R>>>>"
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources" + drawing
    kids = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return pdf_of(
        [
            *(b"<</Type/Catalog/Pages 2 0 R>>", kids, page % drawing),
            *(stream(b"/X Do"), stream(b"/X Do /X Do", form)),
        ]
    )


def chained(filters: int) -> bytes:
    """A page that is packed again and again."""
    data = b"BT /F1 9 Tf 50 700 Td (Texto) Tj ET " + b"q Q " * 4_000_000
    for _time in range(filters):
        data = zlib.compress(data)
    head = b"<</Filter[%s]/Length %d>>" % (b"/FlateDecode" * filters, len(data))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    page += b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
    kids = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    content = b"%s\nstream\n%s\nendstream" % (head, data)
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", kids, page, content])


def huge_image(data: bytes, filter_: bytes) -> bytes:
    """A page with an image that would take gigabytes, were it shown."""
    looks = b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 1"
    head = b"<<%s/ColorSpace/DeviceGray/Filter/%s/Length %d>>" % (looks, filter_, len(data))
    return drawn(
        said(50, 700, "Texto") + "q 9 0 0 9 0 0 cm /I Do Q",
        resources=b"/XObject<</I 5 0 R>>",
        objects=[b"%s\nstream\n%s\nendstream" % (head, data)],
    )


def many_fields(count: int) -> bytes:
    """A page with one field of a form so many times."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[%s]"
    page += b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(b)/Parent 5 0 R/Rect[1 1 2 2]>>"
    return pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            *(page % (b"5 0 R " * count), stream(said(50, 700, "Texto").encode()), field),
        ]
    )


def merged_everywhere(count: int) -> bytes:
    base, name = xlsx({"A": [["Texto", "b"]] * 3}), "xl/worksheets/sheet1.xml"
    merged = b"</sheetData><mergeCells>%s</mergeCells>" % (
        b'<mergeCell ref="A1:XFD1048576"/>' * count
    )
    return repacked(base, {name: part(base, name).replace(b"</sheetData>", merged)})


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
    ("operadores.pdf", pages_of_operators, "too_slow"),
    (
        "linha.xlsx",
        lambda: xlsx_rows(b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'),
        "too_slow",
    ),
    ("entidade-no-fundo.docx", lambda: behind_remarks(docx("x"), "word/document.xml"), "damaged"),
    ("ambos.pdf", lambda: b"%PDF-1.7\n" + docx("x") + b"%%EOF", "damaged"),
    ("ambos.docx", lambda: b"%PDF-1.7\n" + docx("x"), "wrong_type"),
    ("ambos.html", lambda: b"GIF89a<p>Texto</p>", "wrong_type"),
    ("galhos.pdf", lambda: deep_pages(5_000), "damaged"),
    ("tabelas.html", lambda: b"<table><tr><td>" * 120 + b"Texto", "too_deep"),
    ("uma-linha.pdf", lambda: words_on_a_line(90_000), "too_slow"),
    ("estilos.xlsx", lambda: styles(1_000_000), "too_heavy"),
    ("desenhos.pdf", lambda: drawing_itself(), "broke_off"),
    ("muitos.docx", lambda: docx_body(b"<w:p/>" * 8_000_000), "too_heavy"),
    ("bomba.pdf", unpacking_without_end, "broke_off"),
)


JBIG2 = bytes.fromhex(
    "00000000300001000000130000ea600000ea6000000000000000000000"
)  # a page, no more
NOTED = b"<w:p><w:r><w:t>Texto</w:t><w:footnoteReference w:id='7'/></w:r></w:p>"
TEXT = b"<w:p><w:r><w:t>Texto</w:t></w:r></w:p>"
FRAMED, UNFRAMED = b"<w:tbl><w:tr><w:tc>", b"</w:tc></w:tr></w:tbl>"

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
    ("um-milhao.csv", lambda: b"Texto\n" + b"x\n" * 1_000_000, ""),
    ("filtros.pdf", lambda: chained(20), ""),
    ("imagem.pdf", lambda: huge_image(zlib.compress(bytes(999)), b"FlateDecode"), ""),
    ("jbig2.pdf", lambda: huge_image(JBIG2, b"JBIG2Decode"), ""),
    ("campos.pdf", lambda: many_fields(100_000), ""),
    ("mescladas.xlsx", lambda: merged_everywhere(100_000), ""),
    ("nota-repetida.docx", lambda: with_notes(NOTED * 50_000), "de pé (1)"),
    ("tabelas.docx", lambda: docx_body(FRAMED * 60 + b"<w:p/>" + UNFRAMED * 60 + TEXT), ""),
    ("tracos.md", lambda: b"Texto\n" + b"-" * 400_000 + b"x", ""),
    ("titulos.md", lambda: b"\n\nTexto\n===\n" * 20_000, ""),
    ("frente.md", lambda: b"---\n" + b"Texto\n" * 200_000, ""),
)
