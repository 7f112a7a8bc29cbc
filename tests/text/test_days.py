"""The day that a question names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import day_named, without_day

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("quanto custava o pão de queijo em março de 2026?", date(2026, 3, 15)),
        ("qual era o preço do bolo de fubá em 10/03/2026", date(2026, 3, 10)),
        ("o que valia em 2026-03-10?", date(2026, 3, 10)),
        ("o que valia em 1º de abril de 2026?", date(2026, 4, 1)),
        ("quanto custava em março?", date(2026, 3, 15)),
        ("quanto custava em dezembro?", date(2025, 12, 15)),
        ("quanto custava em 2025?", date(2025, 7, 1)),
        ("what was true in March?", date(2026, 3, 15)),
        ("the price on March 10, 2026", date(2026, 3, 10)),
        ("the price on 10 March 2026", date(2026, 3, 10)),
        ("preços de 03/2026, ou melhor, março/2026", date(2026, 3, 15)),
    ],
)
def test_a_day_is_understood_as_it_is_said(question: str, day: date) -> None:
    assert day_named(question, TODAY) == day


@pytest.mark.parametrize(
    "question",
    [
        "quanto custa o pão de queijo?",
        "may I return a book?",
        "a loja Maio fica onde?",
        "o pedido 2026 chegou?",
        "em 31/02/2026?",
        "o telefone é 2025-1234?",
        "posso parcelar em 10 vezes?",
    ],
)
def test_what_is_no_day_is_none(question: str) -> None:
    assert day_named(question, TODAY) is None


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    found = day_named(text, TODAY)
    assert found is None or found.year >= 1900


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("quanto custava o pão em março de 2026?", "quanto custava o pão ?"),
        ("o preço do bolo em 10/03/2026", "o preço do bolo"),
        ("what was true in March?", "what was true ?"),
        ("quanto custa o pão?", "quanto custa o pão?"),
    ],
)
def test_the_words_of_the_day_are_left_out(question: str, left: str) -> None:
    assert without_day(question, TODAY) == left
