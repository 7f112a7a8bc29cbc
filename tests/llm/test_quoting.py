"""Answers by quoting: what is quoted, and when nothing is claimed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core import clock
from core.llm import quoting
from core.text import plain

DESK = """# Suporte

## Horário

O suporte atende de segunda a sexta, das 9h às 18h. Aos sábados não há atendimento.

## Reembolso

- O reembolso cai na conta em até 7 dias úteis.
- Reembolsos acima de R$ 5.000,00 são aprovados por Otávio Lima.

| Plano | Preço |
|---|---|
| Básico | R$ 49,00 |
| Pro | R$ 99,00 |
"""


def passage(
    text: str = DESK, score: float = 1.0, number: int = 1, heading: str = ""
) -> dict[str, Any]:
    return {"number": number, "text": text, "score": score, "heading": heading}


def test_the_sentence_that_answers_is_quoted() -> None:
    found = quoting.pick("Em quantos dias cai o reembolso na conta?", [passage()])
    assert found.outcome == "answered"
    assert found.sentences[0].text == "O reembolso cai na conta em até 7 dias úteis."


def test_a_quote_says_where_it_stands() -> None:
    for quote in quoting.ranked("Quem aprova reembolsos acima de R$ 5.000,00?", [passage()]):
        assert plain(DESK[quote.start : quote.end]).split()[-1] in quote.text


def test_quotes_come_in_reading_order() -> None:
    body = passage(
        "O frete é grátis. Aos sábados a loja abre às 10h. Aos domingos a loja fecha às 14h."
    )
    question = "A que horas a loja fecha aos domingos e abre aos sábados?"
    starts = [quote.start for quote in quoting.pick(question, [body]).sentences]
    assert len(starts) > 1
    assert starts == sorted(starts)


def test_a_table_row_reads_as_a_sentence() -> None:
    found = quoting.pick("Qual é o preço do plano Pro?", [passage()])
    assert found.sentences[0].text == "Plano: Pro; Preço: R$ 99,00"


def test_markdown_never_shows() -> None:
    for quote in quoting.ranked("reembolso", [passage()]):
        assert not set(quote.text) & set("#|*")
        assert not quote.text.startswith("- ")


def test_headings_are_never_quoted() -> None:
    texts = [quote.text for quote in quoting.ranked("Horário do suporte?", [passage()])]
    assert "Horário" not in texts
    assert "Suporte" not in texts


def test_the_heading_counts_as_context() -> None:
    body = passage(
        "Cai na conta em até 7 dias úteis. Vale para todos os planos.", heading="Reembolso"
    )
    assert quoting.pick("Quando cai o reembolso?", [body]).outcome == "answered"


@pytest.mark.parametrize(
    ("score", "outcome"), [(0.39, "not_found"), (0.45, "related"), (0.7, "answered")]
)
def test_the_search_being_unsure_lowers_the_claim(score: float, outcome: str) -> None:
    found = quoting.pick("Em quantos dias cai o reembolso na conta?", [passage(score=score)])
    assert found.outcome == outcome


def test_words_that_are_not_there_are_not_answered_however_sure_the_search_is() -> None:
    found = quoting.pick("Qual a previsão da colheita de soja?", [passage(score=1.0)])
    assert found.outcome == "not_found"
    assert found.sentences == []


def test_a_name_that_is_missing_is_never_answered() -> None:
    question = "O suporte atende pelo Zendesk de segunda a sexta?"
    assert quoting.pick(question, [passage()]).outcome == "related"
    known = passage(DESK + "\nO Zendesk abre um chamado no suporte.")
    assert quoting.pick(question, [known]).outcome == "answered"


def test_a_number_that_is_missing_is_never_answered() -> None:
    question = "O reembolso de 2019 cai na conta em quantos dias úteis?"
    assert quoting.pick(question, [passage()]).outcome == "related"
    known = passage(DESK.replace("O reembolso cai", "O reembolso de 2019 cai"))
    assert quoting.pick(question, [known]).outcome == "answered"


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("Qual é o CNPJ da loja?", "12.345.678/0001-90"),
        ("Qual é o telefone da loja?", "(11) 5555-0100"),
        ("Qual é o e-mail da loja?", "ola@loja.example"),
    ],
)
def test_a_telephone_or_number_asked_for_must_be_shown(question: str, shown: str) -> None:
    asked = question.removeprefix("Qual é o ").removesuffix(" da loja?")
    told = passage(f"O pedido leva o {asked} da loja e a data.")
    assert quoting.pick(question, [told]).outcome == "related"
    given = passage(f"O {asked} da loja é {shown}.")
    assert quoting.pick(question, [given]).outcome == "answered"


def test_words_must_stand_around_what_is_quoted() -> None:
    about = "A agência cuida de contas. Um analista de mídia cuida de seis contas na agência."
    found = quoting.pick("Qual é o salário e a folga de um analista?", [passage(about)])
    assert found.outcome != "answered"


PRICES = """- Produto: Moedor Quartzo; Preço: R$ 419,00; Válido até: 02/11/2026
- Produto: Moedor Quartzo; Preço: R$ 459,00; Válido até: 30/04/2027
- Produto: Moedor Garoa; Preço: R$ 985,00; Válido até: 30/04/2027"""


def test_the_row_of_what_was_asked_about_wins() -> None:
    found = quoting.ranked("Qual é o preço do moedor Garoa?", [passage(PRICES)])
    assert "985" in found[0].text


def test_of_two_prices_the_one_that_holds_today_is_quoted() -> None:
    with clock.held(datetime(2026, 12, 1, tzinfo=UTC)):
        found = quoting.ranked("Qual é o preço do moedor Quartzo?", [passage(PRICES)])
    assert "459" in found[0].text
    assert "419" in found[-1].text or "985" in found[-1].text


def test_the_old_price_can_be_asked_for() -> None:
    with clock.held(datetime(2026, 12, 1, tzinfo=UTC)):
        found = quoting.ranked("Qual era o preço do moedor Quartzo?", [passage(PRICES)])
    assert "419" in found[0].text


def test_a_row_that_shares_headings_alone_loses_to_a_sentence() -> None:
    body = passage(PRICES + "\n\nO preço muda em maio de cada ano, com aviso.")
    assert quoting.ranked("Quando muda o preço?", [body])[0].text.startswith("O preço muda")


@pytest.mark.parametrize("question", ["O que é ACOS?", "What is ACOS?"])
def test_a_definition_is_what_begins_with_the_thing(question: str) -> None:
    body = passage(
        "Um ACOS de 20% e um ACOS de 25% são comuns. O ACOS é o gasto dividido pela receita."
    )
    assert quoting.ranked(question, [body])[0].text.startswith("O ACOS é")


def test_a_word_of_the_same_sense_answers() -> None:
    body = passage("O preço do curso é R$ 90,00. O curso começa em março.")
    assert quoting.pick("Quanto custa o curso?", [body]).sentences[0].text.startswith("O preço")


def test_a_mistyped_question_is_answered_all_the_same() -> None:
    found = quoting.pick("em quantos dias cai o reenbolso na conta", [passage()])
    assert found.outcome == "answered"


def test_the_kind_of_answer_decides_between_equals() -> None:
    body = passage("O curso começa com uma aula aberta. O curso começa em 12 de março.")
    assert quoting.ranked("Quando começa o curso?", [body])[0].text.endswith("12 de março.")


def test_a_question_in_a_document_is_no_answer() -> None:
    body = passage("Como peço o reembolso? Abra um chamado para pedir o reembolso.")
    assert quoting.ranked("Como peço o reembolso?", [body])[0].text.startswith("Abra")


@pytest.mark.parametrize("passages", [[], [passage("")], [passage("# Só um título")]])
def test_without_sentences_nothing_is_found(passages: list[dict[str, Any]]) -> None:
    assert quoting.pick("Qualquer coisa?", passages) == ("not_found", 0.0, [])


def test_the_same_question_gives_the_same_answer() -> None:
    asked = ("Qual o horário?", [passage(), passage("O horário muda em maio.", 0.8, 2)])
    assert quoting.pick(*asked) == quoting.pick(*asked)
