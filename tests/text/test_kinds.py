"""What a question asks for."""

import pytest

from core.text import kind_asked, names, shows


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Quando o suporte abre?", "time"),
        ("Quanto tempo leva o reembolso?", "time"),
        ("How long does it take?", "time"),
        ("Quanto custa o plano?", "money"),
        ("How much is an e-book?", "money"),
        ("Que horas vocês abrem?", "hours"),
        ("What are your opening hours?", "hours"),
        ("qual o telefone?", "phone"),
        ("What's your phone number?", "phone"),
        ("Qual é o e-mail do financeiro?", "email"),
        ("Qual é o CNPJ da empresa?", "code"),
        ("Quando é o clube e quanto custa?", "time"),
        ("Quantos lugares há?", "number"),
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
        ("money", "Custa R$ 1.234,50 por mês."),
        ("money", "A entrada é gratuita."),
        ("hours", "Das 8h às 18h30."),
        ("hours", "Open from 10 a.m. to noon."),
        ("phone", "Ligue para (11) 5555-0100."),
        ("email", "Escreva para ajuda@loja.example."),
        ("code", "CNPJ 12.345.678/0001-90."),
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
