"""Words and patterns found in texts, without any that hangs."""

import pytest

from core.annotation import matching
from core.annotation.rules import Rule
from core.errors import InvalidInput
from core.i18n import speaking


def _rule(words: tuple[str, ...] = (), patterns: tuple[str, ...] = ()) -> Rule:
    return Rule("keyword", True, 3, words=words, patterns=patterns)


@pytest.mark.parametrize(
    "text",
    [
        "preço",
        "O PREÇO, por favor",
        "preco alto",
        "os preços",
        "(preço)",
        "pre\u0063\u0327o",
        "1\npreço",
    ],
)
def test_a_word_is_found_however_it_is_typed(text: str) -> None:
    assert matching.first(_rule(("Preço",)), [text]) == [{"word": "Preço"}]


@pytest.mark.parametrize("text", ["apreço", "prec", "p r e ç o", ""])
def test_a_word_within_another_is_not_found(text: str) -> None:
    assert matching.first(_rule(("preço",)), [text]) == [None]


def test_signs_are_taken_as_they_are() -> None:
    found = matching.first(_rule(("R$", "c++", "a.c")), ["R$ 5", "uso C++", "abc", "a.c"])
    assert found == [{"word": "R$"}, {"word": "c++"}, None, {"word": "a.c"}]


def test_several_words_are_one_phrase_with_any_blanks() -> None:
    texts = ["Quanto \n custa?", "custa quanto"]
    assert matching.first(_rule(("quanto custa",)), texts) == [{"word": "quanto custa"}, None]


def test_the_first_of_the_rule_s_words_is_told_and_never_what_a_pattern_found() -> None:
    rule = _rule(("multa", "prazo"), (r"\d{3}\.\d{3}",))
    found = matching.first(rule, ["prazo e multa", "meu cpf 123.456", "nada"])
    assert found == [{"word": "multa"}, {"pattern": r"\d{3}\.\d{3}"}, None]


def test_without_words_nothing_is_found() -> None:
    assert matching.first(_rule(), ["preço"]) == [None]


def test_a_pattern_that_hangs_others_is_harmless() -> None:
    text = "a" * 50_000 + "!"
    assert matching.first(_rule(patterns=("^(a+)+$",)), [text]) == [None]


@pytest.mark.parametrize("pattern", ["(", "(?=a)", r"(a)\1", "a{5000}", "[z-a]", "a*", "|"])
def test_a_pattern_that_cannot_be_used_is_named(pattern: str) -> None:
    with speaking("en"), pytest.raises(InvalidInput) as error:
        matching.check([_rule(patterns=("ok", pattern))])
    assert f"“{pattern}”" in error.value.message
