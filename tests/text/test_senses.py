"""Words that ask for the same thing."""

import pytest

from core.text import same_sense, stem


@pytest.mark.parametrize(
    ("asked", "held", "language"),
    [
        ("custa", "preço", "pt"),
        ("abrem", "horario", "pt"),
        ("devolver", "reembolso", "pt"),
        ("ship", "delivery", "en"),
        ("refund", "return", "en"),
    ],
)
def test_words_that_ask_for_the_same_know_each_other(asked: str, held: str, language: str) -> None:
    one, other = stem(asked, language), stem(held.replace("ç", "c"), language)
    assert other in same_sense(one)
    assert one in same_sense(other)


def test_a_word_is_not_among_those_of_its_own_sense() -> None:
    assert stem("preco", "pt") not in same_sense(stem("preco", "pt"))


def test_most_words_ask_for_nothing_but_themselves() -> None:
    assert same_sense("capitu") == ()
