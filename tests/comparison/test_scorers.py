"""Scorers: what each says of an answer is right, None where there is nothing to tell, and a new one
is one file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import db
from core.chat import citations
from core.comparison import scorers
from core.comparison.scorers import citing, meaning, overlap, sources
from core.comparison.scorers.tokens import longest_common, telling, tokens
from core.comparison.types import Cited, Example, Reference, Seen
from core.db.tables import Embedder
from core.errors import InvalidInput, ModelFailed

HOURS = Seen(
    "horarios.md", "A loja abre de segunda a sexta, das 9h às 18h. Aos sábados, das 9h às 13h."
)
SWAPS = Seen("trocas.md", "O prazo de troca é de 30 dias corridos, com a nota fiscal.")
WORDS = st.lists(st.sampled_from("a b c d e".split()), max_size=30)


def example(text: str = "", marked: str = "", **given: Any) -> Example:
    """An answer to one question; what belongs to the reference goes there."""
    known = {k: given.pop(k) for k in list(given) if k in Reference.__dataclass_fields__}
    base = Example("Quando abre?", text or citations.without_marks(marked), language="pt")
    return replace(base, marked=marked, reference=Reference(**known), **given)


def score(name: str, one: Example) -> float | None:
    return scorers.scored(one, [name])[name]


@pytest.mark.parametrize("text", ["começa", "comec\u0327a"])
def test_an_accented_word_is_one_token(text: str) -> None:
    assert tokens(text) == ["comeca"]


@pytest.mark.parametrize("written", ["1.234,56", "1,234.56", "1234,560"])
def test_a_number_is_one_token_however_it_is_written(written: str) -> None:
    assert tokens(f"custa {written} reais") == ["custa", "1234.56", "reais"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.500", "1500"), ("9,00", "9"), ("e\u0301", "é"), ("Ação", "acao")],
)
def test_what_means_the_same_is_the_same(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1,5", "15"), ("é", "e"), ("avó", "avô"), ("país", "pais"), ("0.500", "500")],
)
def test_what_means_something_else_stays_apart(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


def test_articles_go_only_where_something_is_left() -> None:
    assert telling("O prazo é a regra", "pt-BR") == ["prazo", "é", "regra"]
    assert telling("o a", "pt") == ["o", "a"]
    assert telling("The rule", "en") == ["rule"]


@given(WORDS, WORDS)
def test_the_longest_common_subsequence_is_the_textbook_one(a: list[str], b: list[str]) -> None:
    assert longest_common(a, b) == _textbook(a, b)


def _textbook(a: Sequence[str], b: Sequence[str]) -> int:
    row = [0] * (len(b) + 1)
    for one in a:
        last = row
        row = [0]
        for at, other in enumerate(b):
            row.append(last[at] + 1 if one == other else max(last[at + 1], row[at]))
    return row[-1]


def test_words_shared_are_measured_against_the_best_reference() -> None:
    one = example("A loja abre às 9h", answers=("Abre às nove", "a loja abre as 9h."))
    assert score("exact_match", one) == 1.0
    assert score("token_f1", one) == 1.0
    assert score("rouge_l", one) == 1.0


def test_the_figures_of_words_shared_are_those_of_their_definitions() -> None:
    one = example("gato preto dorme", answers=("dorme gato branco",))
    assert score("token_f1", one) == pytest.approx(2 * 2 / 6)
    assert score("rouge_l", one) == pytest.approx(2 * 1 / 6)
    assert score("token_f1", replace(one, text="gato")) == pytest.approx(2 * 1 / 4)
    assert score("exact_match", one) == 0.0


@given(st.text(max_size=60), st.text(max_size=60))
def test_words_shared_are_a_share_whatever_is_written(text: str, reference: str) -> None:
    one = example(text, answers=(reference,))
    for like in (overlap.exact_match, overlap.token_f1, overlap.rouge_l):
        value = like(one)
        assert value is None or 0.0 <= value <= 1.0


@pytest.mark.slow  # sacrebleu takes half a second to import
@pytest.mark.parametrize("name", ["bleu", "chrf"])
def test_what_is_said_as_the_reference_says_it_is_wholly_like_it(name: str) -> None:
    text = "A loja abre às nove da manhã."
    same, other = (example(said, answers=(text,)) for said in (text, "Nada disso consta."))
    assert score(name, same) == pytest.approx(1.0)
    assert score(name, example("Às nove.", answers=("Às nove.",))) == pytest.approx(1.0)
    assert (score(name, other) or 0.0) < 0.2
    assert score(name, replace(same, text="")) == 0.0


@pytest.mark.slow
def test_bleu_and_chrf_are_sacrebleus_figures() -> None:
    from sacrebleu import sentence_bleu, sentence_chrf

    said, right = "o gato dorme no sofá hoje", ["o gato preto dorme no sofá"]
    one = example(said, answers=tuple(right))
    assert score("bleu", one) == pytest.approx(sentence_bleu(said, right).score / 100)
    assert score("chrf", one) == pytest.approx(sentence_chrf(said, right).score / 100)


@pytest.mark.parametrize(
    ("answerable", "outcome", "right"),
    [
        (True, "answered", 1.0),
        (True, "not_found", 0.0),
        (False, "not_found", 1.0),
        (False, "related", 1.0),
        (False, "answered", 0.0),
        (None, "not_found", None),
    ],
)
def test_refusing_is_right_where_the_documents_hold_no_answer(
    answerable: bool | None, outcome: str, right: float | None
) -> None:
    assert score("refusal", example("x", answerable=answerable, outcome=outcome)) == right


def test_a_question_with_a_known_answer_is_to_be_answered() -> None:
    assert score("refusal", example("x", answers=("9h",), outcome="not_found")) == 0.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Horários.md", "horarios.md", True),
        ("docs/horarios.md", "horarios.md", True),
        ("horarios", "horarios.md", True),
        ("horarios.pdf", "horarios.md", False),
        ("manual v1.2", "manual v1.3", False),
    ],
)
def test_a_document_is_known_by_its_name_alone(one: str, other: str, same: bool) -> None:
    assert sources.same_document(one, other) is same


def test_a_right_passage_is_of_the_document_and_holds_the_quote() -> None:
    found: dict[str, Any] = {"passages": (HOURS, SWAPS), "documents": ("trocas.md",)}
    assert score("right_first", example("x", **found)) == 0.0
    assert score("right_in_three", example("x", **found)) == 1.0
    assert score("right_in_three", example("x", quotes=("10 dias",), **found)) == 0.0
    assert score("right_in_three", example("x", quotes=("30 dias corridos",), **found)) == 1.0


def test_a_quote_that_was_cut_in_two_counts_where_most_of_it_stands() -> None:
    quote = "O prazo de troca é de 30 dias corridos, com a nota fiscal em mãos"
    assert sources.holds(SWAPS.text, quote)
    assert sources.holds("de 30 dias corridos, com a nota fiscal em mãos.", quote)
    assert not sources.holds("O prazo de troca é curto", quote)
    assert not sources.holds("O prazo de troca é longo", "prazo de troca curto")


def test_a_citation_counts_where_its_passage_supports_the_sentence() -> None:
    right = "A loja abre de segunda a sexta, das 9h às 18h [1]. O prazo de troca é de 30 dias [2]."
    swapped = right.replace("[1]", "[3]").replace("[2]", "[1]").replace("[3]", "[2]")
    told: dict[str, Any] = {"passages": (HOURS, SWAPS)}
    assert score("citation_recall", example(marked=right, **told)) == 1.0
    assert score("citation_precision", example(marked=right, **told)) == 1.0
    assert score("citation_recall", example(marked=swapped, **told)) == 0.0
    assert score("citation_precision", example(marked=swapped, **told)) == 0.0


def test_a_citation_too_many_costs_precision_alone() -> None:
    one = example(marked="O prazo de troca é de 30 dias [1][2].", passages=(HOURS, SWAPS))
    assert score("citation_recall", one) == 1.0
    assert score("citation_precision", one) == 0.5


def test_two_passages_that_each_support_a_sentence_are_both_rightly_cited() -> None:
    one = example(marked="O prazo de troca é de 30 dias [1][2].", passages=(SWAPS, SWAPS))
    assert score("citation_precision", one) == 1.0


def test_passages_that_support_a_sentence_only_together_are_rightly_cited() -> None:
    text = (
        "Aos sábados a loja abre das 9h às 13h [1], e o prazo de troca é de 30 dias corridos [2]."
    )
    one = example(marked=text, passages=(HOURS, SWAPS))
    assert score("citation_recall", one) == score("citation_precision", one) == 1.0


def test_a_claim_without_a_citation_is_not_supported_by_what_it_cites() -> None:
    text = "O prazo de troca é de 30 dias [2]. A loja abre das 9h às 18h."
    one = example(marked=text, passages=(HOURS, SWAPS))
    assert score("citation_recall", one) == 0.5
    assert score("citation_precision", one) == 1.0


def test_a_mark_behind_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    text = "A loja abre às 9h. [1] O prazo de troca é de 30 dias. [2]"
    assert [one.cited for one in citing.cited_sentences(text)] == [[1], [2]]


def test_the_sources_that_the_reference_names_are_cited() -> None:
    told: dict[str, Any] = {"passages": (HOURS, SWAPS), "citations": (Cited("trocas.md", ""),)}
    text = "O prazo é de 30 dias [2]."
    both = example(marked=text, documents=("trocas.md", "horarios.md"), **told)
    assert score("sources_cited", both) == 0.5
    assert score("sources_cited", example(marked=text, quotes=("30 dias",), **told)) == 1.0


def test_figures_are_held_however_they_are_written() -> None:
    one = example("Custa R$ 1.234,50 e abre às 14h30.", answers=("R$ 1234.50, às 2:30 p.m.",))
    assert score("numbers_held", one) == 1.0
    assert score("numbers_held", replace(one, text="Custa R$ 99.")) == 0.0
    assert score("quote_held", example("São 30 dias corridos.", quotes=("30 dias",))) == 1.0


def test_likeness_of_the_same_words_is_whole(home: Path) -> None:
    one = example("O prazo de troca é de 30 dias", answers=("o prazo da troca: 30 dias",))
    other = replace(one, text="Abrimos aos sábados de manhã")
    assert (score("likeness", one) or 0) > 0.9 > 0.3 > (score("likeness", other) or 0)


@pytest.mark.slow
def test_an_embedder_that_failed_is_left_alone_for_a_while(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "_resting", {})
    facts = {"provider": "ollama", "name": "bge-m3", "dimension": 64, "state": "serving"}
    with db.writing() as session:
        session.add(Embedder(**facts))
    one = example("Às nove", answers=("às 9h",))
    with pytest.raises(ModelFailed):
        meaning.likeness(one)
    assert meaning.likeness(one) is None


def test_loading_the_model_is_not_the_answers_time() -> None:
    one = example("x", total_seconds=9.0, first_token_seconds=6.0, load_seconds=5.0, tokens_out=12)
    told = scorers.scored(one, ["seconds", "first_token", "speed"])
    assert told == {"seconds": 4.0, "first_token": 1.0, "speed": 4.0}


def test_a_side_that_failed_has_no_scores(home: Path) -> None:
    one = example("Quebr", answers=("a",), documents=("d",), rules={"max_words": 3}, failed=True)
    assert set(scorers.scored(replace(one, total_seconds=3.0, tokens_out=3)).values()) == {None}


def test_an_empty_example_tells_nothing_and_breaks_nothing(home: Path) -> None:
    told = scorers.scored(Example("", ""))
    assert all(value is None or 0.0 <= value <= 1.0 for value in told.values())


def test_a_scorer_there_is_not_is_named() -> None:
    with pytest.raises(InvalidInput, match="beleza") as refused:
        scorers.scored(example("x"), ["beleza"])
    assert "token_f1" in refused.value.hint


def test_every_scorer_says_what_it_means() -> None:
    for one in scorers.SCORERS.values():
        assert one.title
        assert one.meaning.endswith(".")
        assert one.unit in "share score seconds tokens dollars per_second nats".split()
        assert one.better in ("up", "down")
        assert one.kind in ("mean", "pass")
        assert one.quality or not one.primary


NEW = """
from core.comparison.scorers.kinds import Scorer
SCORERS = (Scorer("shouting", "Shouting", "Share of capitals.", lambda example: 0.5),)
"""


def test_a_new_scorer_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "more_scorers"
    package.mkdir()
    (package / "shouting.py").write_text(NEW)
    (package / "nothing.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    found = scorers.found([str(package)], "more_scorers")
    assert list(found) == ["shouting"]
    monkeypatch.setattr(scorers, "SCORERS", found)
    assert scorers.scored(example("OI")) == {"shouting": 0.5}


def test_a_scorer_that_fails_spoils_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: Example) -> float:
        raise ZeroDivisionError

    bad = scorers.Scorer("bad", "Bad", "Bad.", breaks)
    endless = scorers.Scorer("endless", "Endless", "Endless.", lambda _: float("inf"))
    fine = scorers.Scorer("fine", "Fine", "Fine.", lambda _: 1.0)
    away = scorers.Scorer("away", "Away", "Away.", breaks, available=lambda: "Install it.")
    every = {one.name: one for one in (bad, endless, fine, away)}
    monkeypatch.setattr(scorers, "SCORERS", every)
    assert scorers.scored(example("x")) == {"bad": None, "endless": None, "fine": 1.0}
