"""What a version must show before it may take over."""

import json
from typing import Any

import numpy as np
import pytest

from core import access, comparison, i18n
from core.comparison import gate_rules, gate_saying
from core.comparison.gate import check_gate, gate, passed, results, set_gate
from core.db.tables import Assistant, GateResult
from core.errors import InvalidInput, NotAllowed, NotFound
from tests.comparison.made_up import run_of


def made(assistant: Assistant, gain: float, n: int = 150, spread: float = 0.1, **more: Any) -> str:
    rng = np.random.default_rng(3)
    a = rng.uniform(0.3, 0.7, n)
    b = a + gain + rng.normal(0, spread, n)
    return run_of(assistant.id, {"groundedness": list(a)}, {"groundedness": list(b)}, **more)


def unmet(result: GateResult) -> list[str]:
    return [one["rule"] for one in result.reasons if not one["passed"]]


def test_a_version_that_is_better_and_loses_nothing_passes(assistant: Assistant) -> None:
    result = check_gate(made(assistant, 0.06))
    assert result.passed, result.reasons
    assert gate(assistant.id).usual
    with i18n.speaking("en"):
        assert gate_saying.outcome(result) == "Passes the gate: all 6 rules are met."


def test_as_good_is_not_better(assistant: Assistant) -> None:
    assert unmet(check_gate(made(assistant, 0.0))) == ["better_in_one_of"]


def test_not_worse_takes_the_interval_not_the_middle(assistant: Assistant) -> None:
    set_gate(assistant.id, {"not_worse": {"groundedness": 0.02}, "least_n": 10})
    few = check_gate(made(assistant, 0.005, n=60, spread=0.2))
    (reason,) = [one for one in few.reasons if not one["passed"]]
    assert reason["metric"]["value"] > -0.02
    assert reason["metric"]["low"] < -0.02
    assert (reason["why"], reason["more"] > 0) == ("unsure", True)
    assert check_gate(made(assistant, 0.01, n=400)).passed


def test_what_never_differed_takes_about_as_many_as_it_says(assistant: Assistant) -> None:
    set_gate(assistant.id, {"not_worse": {"groundedness": 0.05}, "least_n": 10})

    def checked(n: int) -> GateResult:
        a = {"groundedness": [0.5] * n}
        return check_gate(run_of(assistant.id, a, a))

    (reason,) = [one for one in checked(32).reasons if not one["passed"]]
    assert reason["more"] == 41
    assert not checked(65).passed
    assert checked(32 + 41).passed


def test_what_is_worse_by_the_margin_is_called_so(assistant: Assistant) -> None:
    set_gate(assistant.id, {"not_worse": {"groundedness": 0.05}})
    (reason,) = [one for one in check_gate(made(assistant, -0.1)).reasons if not one["passed"]]
    assert reason["why"] == "worse"
    with i18n.speaking("en"):
        assert gate_saying.reason(reason).startswith("Groundedness: worse by 5 points or more (−")


def test_a_scorer_that_measured_nothing_does_not_pass(assistant: Assistant) -> None:
    set_gate(assistant.id, {"not_worse": {"token_f1": 0.05}})
    (reason,) = [one for one in check_gate(made(assistant, 0.1)).reasons if not one["passed"]]
    assert reason["why"] == "unmeasured"


@pytest.mark.parametrize("state", ["running", "cancelled", "failed", "waiting"])
def test_a_run_that_has_not_ended_does_not_pass(assistant: Assistant, state: str) -> None:
    result = check_gate(made(assistant, 0.1, state=state, total=400))
    assert "complete" in unmet(result)
    with i18n.speaking("en"):
        assert "150 of 400" in gate_saying.reason(result.reasons[0])


def test_too_few_questions_do_not_pass(assistant: Assistant) -> None:
    learned = dict.fromkeys(range(60), "b")
    result = check_gate(made(assistant, 0.1, learned=learned))
    assert unmet(result) == ["least_n"]
    assert result.reasons[1]["n"] == 90


def test_a_sample_too_small_for_its_gate_is_told_to_be_as_expected(assistant: Assistant) -> None:
    small, enough = check_gate(made(assistant, 0.1, n=92)), check_gate(made(assistant, 0.1))
    with i18n.speaking("en"):
        assert "with 100 of them can pass" in gate_saying.expected(small, True)
    assert not gate_saying.expected(small, False)
    assert not gate_saying.expected(enough, True)


def test_a_lost_question_that_must_pass_is_one_too_many(assistant: Assistant) -> None:
    must = {"reference": {"must_pass": True}}
    lost = must | {"scores": {"a": {"groundedness": 0.9}, "b": {"groundedness": 0.1}}}
    run_id = made(assistant, 0.06, each={0: must, 1: lost}, learned={1: "a"})
    result = check_gate(run_id)
    assert unmet(result) == ["must_pass"]
    (reason,) = [one for one in result.reasons if one["rule"] == "must_pass"]
    assert (reason["lost"], reason["total"]) == (1, 2)
    set_gate(assistant.id, gate_rules.DEFAULT | {"must_pass": {"at_most": 1}})
    assert check_gate(run_id).passed


def test_an_answer_that_was_liked_less_is_not_lost(assistant: Assistant) -> None:
    liked = {
        "reference": {"must_pass": True},
        "scores": {
            "a": {"groundedness": 0.9, "judge_pairwise": 1.0},
            "b": {"groundedness": 0.9, "judge_pairwise": 0.0},
        },
    }
    result = check_gate(made(assistant, 0.06, each={0: liked}))
    (reason,) = [one for one in result.reasons if one["rule"] == "must_pass"]
    assert (reason["lost"], reason["total"], reason["passed"]) == (0, 1, True)


def test_a_judge_whom_nobody_checked_does_not_pass(assistant: Assistant) -> None:
    wins = {"a": {"judge_pairwise": 0.0}, "b": {"judge_pairwise": 1.0}}
    run_id = made(assistant, 0.06, each={at: {"scores": wins} for at in range(140)})
    set_gate(assistant.id, {"better_in_one_of": ["judge_pairwise"]})
    assert check_gate(run_id).passed
    set_gate(assistant.id, {"better_in_one_of": ["judge_pairwise"], "judge_agreement": 0.4})
    result = check_gate(run_id)
    assert unmet(result) == ["judge_agreement"]
    with i18n.speaking("en"):
        assert "Too few human words" in gate_saying.reason(result.reasons[-1])


def test_a_few_votes_do_not_block_a_version_but_are_told(assistant: Assistant) -> None:
    lost = {
        "a": {"groundedness": 0.5, "human_score": 1.0},
        "b": {"groundedness": 0.6, "human_score": 0.0},
    }
    won = {side: lost[side] | {"human_score": float(side == "b")} for side in "ab"}
    run_id = made(assistant, 0.06, each={0: {"scores": lost}, 1: {"scores": won}})
    result = check_gate(run_id)
    assert result.passed, result.reasons
    (told,) = [one for one in result.reasons if one.get("scorer") == "human_score"]
    assert (told["why"], told["metric"]["n"]) == ("few", 2)
    with i18n.speaking("en"):
        assert gate_saying.met(told) == "not asked"
        assert "too few yet" in gate_saying.reason(told)
        assert gate_saying.outcome(result) == "Passes the gate: all 6 rules are met."
    set_gate(assistant.id, gate_rules.DEFAULT | {"not_worse": {"human_score": 0.05}})
    assert unmet(check_gate(run_id)) == ["not_worse"]


def test_votes_that_are_surely_against_a_version_block_it(assistant: Assistant) -> None:
    lost = {
        "a": {"groundedness": 0.5, "human_score": 1.0},
        "b": {"groundedness": 0.6, "human_score": 0.0},
    }
    won = {side: lost[side] | {"human_score": float(side == "b")} for side in "ab"}
    said = {at: {"scores": lost if at % 7 else won} for at in range(80)}
    run_id = made(assistant, 0.06, each=said)
    assert unmet(check_gate(run_id)) == ["not_worse"]


def test_a_run_that_was_held_against_a_gate_can_be_removed(assistant: Assistant) -> None:
    run_id = made(assistant, 0.06)
    check_gate(run_id)
    comparison.remove_run(run_id)
    with pytest.raises(NotFound):
        results(run_id)
    pair = comparison.pair(assistant.id)
    assert passed(pair.a.id, pair.b.id) is None


def test_speed_is_held_against_its_share(assistant: Assistant) -> None:
    rng = np.random.default_rng(1)
    a = rng.lognormal(0, 0.3, 100)
    slower = run_of(
        assistant.id, {"seconds": list(a)}, {"seconds": list(a * rng.normal(1.3, 0.02, 100))}
    )
    set_gate(assistant.id, {"not_worse": {"seconds": 0.2}})
    assert unmet(check_gate(slower)) == ["not_worse"]
    set_gate(assistant.id, {"not_worse": {"seconds": 0.4}})
    assert check_gate(slower).passed


def test_a_gate_may_want_a_scorer_that_does_not_decide_elsewhere(assistant: Assistant) -> None:
    rng = np.random.default_rng(1)
    a = rng.uniform(0.2, 0.5, 120)
    run_id = run_of(assistant.id, {"chrf": list(a)}, {"chrf": list(a + rng.normal(0.1, 0.05, 120))})
    assert (comparison.verdict(run_id).metric("chrf") or 1).claim == ""  # type: ignore[union-attr]
    set_gate(assistant.id, {"better_in_one_of": ["chrf"]})
    assert check_gate(run_id).passed


def test_rules_are_only_ever_added(assistant: Assistant) -> None:
    set_gate(assistant.id, {"better_in_one_of": ["groundedness"], "least_n": 20})
    first = gate(assistant.id)
    set_gate(assistant.id, {"better_in_one_of": ["cost"]})
    now = gate(assistant.id)
    assert (first.rules["least_n"], now.rules["least_n"]) == (20, 100)
    assert not now.usual
    assert now.gate_id != first.gate_id


def test_the_same_is_not_stored_twice_and_other_rules_are_another_result(
    assistant: Assistant,
) -> None:
    run_id = made(assistant, 0.06)
    assert check_gate(run_id).id == check_gate(run_id).id
    set_gate(assistant.id, {"better_in_one_of": ["cost"]})
    check_gate(run_id)
    assert [one.passed for one in results(run_id)] == [False, True]


def test_a_pair_has_passed_only_by_the_rules_that_hold(assistant: Assistant) -> None:
    pair = comparison.pair(assistant.id)
    assert passed(pair.a.id, pair.b.id) is None
    result = check_gate(made(assistant, 0.06))
    found = passed(pair.a.id, pair.b.id)
    assert found
    assert found.id == result.id
    assert passed(pair.b.id, pair.a.id) is None
    set_gate(assistant.id, {"better_in_one_of": ["cost"]})
    assert passed(pair.a.id, pair.b.id) is None


WRONG: list[tuple[Any, str]] = [
    ({"not_worse": {"nonsense": 0.1}}, "nonsense"),
    ({"not_worse": {"groundedness": 5}}, "5"),
    ({"not_worse": {"groundedness": True}}, "True"),
    ({"not_worse": {"groundedness": float("nan")}}, "nan"),
    ({"not_worse": ["groundedness"]}, "groundedness"),
    ({"better_in_one_of": "cost"}, "cost"),
    ({"better_in_one_of": ["gold"]}, "gold"),
    ({"better_in_one_of": ["cost"], "must_pass": 3}, "3"),
    ({"better_in_one_of": ["cost"], "must_pass": {"at_most": -1}}, "-1"),
    ({"better_in_one_of": ["cost"], "least_n": 0}, "0"),
    ({"better_in_one_of": ["cost"], "least_n": 10**9}, str(10**9)),
    ({"better_in_one_of": ["cost"], "judge_agreement": "high"}, "high"),
    ({"better": ["cost"]}, "better"),
    ([], r"\[\]"),
    ({}, "."),
]


@pytest.mark.parametrize(("rules", "named"), WRONG)
def test_a_rule_that_cannot_be_is_named_with_the_way_out(
    assistant: Assistant, rules: Any, named: str
) -> None:
    with pytest.raises(InvalidInput, match=named) as refused:
        set_gate(assistant.id, rules)
    assert refused.value.hint
    assert gate(assistant.id).usual


def test_who_may_not_change_may_not_set_a_gate(assistant: Assistant) -> None:
    viewer = access.set_roles(access.person("Ana").id, ["viewer"])
    with access.as_person(viewer):
        assert gate(assistant.id).usual
        with pytest.raises(NotAllowed):
            set_gate(assistant.id, {"better_in_one_of": ["cost"]})


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_every_reason_and_rule_is_told_in_words(assistant: Assistant, language: str) -> None:
    must = {0: {"reference": {"must_pass": True}}}
    rules = {
        "not_worse": {"primary": 0.01, "seconds": 0.1, "bleu": 0.02},
        "better_in_one_of": ["primary", "cost"],
        "must_pass": {"at_most": 2},
        "judge_agreement": 0.6,
    }
    set_gate(assistant.id, rules)
    result = check_gate(made(assistant, 0.0, n=20, each=must))
    with i18n.speaking(language):
        told = [gate_saying.outcome(result), *map(gate_saying.reason, result.reasons)]
        told += gate_saying.rules(gate(assistant.id).rules)
    assert all(line and "{" not in line and "primary" not in line for line in told)
    assert json.loads(json.dumps(result.reasons)) == result.reasons
