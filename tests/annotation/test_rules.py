"""A queue's rules: bounds, defaults, and what is refused by name."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.annotation import rules
from core.annotation.rules import NAMES, Rule
from core.errors import InvalidInput
from core.i18n import speaking


def test_a_queue_without_rules_has_the_usual_ones() -> None:
    assert rules.read([]) == rules.usual()
    assert rules.share(rules.usual()) == 0.1


def test_rules_come_in_their_order_and_those_not_named_are_off() -> None:
    found = rules.checked([{"name": "slow"}, {"name": "stars", "threshold": 1}])
    assert tuple(rule.name for rule in found) == NAMES
    assert [rule.name for rule in found if rule.on] == ["stars", "slow"]
    assert next(rule for rule in found if rule.name == "slow").threshold == 30


def test_a_rule_that_is_off_keeps_what_was_typed() -> None:
    typed = {"name": "keyword", "on": False, "weight": 7, "words": ["preço"]}
    kept = next(rule for rule in rules.checked([typed]) if rule.name == "keyword")
    assert kept == Rule("keyword", False, 7.0, None, ("preço",))


def test_the_queue_s_own_share_has_the_last_word() -> None:
    assert rules.share(rules.read([], 0.25)) == 0.25
    assert rules.share(rules.read([], 0.0)) == 0
    assert rules.read([], 0.0)[0].threshold == 0.1  # what it was, for when it is on again


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"name": "mood"}, "mood"),
        ("slow", "slow"),
        ({"name": "slow", "on": "yes"}, "yes"),
        ({"name": "slow", "weight": -1}, "-1"),
        ({"name": "slow", "weight": float("nan")}, "nan"),
        ({"name": "slow", "weight": True}, "True"),
        ({"name": "stars", "threshold": 5}, "5"),
        ({"name": "stars", "threshold": 1.5}, "1.5"),
        ({"name": "low_groundedness", "threshold": 1.01}, "1.01"),
        ({"name": "flagged", "threshold": 1}, "flagged"),
        ({"name": "flagged", "words": ["a"]}, "flagged"),
        ({"name": "slow", "colour": 1}, "colour"),
        ({"name": "keyword", "words": "preço"}, "preço"),
        ({"name": "keyword", "words": [" "]}, "words"),
        ({"name": "keyword", "words": ["x" * 101]}, "x" * 80),
        ({"name": "keyword", "words": ["a\nb"]}, "words"),
        ({"name": "keyword", "words": ["\ud800"]}, "words"),
        ({"name": "keyword", "words": [f"w{i}" for i in range(51)]}, "51"),
    ],
)
def test_a_value_out_of_bounds_is_named(given: Any, named: str) -> None:
    with speaking("en"), pytest.raises(InvalidInput) as error:
        rules.checked([given])
    assert named in error.value.message
    assert error.value.field == "rules"


def test_a_rule_given_twice_is_refused() -> None:
    with pytest.raises(InvalidInput, match="slow"):
        rules.checked([{"name": "slow"}, {"name": "slow"}])


@given(
    some.lists(
        some.builds(
            dict[str, Any],
            name=some.sampled_from(NAMES),
            on=some.booleans(),
            weight=some.floats(0, 100),
        ),
        unique_by=lambda one: str(one["name"]),
    )
)
def test_what_is_kept_reads_as_what_was_checked(given: list[dict[str, Any]]) -> None:
    found = rules.checked(given)
    assert rules.checked(rules.written(found)) == found


def test_priority_is_the_sum_of_the_reasons_weights() -> None:
    one, other = Rule("flagged", True, 5), Rule("stars", True, 0.1)
    reasons = [rules.reason(one, {"problem": "tone"}), rules.reason(other, {"stars": 1})]
    assert reasons[0] == {"name": "flagged", "weight": 5, "problem": "tone"}
    assert rules.priority(reasons) == 5.1
