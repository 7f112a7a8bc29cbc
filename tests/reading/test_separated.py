"""CSV and TSV: delimiters, encodings, heads."""

import pytest

from tests.reading.conftest import Reads

ROWS = (("Produto", "Preço"), ("Bule médio", "R$ 10,00"), ("Coador", "R$ 8,50"))
TOLD = "- Produto: Bule médio; Preço: R$ 10,00\n- Produto: Coador; Preço: R$ 8,50"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_encodings_are_found_out(
    reads: Reads, delimiter: str, encoding: str
) -> None:
    lines = (delimiter.join(f'"{cell}"' for cell in row) for row in ROWS)
    assert reads("\r\n".join(lines).encode(encoding), "a.csv")[0].text == TOLD


def test_a_decimal_comma_is_no_delimiter(reads: Reads) -> None:
    data = "Produto;Preço\nBule;10,00\nCoador;8,50\nJarra;7,25\n".encode()
    assert "Produto: Jarra; Preço: 7,25" in reads(data, "a.csv")[0].text


def test_what_excel_says_of_the_delimiter_is_believed(reads: Reads) -> None:
    assert reads(b"sep=|\nA|B\nx,1|y,2\n", "a.csv")[0].text == "- A: x,1; B: y,2"


def test_rows_without_a_head_are_told_as_they_are(reads: Reads) -> None:
    assert reads(b"Telefone,5555-0100\nCEP,01310-100\n", "a.csv")[0].text == (
        "- Telefone: 5555-0100\n- CEP: 01310-100"
    )


def test_years_may_be_headings(reads: Reads) -> None:
    assert (
        "Cidade: Recife; 2025: 10; 2026: 20"
        in reads(b"Cidade,2025,2026\nRecife,10,20\n", "a.csv")[0].text
    )


def test_a_formula_is_text(reads: Reads) -> None:
    data = b'Nome,Valor\n"=cmd|\' /C calc\'!A0","=HYPERLINK(""http://x.example"",1)"\n'
    assert reads(data, "a.csv")[0].text == (
        "- Nome: =cmd|' /C calc'!A0; Valor: =HYPERLINK(\"http://x.example\",1)"
    )


def test_a_row_too_long_for_a_piece_repeats_its_first_cell(reads: Reads) -> None:
    head = ";".join(f"Coluna {n} do cadastro" for n in range(100))
    row = ";".join(["Bule", *(f"valor número {n} da linha" for n in range(1, 100))])
    parsed, pieces = reads(f"{head}\n{row}\n".encode(), "a.csv")
    assert len(pieces) > 2
    assert all(
        line.startswith("- Coluna 0 do cadastro: Bule; ") for line in parsed.text.split("\n")
    )
    assert "Coluna 99 do cadastro: valor número 99" in pieces[-1].text


def test_line_ends_within_a_cell_do_not_tear_its_row(reads: Reads) -> None:
    assert reads(b'P,R\nfrete?,"gratis\nacima de 100"\n', "a.csv")[0].text == (
        "- P: frete?; R: gratis acima de 100"
    )
