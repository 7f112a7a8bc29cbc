"""Forms of PDFs: what was filled in stands beside the words that ask for it."""

import pytest

from tests.reading.conftest import Reads, pdf_of, said, stream

CITY = b"/FT/Tx/T(cidade)/V(Recife)/Rect[120 692 320 712]"
TICKED = b"/FT/Btn/T(entrega)/TU(Faz entrega)/V/Yes/AS/Yes/AP<</N<</Yes 6 0 R>>>>"


def form(words: str, *fields: bytes) -> bytes:
    """A page of words with the widgets of fields."""
    numbers = [7 + at for at in range(len(fields))]
    listed = b" ".join(b"%d 0 R" % number for number in numbers)
    made = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%s]>>>>" % listed,
        b"<</Type/Pages/Count 1/Kids[4 0 R]>>",
        b"<</Type/Font/Subtype/Type1/Encoding/WinAnsiEncoding/BaseFont/Helvetica>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R"
        b"/Resources<</Font<</F1 3 0 R>>>>/Annots[%s]>>" % listed,
        stream(words.encode("cp1252")),
        stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),
    ]
    widgets = [b"<</Type/Annot/Subtype/Widget/P 4 0 R%s>>" % field for field in fields]
    return pdf_of([*made, *widgets])


@pytest.mark.parametrize(
    ("words", "field", "text"),
    [
        (said(50, 697, "Cidade:"), CITY, "Cidade: Recife"),
        (said(120, 716, "Cidade da loja"), CITY, "Cidade da loja: Recife"),
        (said(50, 300, "Ficha"), CITY, "cidade: Recife\n\nFicha"),
        (said(50, 300, "Ficha"), CITY.replace(b"cidade", b"c1"), "Recife\n\nFicha"),
        (said(80, 655, "Entrega"), TICKED + b"/Rect[50 650 70 670]", "[x] Entrega"),
        (said(80, 300, "Ficha"), TICKED + b"/Rect[50 650 70 670]", "Faz entrega\n\nFicha"),
        (
            said(80, 655, "Entrega"),
            TICKED.replace(b"/Yes/AS/Yes", b"/Off/AS/Off") + b"/Rect[50 650 70 670]",
            "[ ] Entrega",
        ),
        (
            said(50, 655, "Porte:"),
            TICKED.replace(b"Yes", b"pequena") + b"/Rect[120 650 140 670]",
            "Porte: pequena",
        ),
    ],
)
def test_a_value_stands_with_what_asks_for_it(
    reads: Reads, words: str, field: bytes, text: str
) -> None:
    assert reads(form(words, field), "a.pdf")[0].text == text


def test_two_fields_on_a_line_have_each_its_own_value(reads: Reads) -> None:
    words = said(50, 697, "Nome:") + said(330, 697, "UF:")
    state = b"/FT/Tx/T(uf)/V(PE)/Rect[370 692 400 712]"
    text = reads(form(words, CITY.replace(b"Recife", b"Ana"), state), "a.pdf")[0].text
    assert text == "Nome: Ana UF: PE"


@pytest.mark.parametrize("hidden", [b"/F 2", b"/F 32", b"/Ff 8192"])
def test_what_nobody_sees_of_a_form_is_not_told(reads: Reads, hidden: bytes) -> None:
    assert reads(form(said(50, 697, "Senha:"), CITY + hidden), "a.pdf")[0].text == "Senha:"


def test_a_form_with_nothing_in_it_is_its_words(reads: Reads) -> None:
    empty = CITY.replace(b"(Recife)", b"()")
    assert reads(form(said(50, 697, "Cidade:"), empty), "a.pdf")[0].text == "Cidade:"
