"""Reading files: what becomes text, and what is refused with which code."""

import pytest

from core.errors import InvalidInput
from core.retrieval.parsing import read
from tests.retrieval.conftest import pdf


def test_text_is_read_in_the_encodings_people_use() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert read("Preço: 10 reais à vista".encode(encoding), "a.txt").text == (
            "Preço: 10 reais à vista"
        )


def test_line_ends_of_every_system_become_one() -> None:
    assert read(b"um\r\ndois\rtres\n", "a.md").text == "um\ndois\ntres\n"


def test_a_pdf_keeps_its_pages() -> None:
    parsed = read(pdf(["Primeira página.", "Segunda página."]), "a.pdf")
    assert parsed.pages == 2
    assert [parsed.text[start:][:7] for start in parsed.page_starts] == ["Primeir", "Segunda"]


def test_the_lines_of_a_pdf_run_on_as_paragraphs() -> None:
    lines = "O prazo para pedir a troca de um produto com defeito é de\n30 dias. Depois vale a garan-\ntia."
    assert read(pdf([lines]), "a.pdf").text == (
        "O prazo para pedir a troca de um produto com defeito é de 30 dias. Depois vale a garantia."
    )


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.md", "empty_file"),
        (b" \n\t ", "a.txt", "empty_file"),
        (b"...\n---", "a.md", "no_text"),
        (b"PK\x03\x04rest", "a.txt", "unsupported_type"),
        (b"\x89PNG\r\n\x1a\n", "a.md", "unsupported_type"),
        (b"text", "a.exe", "unsupported_type"),
        (b"text", "noending", "unsupported_type"),
        (b"abc\x00def", "a.txt", "unsupported_type"),
        (b"%PDF-1.7 rest", "a.txt", "unsupported_type"),
        (b"just text", "a.pdf", "unsupported_type"),
        (b"%PDF-1.7 and then nothing of use", "a.pdf", "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_code(data: bytes, name: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(data, name)
    assert refused.value.code == code
    assert name in refused.value.message


def test_a_truncated_pdf_is_damaged_or_holds_what_is_left() -> None:
    whole = pdf(["Texto de uma página."] * 5)
    with pytest.raises(InvalidInput) as refused:
        read(whole[: len(whole) // 3], "a.pdf")
    assert refused.value.code in ("damaged", "no_text")


def test_a_pdf_that_anyone_may_open_is_read_though_it_is_encrypted() -> None:
    assert read(pdf(["Aberto"], owner="dono"), "a.pdf").text == "Aberto"


def test_a_pdf_with_a_password_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        read(pdf(["Segredo"], password="abc"), "a.pdf")
    assert refused.value.code == "encrypted"


def test_a_scan_is_told_from_a_text() -> None:
    with pytest.raises(InvalidInput) as refused:
        read(pdf([""]), "a.pdf")
    assert refused.value.code == "no_text"
    assert "OCR" in refused.value.hint


def test_a_name_without_an_ending_is_taken_by_its_media_type() -> None:
    assert read(b"texto", "LEIAME", "text/plain; charset=utf-8").text == "texto"
