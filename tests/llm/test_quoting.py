"""Answers by quoting: what is quoted, and when nothing is claimed."""

from typing import Any

import pytest

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
