"""What a question is about: no greeting, no number, nothing personal, in both languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.metrics.topics import labels as topic_labels
from core.metrics.topics import words as topic_words


@pytest.mark.parametrize(
    "text",
    [
        "oi",
        "Olá, tudo bem?",
        "muito obrigada!",
        "valeu",
        "bom dia",
        "hello",
        "Thank you so much",
        "",
    ],
)
def test_greetings_and_thanks_are_about_nothing(text: str) -> None:
    spoken = topic_words.language(text)
    assert topic_words.stems(text, spoken) == ()
    assert topic_words.greets(text) or not text


@pytest.mark.parametrize("text", ["obrigado, e o frete?", "e agora?", "?", "quanto é"])
def test_who_asks_does_not_only_greet(text: str) -> None:
    assert not topic_words.greets(text)


def test_forms_of_a_word_are_one_in_each_language() -> None:
    assert topic_words.stems("trocas e devoluções", "pt") == topic_words.stems(
        "quero trocar, devolução", "pt"
    )
    assert topic_words.stems("are refunds possible?", "en") == topic_words.stems("refund", "en")


def test_the_language_is_what_the_words_tell_before_what_was_said() -> None:
    assert topic_words.language("where is my order?", "pt-BR") == "en"
    assert topic_words.language("API", "pt-BR") == "pt"
    assert topic_words.language("API", "xx") == ""


@pytest.mark.parametrize(
    "personal",
    ["maria.souza@exemplo.com.br", "529.982.247-25", "(11) 98765-4321", "https://exemplo.com/ana"],
)
def test_personal_data_and_addresses_are_no_terms(personal: str) -> None:
    shown = topic_words.public(f"boleto {personal} vencido")
    found = topic_words.terms(shown, "pt")
    assert [shown[one.start : one.end] for one in found] == ["boleto", "vencido"]


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_whatever_is_written_gives_terms_of_letters_where_they_stand(text: str) -> None:
    shown = topic_words.public(text)
    for one in topic_words.terms(shown, topic_words.language(shown)):
        assert one.stem.isalpha()
        assert shown[one.start : one.end].strip()


def _label(*questions: str, **weights: float) -> str:
    return topic_labels.label(weights, [(text, "pt") for text in questions])


def test_a_label_is_in_the_words_of_those_who_asked_with_their_accents() -> None:
    made = _label("Qual o preco?", "os preços", "preco", "preços por favor", prec=1.0)
    assert made == "preços"


def test_words_that_follow_each_other_stand_together_in_a_label() -> None:
    questions = ["cadê a nota fiscal", "Nota fiscal com prazo", "prazo da nota fiscal"]
    assert _label(*questions, not_=0.1, fiscal=1.0, not2=0.1, praz=0.5, **{"not": 0.9}) == (
        "nota fiscal · prazo"
    )


def test_abbreviations_keep_their_capitals_and_others_lose_them() -> None:
    assert _label("a API caiu", "API fora", "CAIU A API", api=1.0) == "API"
    assert _label("Boleto", "Boleto", boleto=1.0) == "boleto"


def test_what_is_rare_in_a_topic_is_not_in_its_label() -> None:
    assert _label("frete", "frete caro", fret=1.0, car=0.2) == "frete"


def test_a_label_that_is_taken_gets_one_more_word() -> None:
    asked = [("frete grátis", "pt"), ("frete", "pt"), ("grátis", "pt")]
    assert topic_labels.label({"fret": 1.0, "grat": 0.2}, asked, {"frete"}) == "frete · grátis"


def test_markup_in_questions_is_in_no_label() -> None:
    made = _label('<img src=x onerror="alert(1)"> boleto', "<b>boleto</b>", boleto=1.0, img=0.9)
    assert not set(made) & set("<>\"'=&")


@settings(max_examples=30)
@given(st.lists(st.text(max_size=60), max_size=8), st.integers(1, 4))
def test_a_label_is_made_of_any_questions(texts: list[str], n: int) -> None:
    weights = {f"palavra{letter}": 1.0 for letter in "abcd"[:n]}
    assert topic_labels.label(weights, [(text, "pt") for text in texts])
