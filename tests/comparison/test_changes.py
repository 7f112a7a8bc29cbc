"""The single questions that a version lost or won."""

import pytest

from core import comparison, i18n
from core.comparison.changes import changes
from core.db.tables import Assistant
from core.errors import InvalidInput
from tests.comparison.made_up import Scores, run_of


def test_what_turned_from_pass_to_fail_is_a_regression_the_worst_first(
    assistant: Assistant,
) -> None:
    a: Scores = {"refusal": [1, 1, 0, 1], "groundedness": [1.0, 0.9, 0.5, 0.8]}
    b: Scores = {"refusal": [1, 0, 1, 0], "groundedness": [0.6, 0.2, 0.6, 0.7]}
    found = changes(run_of(assistant.id, a, b))
    assert [one.position for one in found.regressions] == [1, 3, 0]
    assert [one.position for one in found.improvements] == [2]
    assert [one.scorer for one in found.regressions[0].scorers] == ["refusal", "groundedness"]
    assert found.regressions[0].size == pytest.approx(1.7)
    with i18n.speaking("en"):
        assert comparison.comparison(found.regressions[0].comparison_id).row.position == 1


def test_an_answer_that_did_not_come_is_a_regression(assistant: Assistant) -> None:
    a: Scores = {"groundedness": [0.9, 0.9]}
    scores = {1: {"scores": {"a": {"groundedness": 0.9, "failed": 0}, "b": {"failed": 1}}}}
    found = changes(run_of(assistant.id, a, a, each=scores))
    assert [one.scorers[0].scorer for one in found.regressions] == ["failed"]


def test_a_question_that_won_here_and_lost_there_is_in_both_lists(assistant: Assistant) -> None:
    a: Scores = {"refusal": [1], "groundedness": [0.1]}
    b: Scores = {"refusal": [0], "groundedness": [0.9]}
    found = changes(run_of(assistant.id, a, b))
    assert [one.scorer for one in found.regressions[0].also] == ["groundedness"]
    assert [one.scorer for one in found.improvements[0].also] == ["refusal"]


def test_a_step_decides_what_a_change_is(assistant: Assistant) -> None:
    run_id = run_of(assistant.id, {"groundedness": [0.5, 0.5]}, {"groundedness": [0.6, 0.9]})
    assert len(changes(run_id).improvements) == 1
    assert len(changes(run_id, step=0.1).improvements) == 2
    assert changes(run_id, step=0.5).improvements == []


def test_what_a_version_learned_is_marked(assistant: Assistant) -> None:
    run_id = run_of(
        assistant.id, {"groundedness": [0.5]}, {"groundedness": [1.0]}, learned={0: "b"}
    )
    assert changes(run_id).improvements[0].learned == "b"


@pytest.mark.parametrize("step", [0, -1, 1.5, float("nan")])
def test_a_step_that_is_none_is_named(assistant: Assistant, step: float) -> None:
    with pytest.raises(InvalidInput, match=str(step)):
        changes("?", step=step)
