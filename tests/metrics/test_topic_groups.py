"""Questions in groups by their words, and groups found again: pure, and the same in any order."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.metrics.topics import groups as topic_groups
from core.metrics.topics import matching as topic_matching
from core.metrics.topics.groups import Bag

FREIGHT: list[Bag] = [("fret", "grat"), ("fret", "praz"), ("praz", "fret"), ("fret",)]
RETURNS: list[Bag] = [("troc", "produt"), ("troc",), ("troc", "tamanh"), ("produt", "troc")]
BAGS = FREIGHT + RETURNS


def _askers(bags: list[Bag]) -> list[str]:
    return [str(n) for n in range(len(bags))]


def _terms(grouping: topic_groups.Grouping) -> list[str]:
    return sorted(max(centre, key=lambda term: centre[term]) for centre in grouping.centres)


def test_questions_that_share_words_are_a_group() -> None:
    assert _terms(topic_groups.grouped(BAGS, _askers(BAGS))) == ["fret", "troc"]


@settings(max_examples=20)
@given(st.randoms())
def test_groups_are_the_same_in_whatever_order_questions_come(chance: random.Random) -> None:
    shuffled = list(BAGS)
    chance.shuffle(shuffled)
    found = topic_groups.grouped(shuffled, _askers(shuffled))
    expected = topic_groups.grouped(BAGS, _askers(BAGS))
    assert found.rarity == pytest.approx(expected.rarity)
    assert _terms(found) == _terms(expected)


def test_a_word_that_one_asker_alone_uses_is_no_term() -> None:
    bags: list[Bag] = [("joaquin", "fret")] * 5 + FREIGHT
    rarity = topic_groups.rarities(bags, ["joaquina"] * 5 + _askers(FREIGHT))
    assert "joaquin" not in rarity
    assert "fret" in rarity


@pytest.mark.parametrize("bags", [[], [()], [("fret",)], [(), (), ()], [("a", "b")]])
def test_too_little_to_group_gives_no_groups(bags: list[Bag]) -> None:
    assert topic_groups.grouped(bags, _askers(bags)).centres == []


@pytest.mark.parametrize("n", [1, 3, 4000])
def test_one_question_asked_often_is_one_group(n: int) -> None:
    bags: list[Bag] = [("fret", "grat")] * n + [("troc",)] * n
    assert len(topic_groups.grouped(bags, _askers(bags)).centres) == (2 if n >= 3 else 0)


@settings(max_examples=30)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=4).map(tuple), max_size=25))
def test_centres_have_length_one_and_are_of_known_terms(bags: list[Bag]) -> None:
    found = topic_groups.grouped(bags, _askers(bags))
    for centre in found.centres:
        assert topic_groups.likeness(centre, centre) == pytest.approx(1.0)
        assert centre.keys() <= found.rarity.keys()


def test_a_group_is_the_topic_that_is_likest() -> None:
    freight, returns = {"fret": 0.8, "praz": 0.6}, {"troc": 1.0}
    known = {"b": {"troc": 0.9, "praz": 0.435}, "a": {"fret": 1.0}}
    assert topic_matching.matched([returns, freight], known) == ["b", "a"]


def test_a_topic_is_one_groups_at_most_and_the_likest_has_it() -> None:
    known = {"a": {"fret": 1.0}}
    close, far = {"fret": 1.0}, {"fret": 0.8, "praz": 0.6}
    assert topic_matching.matched([far, close], known) == [None, "a"]


def test_a_group_that_is_like_no_topic_is_new() -> None:
    assert topic_matching.matched([{"fret": 1.0}], {"a": {"fret": 0.4, "troc": 0.917}}) == [None]


def test_a_topic_that_a_group_says_as_well_goes_unless_a_person_named_it() -> None:
    topics = {"same": {"fret": 1.0}, "kept": {"fret": 1.0}, "other": {"troc": 1.0}}
    assert topic_matching.staying([{"fret": 1.0}], topics, ["kept"]) == ["kept", "other"]
