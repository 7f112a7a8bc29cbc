"""Every mark of an answer leads to words of a document, or is gone and counted."""

import time
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.chat import citations

DOCUMENT = (
    "# Loja\n\nAbrimos de segunda a sexta, das 9h às 18h. Aos sábados, abrimos das 9h às 13h. "
    "Fechamos nos feriados.\n\n## Entrega\n\nO frete é grátis a partir de R$ 150,00. "
    "Entregamos em até 5 dias úteis.\n"
)


@dataclass(frozen=True)
class Found:
    text: str
    start: int


def cut(first: str, last: str) -> Found:
    """The passage of DOCUMENT from the words ``first`` to the words ``last``."""
    start = DOCUMENT.index(first)
    return Found(DOCUMENT[start : DOCUMENT.index(last) + len(last)], start)


PASSAGES = [cut("Abrimos de segunda", "feriados."), cut("## Entrega", "úteis.")]


def resolved(text: str) -> citations.Resolved:
    return citations.resolve(text, PASSAGES)


def quotes(text: str) -> list[str]:
    return [mark.quote for mark in resolved(text).citations]


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("Abre às 9h [1].", "Abre às 9h [1]."),
        ("Abre às 9h[1].", "Abre às 9h[1]."),
        ("Abre às 9h [1, 2].", "Abre às 9h [1][2]."),
        ("Abre às 9h [1][2].", "Abre às 9h [1][2]."),
        ("Abre às 9h [1-2].", "Abre às 9h [1][2]."),
        ("Abre às 9h [1 e 2].", "Abre às 9h [1][2]."),
        ("Abre às 9h [1; 2].", "Abre às 9h [1][2]."),
        ("Abre às 9h 【1】.", "Abre às 9h [1]."),
        ("Abre às 9h 【2†loja.md】.", "Abre às 9h [2]."),
        ("Abre às 9h [[1]].", "Abre às 9h [1]."),
        ("Abre às 9h [trecho 1].", "Abre às 9h [1]."),
        ("Opens at 9 [Passage 1].", "Opens at 9 [1]."),
        ("Opens at 9 [source: 2].", "Opens at 9 [2]."),
    ],
)
def test_marks_are_read_as_models_write_them(written: str, cleaned: str) -> None:
    found = resolved(written)
    assert found.text == cleaned
    assert found.removed == 0
    assert [mark.number for mark in found.citations] == [
        int(sign) for sign in cleaned.split("9", 1)[1] if sign.isdigit() and sign in "12"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Em 2024 [2024] foi assim (1).",
        "O primeiro é lista[0] e user_ids[1].",
        "Use `v[1]` e ``w[2]``.",
        "```python\nprint(v[1])\n```",
        "~~~\nv[1]\n~~~",
        "```\nsem fim v[1]",
        "Veja [1](https://loja.example) e ![2](foto.png).",
        "Veja [o manual](https://loja.example/[1]).",
        "[1]: https://loja.example",
        r"A fórmula \[1\] e $$x[1]$$.",
        "O intervalo [0, 1] é fechado.",
        "- [ ] fazer\n- [x] feito",
        "O valor [1234] e [12.5].",
        "Um log.lines[7] de código.",
        "Sem marcas.",
        "",
    ],
)
def test_what_only_looks_like_a_mark_stays_as_it_was(text: str) -> None:
    assert resolved(text) == citations.Resolved(text)


@pytest.mark.parametrize(
    ("written", "cleaned", "removed"),
    [
        ("Abre às 9h [3].", "Abre às 9h.", 1),
        ("Abre às 9h [1][9].", "Abre às 9h [1].", 1),
        ("Abre às 9h [1, 7, 8].", "Abre às 9h [1].", 2),
        ("Abre [999] às 9h [1].", "Abre às 9h [1].", 1),
        ("Abre às 9h.[4]\nFecha às 18h. [1]", "Abre às 9h.\nFecha às 18h. [1]", 1),
        ("Abre às 9h [0].", "Abre às 9h.", 1),
    ],
)
def test_a_mark_to_no_passage_is_removed_and_counted(
    written: str, cleaned: str, removed: int
) -> None:
    found = resolved(written)
    assert found.text == cleaned
    assert found.removed == removed
    for mark in found.citations:
        assert found.text[mark.answer_start : mark.answer_end] == f"[{mark.number}]"


def test_without_passages_every_mark_goes() -> None:
    assert citations.resolve("Abre às 9h [1].", []) == citations.Resolved("Abre às 9h.", [], 1)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Aos sábados a loja abre das 9h às 13h [1].", "Aos sábados, abrimos das 9h às 13h."),
        ("Nos feriados a loja fica fechada [1].", "Fechamos nos feriados."),
        ("A entrega leva até 5 dias úteis. [2]", "Entregamos em até 5 dias úteis."),
        ("- Frete grátis a partir de R$ 150 [2]", "O frete é grátis a partir de R$ 150,00."),
        ("[1] Fecha nos feriados.", "Fechamos nos feriados."),
    ],
)
def test_a_mark_points_at_the_sentence_that_supports_its_claim(text: str, quote: str) -> None:
    assert quotes(text) == [quote]


def test_the_clause_before_a_mark_is_its_claim() -> None:
    text = "Aos sábados abre das 9h às 13h [1] e fecha nos feriados [1]; o frete é grátis [2]."
    assert quotes(text) == [
        "Aos sábados, abrimos das 9h às 13h.",
        "Fechamos nos feriados.",
        "O frete é grátis a partir de R$ 150,00.",
    ]


def test_marks_side_by_side_share_their_claim() -> None:
    first, second = resolved("Entregamos em 5 dias úteis [2][1].").citations
    assert first.quote == "Entregamos em até 5 dias úteis."
    assert second.passage_index == 0


def test_a_claim_of_two_sentences_quotes_both() -> None:
    (quote,) = quotes("Frete grátis a partir de R$ 150,00, com entrega em até 5 dias úteis [2].")
    assert quote.startswith("O frete é grátis")
    assert quote.endswith("5 dias úteis.")


def test_where_nothing_matches_the_whole_passage_is_cited() -> None:
    assert quotes("Bem-vindo! [1]") == [PASSAGES[0].text]


def test_the_span_lies_in_the_document() -> None:
    for mark in resolved("Abre às 9h [1]. Frete grátis [2]. Fecha nos feriados [1].").citations:
        assert DOCUMENT[mark.start : mark.end] == mark.quote


def test_an_engine_that_quotes_says_what_is_cited() -> None:
    text = PASSAGES[0].text
    last = text.index("Fechamos")
    given = [
        {"number": 1, "start": 0, "end": text.index(" Aos")},
        {"number": 1, "start": last, "end": len(text)},
    ]
    answer = "Abrimos de segunda a sexta, das 9h às 18h. [1] Fechamos nos feriados. [1]"
    found = citations.resolve(answer, PASSAGES, quotes=given)
    assert [mark.quote for mark in found.citations] == [
        "Abrimos de segunda a sexta, das 9h às 18h.",
        "Fechamos nos feriados.",
    ]
    assert all(DOCUMENT[mark.start : mark.end] == mark.quote for mark in found.citations)


@pytest.mark.parametrize(("start", "end"), [(0, 9999), (-3, 4), (5, 5)])
def test_a_quote_that_lies_outside_its_passage_is_not_believed(start: int, end: int) -> None:
    found = citations.resolve(
        "Fechamos nos feriados [1].", PASSAGES, quotes=[{"number": 1, "start": start, "end": end}]
    )
    assert [mark.quote for mark in found.citations] == ["Fechamos nos feriados"]


def test_quotes_are_left_as_they_were_given() -> None:
    given = [{"number": 1, "start": 0, "end": 7}]
    citations.resolve("Abrimos [1].", PASSAGES, quotes=given)
    assert given == [{"number": 1, "start": 0, "end": 7}]


def test_resolving_twice_changes_nothing() -> None:
    once = resolved("Abre às 9h [1, 9]. Frete 【2】 grátis [trecho 2].")
    assert resolved(once.text) == citations.Resolved(once.text, once.citations, 0)


def test_marks_in_data_lose_their_brackets_and_nothing_else() -> None:
    assert citations.without_brackets("em 1881[3], `v[1]` 【2】") == "em 1881(3), `v[1]` (2)"


def test_a_long_answer_full_of_marks_is_quick() -> None:
    answer = "Aos sábados a loja abre das 9h às 13h [1], com frete grátis [2][7]. " * 150
    begun = time.process_time()
    assert resolved(answer).removed == 150
    assert time.process_time() - begun < 3


PIECES = """[1] [2] [9] [1,9] [1-2] 【2】 [[1]] [0] [2024] `[1]` Abre ]( ``` ](x) [ ] x $$ é - .""".split()


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, " ", "\n", "\n\n", ". "]), max_size=30))
def test_whatever_is_written_offsets_and_spans_are_right(parts: list[str]) -> None:
    found = resolved("".join(parts))
    for mark in found.citations:
        assert found.text[mark.answer_start : mark.answer_end] == f"[{mark.number}]"
        assert DOCUMENT[mark.start : mark.end] == mark.quote != ""
        assert mark.passage_index == mark.number - 1 in (0, 1)
    again = resolved(found.text)
    assert again == citations.Resolved(found.text, found.citations, 0)
