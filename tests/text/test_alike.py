"""Words that are alike."""

import pytest

from core.text import alike


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reenbolso", "reembolso"),
        ("acntor", "cantor"),
        ("atendimeto", "atendimento"),
        ("ecossistem", "ecosystem"),
    ],
)
def test_a_mistyped_word_is_like_the_one_meant(typed: str, meant: str) -> None:
    found = alike(typed, ["cancelar", meant, "planejar"])
    assert [word for word, _ in found] == [meant]
    assert 0 < found[0][1] < 1


def test_the_most_alike_comes_first() -> None:
    found = alike("pedidos", ["perdidos", "pedidos", "pedido"])
    assert found[0] == ("pedidos", 1.0)


@pytest.mark.parametrize(
    ("one", "other"), [("gato", "rato"), ("12345", "12346"), ("prazo", "frete")]
)
def test_short_words_numbers_and_other_words_are_not_alike(one: str, other: str) -> None:
    assert alike(one, [other]) == []
