"""What a question asks for."""

import pytest

from core.text import kind_asked, names, shows


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Quando o suporte abre?", "time"),
        ("Quanto tempo leva o reembolso?", "time"),
        ("How long does it take?", "time"),
        ("Quanto custa o plano?", "number"),
        ("How many titles are there?", "number"),
        ("Quem aprova o reembolso?", "name"),
        ("Where was he born?", "name"),
        ("Por que o nome é esse?", "cause"),
        ("Como configuro o webhook?", ""),
    ],
)
def test_the_kind_of_answer_is_told(question: str, kind: str) -> None:
    assert kind_asked(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("time", "O suporte abre às 9h."),
        ("time", "Ele nasceu em 1839."),
        ("number", "São doze, ou 12, ao todo."),
        ("name", "Quem aprova é Otávio Lima."),
        ("cause", "Isso ocorre porque a chave venceu."),
    ],
)
def test_a_sentence_shows_its_kind(kind: str, sentence: str) -> None:
    assert shows(kind, sentence)
    assert not shows(kind, "nada de especial aqui")


def test_a_name_of_the_question_is_no_answer_to_it() -> None:
    assert not shows("name", "Quem fundou foi a Academia.", "Quem fundou a Academia?")


def test_names_are_capitals_within_a_sentence() -> None:
    assert names("Vocês integram com o Zendesk?") == {"zendesk"}
    assert names("VOCÊS INTEGRAM COM O ZENDESK?") == set()
    assert names("integra com zendesk?") == set()
