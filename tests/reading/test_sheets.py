"""Spreadsheets: every row keeps its headings, every value looks as its format shows it."""

from datetime import date, datetime, time, timedelta

import pytest

from core.reading.cells import shown
from tests.reading.conftest import Reads, part, repacked, xlsx, xlsx_rows

Rows = list[list[object]]
PRICES: Rows = [["Produto", "Preço"], ["Bule", 1234.5], ["Coador", 89]]


def test_every_row_says_its_headings(reads: Reads) -> None:
    parsed, pieces = reads(xlsx({"Preços": PRICES}, formats={"B2": '"R$" #,##0.00'}), "a.xlsx")
    assert parsed.text == (
        "# Preços\n\n- Produto: Bule; Preço: R$ 1.234,50\n- Produto: Coador; Preço: 89"
    )
    assert pieces[0].heading == "Preços"


def test_rows_far_down_know_sheet_and_headings(reads: Reads) -> None:
    rows: Rows = [[f"Peça {n}", n] for n in range(500)]
    _parsed, pieces = reads(xlsx({"Peças": [["Nome", "Estoque"], *rows]}), "a.xlsx")
    assert len(pieces) > 5
    assert {piece.heading for piece in pieces} == {"Peças"}
    assert "Nome: Peça 499; Estoque: 499" in pieces[-1].text


def test_sheets_are_told_apart_and_hidden_ones_stay_hidden(reads: Reads) -> None:
    costs: Rows = [["Produto", "Custo"], ["Bule", 1]]
    sheets = {"Vigente": PRICES, "Custos": costs, "Anterior": PRICES}
    parsed, _pieces = reads(xlsx(sheets, hidden=["Custos"]), "a.xlsx")
    assert [heading.title for heading in parsed.headings] == ["Vigente", "Anterior"]
    assert "Custo" not in parsed.text


def test_what_stands_above_the_head_is_a_heading(reads: Reads) -> None:
    rows: Rows = [["Tabela de preços 2026"], [None], *PRICES]
    parsed, pieces = reads(xlsx({"Plan1": rows}), "a.xlsx")
    assert parsed.text == (
        "# Tabela de preços 2026\n\n- Produto: Bule; Preço: 1234,5\n- Produto: Coador; Preço: 89"
    )
    assert reads(xlsx({"Vigente": rows}), "a.xlsx")[1][0].heading == (
        "Vigente > Tabela de preços 2026"
    )
    assert pieces[0].heading == "Tabela de preços 2026"


def test_a_head_of_two_rows_and_a_band_across_the_sheet_name_every_row(reads: Reads) -> None:
    rows: Rows = [
        ["Produto", "Preço", None],
        [None, "À vista", "Parcelado"],
        ["Bebidas"],
        ["Bule", 10, 12],
        ["Coador", 8, 9],
    ]
    merged = ["A1:A2", "B1:C1", "A3:C3"]
    assert reads(xlsx({"Plan1": rows}, merged=merged), "a.xlsx")[0].text == (
        "- Bebidas; Produto: Bule; Preço – À vista: 10; Preço – Parcelado: 12\n"
        "- Bebidas; Produto: Coador; Preço – À vista: 8; Preço – Parcelado: 9"
    )


def test_a_hidden_column_stays_hidden_and_a_folded_one_does_not(reads: Reads) -> None:
    rows: Rows = [["Produto", "Custo", "Cor", "Preço"], ["Bule", 7, "azul", 10]]
    data = xlsx({"Plan1": rows})
    name = "xl/worksheets/sheet1.xml"
    columns = b'<cols><col min="2" max="2" hidden="1"/>'
    columns += b'<col hidden="1" outlineLevel="1" min="3" max="3"/></cols><sheetData>'
    hidden = repacked(data, {name: part(data, name).replace(b"<sheetData>", columns)})
    assert reads(hidden, "a.xlsx")[0].text == "- Produto: Bule; Cor: azul; Preço: 10"


def test_a_cell_merged_over_rows_counts_for_each(reads: Reads) -> None:
    rows: Rows = [["Linha", "Produto", "Preço"], ["Café", "Bule", 10], [None, "Coador", 20]]
    parsed, _pieces = reads(xlsx({"Plan1": rows}, merged=["A2:A3"]), "a.xlsx")
    assert "- Linha: Café; Produto: Coador; Preço: 20" in parsed.text


def test_a_formula_gives_the_value_that_was_stored_and_is_never_evaluated(reads: Reads) -> None:
    row = b'<row r="1"><c r="A1"><f>40+2</f><v>7</v></c><c r="B1"><f>1+1</f></c></row>'
    assert reads(xlsx_rows(row), "a.xlsx")[0].text == "# Dados\n\n- 7"


def test_a_workbook_in_english_is_shown_in_english(reads: Reads) -> None:
    rows: Rows = [["Product", "Price", "Note"], ["The kettle", 1234.5, "shipping is not included"]]
    parsed, _pieces = reads(xlsx({"Sheet1": rows}, formats={"B2": "$#,##0.00"}), "a.xlsx")
    assert "Price: $1,234.50" in parsed.text


@pytest.mark.slow
def test_one_cell_far_away_costs_nothing(reads: Reads) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>5</v></c></row>'
    assert reads(xlsx_rows(far), "a.xlsx")[0].text.endswith("- 5")


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (2026, "General", "2026"),
        (1234.5, "General", "1234,5"),
        (1234.5, "#,##0.00", "1.234,50"),
        (0.125, "0.0%", "12,5%"),
        (10, '"R$"\\ #,##0.00', "R$ 10,00"),
        (10, '_-"R$"\\ * #,##0.00_-;\\-"R$"\\ * #,##0.00_-', "R$ 10,00"),
        (-10, "[$R$-416] #,##0.00;[Red]-[$R$-416] #,##0.00", "-R$ 10,00"),
        (1234.5, "[$$-409]#,##0.00", "$1,234.50"),
        (1234.5, "[$R$-pt-BR] #,##0.00", "R$ 1.234,50"),
        (1234.5, "[$$-en-US]#,##0.00", "$1,234.50"),
        (1234.5, "[$€-2] #,##0.00", "€ 1.234,50"),
        (2.5, '0.0" kg"', "2,5 kg"),
        (1310100, "00000-000", "01310-100"),
        (7, "000", "007"),
        (1.5, "0.##", "1,5"),
        (2, "0.##", "2"),
        (1_500_000, "#,##0.0,,", "1,5"),
        (True, "General", "VERDADEIRO"),
        (datetime(2026, 11, 3), "mm-dd-yy", "03/11/2026"),
        (datetime(2026, 11, 3), "mmm/yy", "nov/2026"),
        (datetime(2026, 11, 3, 14, 30), "dd/mm/yyyy hh:mm", "03/11/2026 14:30"),
        (date(2026, 11, 3), 'd "de" mmmm "de" yyyy', "03/11/2026"),
        (time(9, 5), "h:mm", "09:05"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        ("=1+1", "General", "=1+1"),
        (None, "General", ""),
        (3.25, "# ?/?", "3,25"),
        (1234567, "0.00E+00", "1234567"),
    ],
)
def test_a_value_looks_as_its_format_shows_it(value: object, form: str, text: str) -> None:
    assert shown(value, form) == text
