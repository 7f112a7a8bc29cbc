"""Where sentences begin and end."""

from itertools import pairwise

import pytest

from core.text import is_heading, plain, sentences


def said(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "O Sr. Silva atende na Av. Paulista, n. 10.",
        "Custa R$ 1.234,50 por mês.",
        "J. K. Rowling escreveu o livro.",
        "O art. 49 do código vale aqui.",
        "A versão 2.0 saiu às 14.30 de ontem.",
        "Dr. Smith met Mrs. Jones at 5 p.m. sharp.",
    ],
)
def test_points_inside_a_sentence_do_not_end_it(whole: str) -> None:
    assert said(whole) == [whole]


def test_a_sentence_ends_before_the_next_one() -> None:
    assert said("Abre às 9h. Fecha às 18h! E no sábado? Não abre.") == [
        "Abre às 9h.",
        "Fecha às 18h!",
        "E no sábado?",
        "Não abre.",
    ]


def test_a_sentence_runs_over_the_end_of_a_line_but_not_over_a_blank_one() -> None:
    assert said("Uma frase que\ncontinua aqui.\n\nOutra") == [
        "Uma frase que\ncontinua aqui.",
        "Outra",
    ]


def test_headings_items_and_rows_stand_alone() -> None:
    text = "# Planos\nTexto\n- um item\n- outro\n\n| a | b |\n|---|---|\n| 1 | 2 |\nFim."
    assert said(text) == [
        "# Planos",
        "Texto",
        "- um item",
        "- outro",
        "| a | b |",
        "| 1 | 2 |",
        "Fim.",
    ]


def test_spans_cover_all_words_in_order() -> None:
    text = "Um. Dois.\n\n* três\n\nQuatro e cinco"
    spans = sentences(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert " ".join(text[a:b] for a, b in spans).split() == text.split()


@pytest.mark.parametrize("line", ["## Horário", "ONDE E QUANDO", "1. FORMAS DE PAGAMENTO"])
def test_headings_are_told(line: str) -> None:
    assert is_heading(line)


@pytest.mark.parametrize("line", ["Onde e quando", "R$ 99,00", "SLA", "PARE!", "10 20 30"])
def test_what_is_no_heading(line: str) -> None:
    assert not is_heading(line)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("## Horário **novo**", "Horário novo"),
        ("- abra o [painel](https://a.example)", "abra o painel"),
        ("3. Clique em `Salvar`", "Clique em Salvar"),
        ("> citado _assim_", "citado assim"),
        ("snake_case fica", "snake_case fica"),
    ],
)
def test_markdown_reads_plainly(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["[", "[a](", "[a"])
def test_a_flood_of_half_links_is_read_in_time(piece: str) -> None:
    """Without a bound the time grew with the square of the length: past the suite's time limit."""
    assert plain(piece * (150_000 // len(piece)))


def test_a_row_is_read_with_the_head_of_its_table() -> None:
    row = plain("| Pro | R$ 99,00 | |", "| Plano | Preço | Nota |")
    assert row == "Plano: Pro; Preço: R$ 99,00"


def test_a_heading_is_whole_whatever_points_it_has() -> None:
    assert said("## 4. Entrega\n\nChega em dois dias.") == ["## 4. Entrega", "Chega em dois dias."]


@pytest.mark.parametrize(
    ("piece", "end"),
    [("-", "x"), (".", "x"), ("a", ". B"), ("Dr. ", ""), ("| ", "x"), ("*", "x"), ("x\n", "")],
)
def test_a_line_of_any_length_is_read_in_one_pass(piece: str, end: str) -> None:
    # were the work to grow with the square of the length, this would take hours
    assert len(sentences(piece * 200_000 + end)) <= 2


@pytest.mark.parametrize("line", ["---", "|---|:-:|", " -- --- ", "***", "___", "=== "])
def test_rules_belong_to_no_sentence(line: str) -> None:
    assert said(f"Antes.\n\n{line}\n\nDepois.") == ["Antes.", "Depois."]
