"""The language of a text, told offline."""

import pytest

from core.text import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Qual é o horário de atendimento?", "pt"),
        ("como faco para cancelar meu plano", "pt"),
        ("What are the opening hours of the shop?", "en"),
        ("The refund is paid within seven days.", "en"),
        ("O pedido foi enviado e o cliente recebeu o e-mail.", "pt"),
    ],
)
def test_small_words_tell_the_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "Zendesk", "12.345", "WhatsApp API v2"])
def test_what_does_not_tell_is_left_open(text: str) -> None:
    assert language_of(text) == ""
