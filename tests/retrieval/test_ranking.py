"""The parts of a score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.retrieval import ranking
from core.retrieval.ranking import Candidate, Term

A, B, C = (Term(((stem, 1.0),)) for stem in "abc")
EVEN = {"a": 1.0, "b": 1.0, "c": 1.0}


def candidate(number: int, body: str, heading: str = "") -> Candidate:
    return Candidate(number, heading.split(), body.split())


def best(candidates: list[Candidate], terms: list[Term], weights: dict[str, float] = EVEN) -> int:
    scores = ranking.lexical(ranking.parts(candidates, terms, weights, 5.0))
    return max(scores, key=lambda number: scores[number])


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    assert ranking.idf(1, 100) > ranking.idf(50, 100) > ranking.idf(100, 100) > 0


def test_words_that_stand_together_win_over_words_far_apart() -> None:
    near, far = candidate(1, "x " * 40 + "a b"), candidate(2, "a " + "x " * 40 + "b")
    assert best([far, near], [A, B]) == 1


def test_a_heading_stands_near_to_everything() -> None:
    under, without = candidate(1, "x " * 30 + "b", "a"), candidate(2, "a " + "x " * 30 + "b")
    assert best([without, under], [A, B]) == 1


def test_the_order_of_the_same_words_makes_no_difference() -> None:
    weights = {"a": 0.1, "b": 0.2, "c": 0.3}  # floats whose sum depends on the order of adding
    candidates = [candidate(1, "a b c"), candidate(2, "c b a"), candidate(3, "b c a")]
    assert set(ranking.parts(candidates, [A, B, C], weights, 3.0).together.values()) == {1.0}


def test_of_several_stems_of_a_word_the_best_counts_once() -> None:
    either = Term((("a", 1.0), ("b", 0.5)))
    both, one = candidate(1, "a b x"), candidate(2, "a x x")
    scores = ranking.lexical(ranking.parts([both, one], [either], EVEN, 3.0))
    assert scores[1] - scores[2] < 0.3


def test_a_word_of_the_same_sense_leaves_one_less_sure() -> None:
    term, weights = Term((("a", 1.0), ("b", 0.8))), {"a": 1.0, "b": 9.0}
    assert ranking.confidence([candidate(1, "a")], [term], weights) == 1.0


def test_an_everyday_word_counts_for_less() -> None:
    little = Term((("a", 1.0),), matters=0.3)
    assert best([candidate(1, "a x"), candidate(2, "b x")], [little, B]) == 2


@given(st.dictionaries(st.integers(), st.floats(0, 1e6), max_size=20))
def test_scaled_scores_lie_between_0_and_1_and_keep_their_order(scores: dict[int, float]) -> None:
    scaled = ranking.scaled(scores)
    assert all(0 <= score <= 1 for score in scaled.values())
    for one in scores:
        for other in scores:
            if scores[one] < scores[other]:
                assert scaled[one] <= scaled[other]


def test_fusing_takes_both_lists_in_proportion() -> None:
    fused = ranking.fused({1: 10.0, 2: 0.0}, {1: 0.0, 2: 0.9, 3: 0.0}, share=0.75)
    assert fused == {1: 0.75, 2: 0.25, 3: 0.0}


def test_what_has_no_vector_is_no_worse_for_that() -> None:
    fused = ranking.fused({1: 8.0, 2: 4.0, 3: 0.0}, {2: 0.9, 3: 0.0}, share=0.75)
    assert fused == {1: 1.0, 2: 0.75 * 0.5 + 0.25, 3: 0.0}


@pytest.mark.parametrize(
    ("body", "confidence"), [("a b c", 1.0), ("a b x", 2 / 3), ("x x x", 0.0), ("", 0.0)]
)
def test_confidence_is_the_share_of_what_is_asked_for(body: str, confidence: float) -> None:
    found = ranking.confidence([candidate(1, body)], [A, B, C], EVEN)
    assert found == pytest.approx(confidence)


def test_a_missing_name_costs_more_confidence_than_another_word() -> None:
    name = B._replace(matters=1.5)
    there = [candidate(1, "a")]
    assert ranking.confidence(there, [A, name], EVEN) < ranking.confidence(there, [A, B], EVEN)


def test_what_is_asked_must_stand_in_one_chunk_to_be_sure() -> None:
    apart = [candidate(1, "a"), candidate(2, "b")]
    assert ranking.confidence(apart, [A, B], EVEN) == pytest.approx(0.5)


def test_without_terms_there_is_no_confidence() -> None:
    assert ranking.confidence([candidate(1, "a")], [], {}) == 0.0
