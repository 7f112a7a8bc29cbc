"""Words, folding and stems: the form in which questions and documents meet."""

import pytest

from core.text import fold, importance, stem, stems, words


def test_folding_takes_accents_and_capitals_away() -> None:
    assert fold("ORÇAMENTO à Vista") == "orcamento a vista"
    assert fold("A\u0301gua ﬁna １２") == "agua fina 12"


def test_words_say_where_they_stand() -> None:
    text = "Custa R$ 1.234,50, às 14h30."
    assert [text[w.start : w.end] for w in words(text)] == [w.text for w in words(text)]
    assert [w.text for w in words(text)] == ["Custa", "R", "1.234,50", "às", "14h30"]


def test_typing_without_accents_costs_nothing() -> None:
    typed = "nao consigo fazer a integracao com o cartao de credito"
    written = "Não consigo fazer a integração com o cartão de crédito?"
    assert stems(typed, "pt") == stems(written, "pt")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("integração", "integrar"),
        ("nacional", "nacionais"),
        ("imagem", "imagens"),
        ("cartão", "cartões"),
        ("disponível", "disponíveis"),
    ],
)
def test_portuguese_forms_of_one_word_share_a_stem(one: str, other: str) -> None:
    assert stems(one, "pt") == stems(other, "pt")


@pytest.mark.parametrize(
    ("one", "other"), [("1.234,50", "1234,50"), ("14h30", "14:30"), ("e-mail", "email")]
)
def test_spellings_of_one_thing_share_a_stem(one: str, other: str) -> None:
    assert stems(one, "pt") == stems(other, "pt")


def test_stopwords_are_left_out_unless_they_are_all_there_is() -> None:
    assert stems("qual é o prazo?", "pt") == ["praz"]
    assert stems("quem é você?", "pt") == ["quem", "e", "voc"]


def test_a_language_may_be_left_out() -> None:
    assert stems("the running dogs were barking at us") == stems("running dogs barking", "en")


def test_everyday_words_tell_little_and_names_much() -> None:
    everyday, subject = (importance(stem(word, "pt")) for word in ("jeito", "reembolso"))
    assert everyday < subject < importance(stem("zendesk", "pt"), is_name=True)
