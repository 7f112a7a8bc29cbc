"""PDF: pages, paragraphs, headings, ruled tables."""

import pytest

from core.errors import InvalidInput
from tests.reading.conftest import Reads, drawn, grid, said
from tests.retrieval.conftest import pdf

LONG = "O prazo para pedir a troca de um produto com defeito é de trinta dias corridos"


def test_a_pdf_keeps_its_pages(reads: Reads) -> None:
    parsed, pieces = reads(pdf(["Primeira página.", "Segunda página."]), "a.pdf")
    assert parsed.pages == 2
    assert [parsed.text[start:][:7] for start in parsed.page_starts] == ["Primeir", "Segunda"]
    assert pieces[0].page == 1


def test_an_empty_page_counts_and_shifts_nothing(reads: Reads) -> None:
    parsed, _pieces = reads(pdf(["Um.", "", "Três."]), "a.pdf")
    assert parsed.text[parsed.page_starts[2] :] == "Três."


def test_the_lines_of_a_pdf_run_on_as_paragraphs(reads: Reads) -> None:
    lines = "O prazo para pedir a troca de um produto com defeito é de\n30 dias. Depois vale a garan-\ntia."
    assert reads(pdf([lines]), "a.pdf")[0].text == (
        "O prazo para pedir a troca de um produto com defeito é de 30 dias. Depois vale a garantia."
    )


def test_a_paragraph_goes_on_over_the_end_of_a_page(reads: Reads) -> None:
    pages = drawn(said(50, 700, LONG), said(50, 780, "depois da entrega. Fim."))
    assert reads(pages, "a.pdf")[0].text == f"{LONG}\ndepois da entrega. Fim."


def test_a_gap_a_short_line_and_an_item_begin_anew(reads: Reads) -> None:
    page = said(50, 700, LONG) + said(50, 686, "por lei.") + said(50, 672, "A loja paga o frete.")
    page += said(50, 630, "• Loja") + said(50, 616, "• Site") + said(50, 602, "1) Telefone")
    assert reads(drawn(page), "a.pdf")[0].text == (
        f"{LONG} por lei.\n\nA loja paga o frete.\n\n- Loja\n- Site\n1. Telefone"
    )


def test_what_is_set_larger_or_bold_is_a_heading(reads: Reads) -> None:
    page = said(50, 780, "Guia da loja", 22) + said(50, 740, "Trocas", 15)
    page += said(50, 715, "Prazo", 11, "F2") + said(50, 700, LONG + ".")
    parsed, pieces = reads(drawn(page), "a.pdf")
    assert [(one.level, one.title) for one in parsed.headings] == [
        *((1, "Guia da loja"), (2, "Trocas"), (3, "Prazo"))
    ]
    assert pieces[0].heading == "Guia da loja > Trocas > Prazo"


def test_the_rows_of_a_ruled_table_say_their_headings(reads: Reads) -> None:
    page = said(50, 780, LONG + ".") + grid(
        50, 700, [["Produto", "Prazo", "Preço"], ["Bule", "3 dias", "R$ 10,00"]]
    )
    page += said(50, 600, "Os preços valem hoje.")
    assert reads(drawn(page), "a.pdf")[0].text == (
        f"{LONG}.\n\n- Produto: Bule; Prazo: 3 dias; Preço: R$ 10,00\n\nOs preços valem hoje."
    )


def aligned(y: float, *table: list[str], pitch: float = 20, width: float = 130) -> str:
    """Operators that write a table without rules, each row in one go, as programs do."""
    return "".join(
        said(50 + width * across, y - pitch * down, cell)
        for down, row in enumerate(table)
        for across, cell in enumerate(row)
    )


PRICES = [["Produto", "Prazo", "Preço"], ["Bule", "3 dias", "R$ 10"], ["Jarra", "2 dias", "R$ 20"]]


def test_the_rows_of_a_table_without_rules_say_their_headings(reads: Reads) -> None:
    page = said(50, 780, LONG + ".") + aligned(700, *PRICES) + said(50, 600, "Os preços são hoje.")
    assert reads(drawn(page), "a.pdf")[0].text == (
        f"{LONG}.\n\n- Produto: Bule; Prazo: 3 dias; Preço: R$ 10\n"
        "- Produto: Jarra; Prazo: 2 dias; Preço: R$ 20\n\nOs preços são hoje."
    )


def test_the_second_line_of_a_cell_belongs_to_its_row(reads: Reads) -> None:
    page = aligned(700, *PRICES[:2], pitch=30) + said(50, 657, "esmaltado")
    page += aligned(640, PRICES[2])
    assert "- Produto: Bule esmaltado; Prazo: 3 dias; Preço: R$ 10\n" in (
        reads(drawn(page), "a.pdf")[0].text
    )


def test_lines_set_to_both_margins_are_no_table(reads: Reads) -> None:
    words = "o prazo para pedir a troca de um produto com defeito".split()
    lines = [" ".join(words[n:] + words[:n]) for n in range(6)]
    page = "".join(said(50, 700 - 14 * n, line) for n, line in enumerate(lines))
    assert reads(drawn(f"9 Tw {page}"), "a.pdf")[0].text == " ".join(lines)


def test_the_number_of_a_note_is_no_part_of_a_word(reads: Reads) -> None:
    raised, back = "/F1 6 Tf 4 Ts (1) Tj 0 Ts", "/F1 11 Tf"
    page = f"BT {back} 50 700 Td (A garantia) Tj {raised} {back} ( vale aqui.) Tj ET\n"
    page += f"BT 50 100 Td {raised} {back} (Salvo mau uso.) Tj ET"
    text = reads(drawn(page), "a.pdf")[0].text
    assert text == "A garantia (1) vale aqui.\n\n(1) Salvo mau uso."


def test_a_cell_over_several_rows_or_columns_counts_for_each(reads: Reads) -> None:
    page = said(54, 650, "Produto", 10) + said(174, 670, "Preço", 10)
    page += "50 640 120 50 re S 170 665 240 25 re S\n"
    page += grid(170, 665, [["À vista", "Parcelado"]], 120, 25)
    page += grid(50, 640, [["Bule", "R$ 10", "R$ 12"], ["Coador", "R$ 8", "R$ 9"]])
    assert reads(drawn(page), "a.pdf")[0].text == (
        "- Produto: Bule; Preço – À vista: R$ 10; Preço – Parcelado: R$ 12\n"
        "- Produto: Coador; Preço – À vista: R$ 8; Preço – Parcelado: R$ 9"
    )


def test_a_table_that_goes_on_over_pages_keeps_its_head(reads: Reads) -> None:
    first = grid(50, 700, [["Produto", "Preço"], ["Bule", "R$ 10"]])
    pages = drawn(first, grid(50, 800, [["Coador", "R$ 20"], ["Jarra", "R$ 30"]]))
    assert "- Produto: Coador; Preço: R$ 20\n- Produto: Jarra" in reads(pages, "a.pdf")[0].text


def test_what_stands_at_the_edge_of_every_page_is_left_out(reads: Reads) -> None:
    pages = [
        said(50, 810, "Loja Bule · Guia") + said(50, 500, f"Texto {name}.") + said(280, 30, str(n))
        for n, name in enumerate(("um", "dois", "três", "quatro"), 1)
    ]
    assert reads(drawn(*pages), "a.pdf")[0].text == (
        "Texto um.\n\nTexto dois.\n\nTexto três.\n\nTexto quatro."
    )


def test_of_two_pages_the_second_does_not_say_the_first_ones_head_again(reads: Reads) -> None:
    pages = [
        said(50, 810, "Loja Bule") + said(50, 500, f"Texto {name}.") for name in ("um", "dois")
    ]
    assert reads(drawn(*pages), "a.pdf")[0].text == "Loja Bule\n\nTexto um.\n\nTexto dois."


def test_dots_that_lead_the_eye_become_a_colon(reads: Reads) -> None:
    page = said(50, 700, "Café coado ............ R$ 8,00") + said(
        50, 686, "Chá . . . . . . R$ 6,00"
    )
    assert reads(drawn(page), "a.pdf")[0].text == "Café coado: R$ 8,00\n\nChá: R$ 6,00"


def test_columns_are_read_one_after_the_other(reads: Reads) -> None:
    left = [f"coluna da esquerda, linha {n} do texto" for n in range(4)]
    right = [f"coluna da direita, linha {n} do texto" for n in range(4)]
    page = "".join(said(50, 700 - 14 * n, line) for n, line in enumerate(left))
    page += "".join(said(320, 700 - 14 * n, line) for n, line in enumerate(right))
    assert reads(drawn(page), "a.pdf")[0].text == " ".join(left + right)


def test_a_pdf_that_anyone_may_open_is_read_though_it_is_encrypted(reads: Reads) -> None:
    assert reads(pdf(["Aberto"], owner="dono"), "a.pdf")[0].text == "Aberto"


def test_a_scan_is_told_from_a_text(reads: Reads) -> None:
    with pytest.raises(InvalidInput) as refused:
        reads(pdf([""]), "a.pdf")
    assert refused.value.code == "no_text"
    assert "OCR" in refused.value.hint
