"""Rows become lines that name their columns, whatever the head of their table looks like."""

import pytest

from core.reading.rows import Band, Row, Title, lines


def told(*rows: Row) -> list[str]:
    return list(lines(rows))


def test_two_rows_name_the_columns_together() -> None:
    assert told(
        ["Produto", "Preço", "", "Prazo"],
        ["", "À vista", "Parcelado", ""],
        ["Bule", "10", "12", "3 dias"],
    ) == ["Produto: Bule; Preço – À vista: 10; Preço – Parcelado: 12; Prazo: 3 dias"]


def test_a_cell_that_is_repeated_over_its_columns_groups_them_too() -> None:
    assert told(
        ["Produto", "2025", "2025", "2026", "2026"],
        ["Produto", "Meta", "Real", "Meta", "Real"],
        ["Bule", "1", "2", "3", "4"],
    ) == ["Produto: Bule; 2025 – Meta: 1; 2025 – Real: 2; 2026 – Meta: 3; 2026 – Real: 4"]


def test_units_below_a_head_belong_to_it() -> None:
    rows = ["Produto", "Peso", "Preço"], ["", "(kg)", "(R$)"], ["Bule", "1", "20"]
    assert told(*rows) == ["Produto: Bule; Peso (kg): 1; Preço (R$): 20"]


def test_a_row_of_words_below_a_full_head_is_no_head() -> None:
    assert told(["Nome", "Cidade", "", ""], ["Ana", "Recife", "x", "y"]) == [
        "Nome: Ana; Cidade: Recife; x; y"
    ]


@pytest.mark.parametrize(
    ("first", "second"), [("Jan/26", "Fev/26"), ("1º tri", "2º tri"), ("Q1 2026", "Q2 2026")]
)
def test_periods_side_by_side_are_headings(first: str, second: str) -> None:
    assert told(["Conta", first, second], ["Luz", "1", "2"]) == [
        f"Conta: Luz; {first}: 1; {second}: 2"
    ]


def test_one_month_beside_a_word_is_a_value() -> None:
    assert told(["Vigência", "01/2026"], ["Preço", "10"]) == ["Vigência: 01/2026", "Preço: 10"]


def test_a_band_names_the_rows_below_it() -> None:
    drinks, food = Band("Bebidas"), Band("Comidas")
    assert told(["Produto", "Preço"], drinks, ["Café", "5"], food, ["Pão", "3"]) == [
        "Bebidas; Produto: Café; Preço: 5",
        "Comidas; Produto: Pão; Preço: 3",
    ]


def test_a_band_with_nothing_below_it_and_a_remark_are_told() -> None:
    remark, last = Band("Preços sem frete."), Band("Em breve")
    assert told(["Produto", "Preço"], ["Café", "5"], remark, last) == [
        "Produto: Café; Preço: 5",
        "Preços sem frete.",
        "Em breve",
    ]


def test_after_a_blank_row_another_table_may_begin() -> None:
    found = told(
        *(["Produto", "Preço"], ["Café", "5"], []),
        *(["Lojas"], ["Loja", "Telefone"], ["Centro", "5555-0100"]),
    )
    assert found == ["Produto: Café; Preço: 5", "Lojas", "Loja: Centro; Telefone: 5555-0100"]
    assert isinstance(found[1], Title)


def test_a_blank_row_within_a_table_ends_nothing() -> None:
    head, blank = ["Nome", "Cidade"], list[str]()
    rows = ["Ana", "Recife"], blank, ["Caio", "Olinda"], ["Bia", "Natal"]
    assert told(head, *rows)[1:] == ["Nome: Caio; Cidade: Olinda", "Nome: Bia; Cidade: Natal"]


def test_a_head_alone_is_told() -> None:
    assert told(["Nome", "Cidade"]) == ["Nome; Cidade"]
