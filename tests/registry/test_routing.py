"""What may be set of who answers, which rule fits, and who gets the challenger."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.i18n import speaking
from core.registry.routing import Asking, challenged, checked, fitting

RULES: list[dict[str, Any]] = [
    {"if": {"tier": "premium"}, "use": "fake:a"},
    {"if": {"language": "en", "min_length": 10, "max_length": 20}, "use": 3},
    {"if": {"mode": "analysis"}, "use": "fake:b"},
]


def test_what_is_allowed_comes_back_cleaned() -> None:
    given_ = {"fallbacks": ["fake:a", " fake:a", "fake:b"], "rules": RULES, "challenger_share": 1}
    assert checked(given_) == {
        "fallbacks": ["fake:a", "fake:b"],
        "rules": RULES,
        "challenger_share": 1.0,
    }
    assert checked({"fallbacks": [], "rules": [], "challenger_share": 0}) == {}


def test_what_stands_behind_the_own_engine_is_never_reached_and_dropped() -> None:
    assert checked({"fallbacks": ["fake:a", "embedded:quotes", "fake:b"]}) == {
        "fallbacks": ["fake:a"]
    }


@pytest.mark.parametrize(
    ("routing", "named"),
    [
        ([], "object"),
        ({"fallback": []}, "fallback"),
        ({"fallbacks": "fake:a"}, "fallbacks"),
        ({"fallbacks": ["nope:a"]}, "nope:a"),
        ({"fallbacks": [7]}, "7"),
        ({"fallbacks": [f"fake:{n}" for n in range(6)]}, "5"),
        ({"rules": {}}, "rules"),
        ({"rules": [{"use": "fake:a"}]}, "if"),
        ({"rules": [{"if": {"tier": "x"}, "use": "fake:a", "then": 1}]}, "if"),
        ({"rules": [{"if": {}, "use": "fake:a"}]}, "condition"),
        ({"rules": [{"if": {"age": 3}, "use": "fake:a"}]}, "age"),
        ({"rules": [{"if": {"language": "de"}, "use": "fake:a"}]}, "de"),
        ({"rules": [{"if": {"language": ["en"]}, "use": "fake:a"}]}, "language"),
        ({"rules": [{"if": {"tier": "a\x00b"}, "use": "fake:a"}]}, "tier"),
        ({"rules": [{"if": {"tier": " "}, "use": "fake:a"}]}, "tier"),
        ({"rules": [{"if": {"min_length": -1}, "use": "fake:a"}]}, "min_length"),
        ({"rules": [{"if": {"min_length": True}, "use": "fake:a"}]}, "min_length"),
        ({"rules": [{"if": {"tier": "x"}, "use": 0}]}, "0"),
        ({"rules": [{"if": {"min_length": 9, "max_length": 8}, "use": "fake:a"}]}, "9"),
        ({"rules": [{"if": {"tier": "x"}, "use": "fake:a"}, {"if": {}, "use": "fake:a"}]}, "2"),
        ({"rules": [{"if": {"tier": "x"}, "use": True}]}, "True"),
        ({"challenger_share": 1.1}, "1.1"),
        ({"challenger_share": math.nan}, "nan"),
        ({"challenger_share": "half"}, "half"),
    ],
)
def test_what_is_not_allowed_is_refused_with_a_sentence_that_names_it(
    routing: object, named: str
) -> None:
    with speaking("en"), pytest.raises(InvalidInput) as refused:
        checked(routing)
    assert refused.value.field == "routing"
    assert named in refused.value.message + refused.value.hint


@pytest.mark.parametrize(
    ("asking", "fits"),
    [
        (Asking(), []),
        (Asking(tier="premium"), [(1, "fake:a")]),
        (Asking(language="en", length=10), [(2, 3)]),
        (Asking(language="en", length=21), []),
        (Asking(language="pt-BR", length=15), []),
        (Asking(tier="premium", mode="analysis"), [(1, "fake:a"), (3, "fake:b")]),
    ],
)
def test_a_rule_fits_where_all_it_asks_for_holds(
    asking: Asking, fits: list[tuple[int, object]]
) -> None:
    assert fitting(RULES, asking) == fits


@given(st.text(), st.text(), st.floats(0, 1), st.floats(0, 1))
def test_who_gets_the_challenger_keeps_it_while_its_share_grows(
    experiment: str, subject: str, share: float, more: float
) -> None:
    low, high = sorted((share, more))
    assert challenged(high, experiment, subject) >= challenged(low, experiment, subject)
    assert not challenged(0.0, experiment, subject)
    assert challenged(1.0, experiment, subject)


@pytest.mark.slow
@given(st.uuids(), st.sampled_from([0.05, 0.1, 0.3, 0.5, 0.8]))
def test_the_share_of_askers_is_the_share_that_was_set(experiment: object, share: float) -> None:
    n = 2000
    got = sum(challenged(share, str(experiment), f"user-{i}") for i in range(n))
    # six standard deviations: once in half a billion draws
    assert abs(got - n * share) < 6 * math.sqrt(n * share * (1 - share))


def test_two_experiments_draw_independently() -> None:
    both = sum(challenged(0.5, "a", str(i)) and challenged(0.5, "b", str(i)) for i in range(4000))
    assert 850 < both < 1150


def test_the_user_s_own_id_decides_before_the_person_and_the_conversation() -> None:
    asking = Asking(user_id="u", person_id="p", conversation_id="c")
    assert asking.subject == "u"
    assert Asking(person_id="p", conversation_id="c").subject == "p"
    assert Asking(conversation_id="c").subject == "c"
