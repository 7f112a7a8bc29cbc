"""Whatever a judge model says, it is read as a verdict of ours or refused with a reason."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.annotation.opinion_reply import LONGEST_WHY, Reply, Unusable, read
from core.annotation.rubric import DEFAULT_RUBRIC
from core.annotation.types import FAILURE_TYPES, VERDICTS

POINTS = {one["name"]: [point["value"] for point in one["scale"]] for one in DEFAULT_RUBRIC}
FITTING: dict[str, Any] = {
    "verdict": "rejected",
    "scores": {"correct": 1, "tone": 5},
    "failure_type": "generation",
    "why": "The passage says 7 days.",
}


def reply(**facts: Any) -> Reply:
    """What is read from a fitting reply with other ``facts``."""
    return read(json.dumps(FITTING | facts), DEFAULT_RUBRIC)


def refused(said: str) -> str:
    with pytest.raises(Unusable) as caught:
        read(said, DEFAULT_RUBRIC)
    return caught.value.code


def test_a_fitting_reply_is_taken_as_it_is() -> None:
    assert reply() == Reply(**FITTING)


def test_words_around_the_object_are_passed_over() -> None:
    said = f"Sure! Here it is:\n```json\n{json.dumps(FITTING)}\n```\nI hope this helps."
    assert read(said, DEFAULT_RUBRIC) == Reply(**FITTING)


def test_an_approved_answer_has_no_failure() -> None:
    assert reply(verdict="approved").failure_type == ""


@pytest.mark.parametrize("left_out", ["scores", "failure_type", "why"])
def test_only_the_verdict_is_needed(left_out: str) -> None:
    kept = {name: value for name, value in FITTING.items() if name != left_out}
    assert read(json.dumps(kept), DEFAULT_RUBRIC).verdict == "rejected"


def test_what_cannot_be_told_is_left_out_and_a_whole_float_is_a_point() -> None:
    assert reply(scores={"correct": None, "tone": 4.0}).scores == {"tone": 4}


@pytest.mark.parametrize("scores", [{"tone": 6}, {"tone": "4"}, {"tone": True}, {"beauty": 3}, [5]])
def test_scores_that_are_on_no_scale_are_refused(scores: Any) -> None:
    assert refused(json.dumps(FITTING | {"scores": scores})) == "wrong_values"


@pytest.mark.parametrize("facts", [{"verdict": "maybe"}, {"verdict": []}, {"failure_type": "x"}])
def test_values_that_are_not_to_choose_from_are_refused(facts: dict[str, Any]) -> None:
    assert refused(json.dumps(FITTING | facts)) == "wrong_values"


@pytest.mark.parametrize(
    "said", ["", "I cannot judge this.", "{", "[1]", '{"verdict": "appr', "}{"]
)
def test_what_is_no_object_is_refused_with_what_it_said(said: str) -> None:
    assert refused(said) == "no_json"


def test_a_refusal_in_words_is_kept_to_be_read() -> None:
    with pytest.raises(Unusable) as caught:
        read("I'm sorry, I can't help with that.", DEFAULT_RUBRIC)
    assert caught.value.detail == "I'm sorry, I can't help with that."


def test_the_reason_is_one_line_without_what_cannot_be_seen() -> None:
    assert reply(why="It\u202e is\x00\nwrong.\ud800").why == "It is wrong."
    assert len(reply(why="x" * 5000).why) == LONGEST_WHY


def outcome(said: str) -> Reply | Unusable:
    """What comes of a reply, whichever it is."""
    try:
        return read(said, DEFAULT_RUBRIC)
    except Unusable as error:
        return error


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["approved", "generation", "correct"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=9) | st.sampled_from(list(POINTS)), inner, max_size=4)
    ),
    max_leaves=12,
)
NEARLY = st.fixed_dictionaries(
    {"verdict": st.sampled_from(VERDICTS)},
    optional={"scores": JSON, "failure_type": JSON, "why": JSON},
)


@given(st.text() | JSON.map(json.dumps) | NEARLY.map(json.dumps))
@example("[" * 20_000)
@example('{"a":' * 4000 + "}")
@example('{"verdict": "rejected", "scores": {"tone": 1e999}}')
@example('{"verdict": "rejected", "scores": {"tone": ' + "9" * 5000 + "}}")
@example('{"verdict": ' + "[" * 900 + "]" * 900 + "}")
def test_no_reply_raises_anything_else_or_gives_what_the_rubric_has_not(said: str) -> None:
    told = outcome(said)
    if isinstance(told, Unusable):
        assert told.code in ("no_json", "wrong_values")
        told.detail.encode()
        return
    assert told.verdict in VERDICTS
    assert told.failure_type in ("", *FAILURE_TYPES)
    assert all(type(value) is int and value in POINTS[name] for name, value in told.scores.items())
    assert len(told.why) <= LONGEST_WHY
    told.why.encode()
