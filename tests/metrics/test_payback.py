"""What another model would save: a table worked out by hand, and what holds at any inputs."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core import i18n
from core.errors import InvalidInput
from core.metrics.advice.payback import ALREADY, INPUTS, MONTHS, NEVER, Payback, checked, payback

PLAN = {name: one.plan for name, one in INPUTS.items()}
inputs = st.fixed_dictionaries(
    {
        name: st.floats(0, one.most, allow_subnormal=False).map(lambda value: round(value, 6))
        for name, one in INPUTS.items()
    }
)


def cheaper(given: dict[str, float]) -> dict[str, float]:
    """The same with another model that saves wherever anything is spent at all."""
    prices = {f"other_{name}": given[name] / 2 for name in ("price_in", "price_out")}
    return given | prices | {"hosting": 0.0}


def told(**changed: float) -> Payback:
    """At the plan's inputs but these."""
    return payback(PLAN | changed)


# 1,000 conversations of 6,000 tokens in at US$ 2.50 and 800 out at US$ 10.00 a million:
# 1,000 * (6,000 * 2.5 + 800 * 10) / 1,000,000 = 23.00; at 1.00 and 4.00: 6.00 + 3.20 = 9.20.
# Once: 200 + 20 hours at 15 = 500.
@pytest.mark.parametrize(
    ("changed", "now", "then", "saving", "once", "year", "state", "months"),
    [
        ({}, 23.0, 9.2, 13.8, 500, -334.4, MONTHS, 500 / 13.8),
        ({"conversations": 100_000}, 2300, 920, 1380, 500, 16_060, MONTHS, 500 / 1380),
        ({"conversations": 100_000, "share": 0.5}, 2300, 1610, 690, 500, 7780, MONTHS, 500 / 690),
        ({"conversations": 100_000, "hosting": 880}, 2300, 1800, 500, 500, 5500, MONTHS, 1.0),
        ({"hosting": 13.8}, 23.0, 23.0, 0.0, 500, -500, NEVER, None),
        ({"hosting": 100}, 23.0, 109.2, -86.2, 500, -1534.4, NEVER, None),
        ({"training": 0, "review_hours": 0}, 23.0, 9.2, 13.8, 0, 165.6, ALREADY, None),
        ({"conversations": 0}, 0, 0, 0, 500, -500, NEVER, None),
        ({"price_in": 0, "price_out": 0}, 0, 9.2, -9.2, 500, -610.4, NEVER, None),
    ],
)
def test_a_table_worked_out_by_hand(
    changed: dict[str, float],
    now: float,
    then: float,
    saving: float,
    once: float,
    year: float,
    state: str,
    months: float | None,
) -> None:
    found = told(**changed)
    expected = pytest.approx([now, then, saving, once, year], abs=1e-9)
    assert [found.now, found.then, found.saving, found.once, found.year] == expected
    assert found.state == state
    assert found.months == (pytest.approx(months) if months is not None else None)


@pytest.mark.slow
@given(inputs)
def test_a_payback_is_told_just_where_something_is_saved(given: dict[str, float]) -> None:
    found = payback(given)
    assert (found.state == NEVER) == (found.saving <= 0)
    assert (found.months is not None) == (found.state == MONTHS)
    if found.months is not None:
        assert found.months > 0
        assert found.months * found.saving == pytest.approx(found.once)


@pytest.mark.slow
@given(inputs, st.sampled_from(["other_price_in", "other_price_out", "hosting"]), st.floats(0, 1))
def test_a_dearer_other_model_never_saves_more(
    given: dict[str, float], name: str, share: float
) -> None:
    dearer = given | {name: given[name] + share * (INPUTS[name].most - given[name])}
    before, after = payback(given), payback(dearer)
    assert after.saving <= before.saving + 1e-6 * abs(before.now + before.then)
    assert after.saved <= before.saved + 1e-6


@pytest.mark.slow
@given(
    inputs.map(cheaper),
    st.sampled_from(["training", "review_hours", "hourly_rate"]),
    st.floats(0, 1),
)
def test_more_spent_once_never_pays_back_sooner(
    given: dict[str, float], name: str, share: float
) -> None:
    before = payback(given)
    assume(before.saving > 0)
    after = payback(given | {name: given[name] + share * (INPUTS[name].most - given[name])})
    assert after.saving == before.saving
    assert (after.months or 0.0) >= (before.months or 0.0) * (1 - 1e-9)
    assert after.year <= before.year + 1e-6 * abs(before.year)


@pytest.mark.slow
@given(inputs.map(cheaper), st.floats(1, 10))
def test_more_conversations_pay_back_sooner_where_one_saves(
    given: dict[str, float], times: float
) -> None:
    before = payback(given)
    assume(before.state == MONTHS)
    after = payback(given | {"conversations": given["conversations"] * times})
    assert after.months is not None
    assert after.months <= before.months * (1 + 1e-6)  # type: ignore[operator]


@pytest.mark.slow
@given(inputs)
def test_nothing_moved_and_nothing_hosted_saves_nothing(given: dict[str, float]) -> None:
    found = payback(given | {"share": 0, "hosting": 0})
    assert found.now == found.then
    assert found.state == NEVER


@pytest.mark.parametrize("value", ["", "abc", "nan", "inf", "-1", "1.01", "1e400", "0x1"])
def test_an_input_that_cannot_be_is_named_with_its_bounds(value: str) -> None:
    with pytest.raises(InvalidInput) as told, i18n.speaking("en"):
        checked({"share": value})
    assert told.value.field == "share"
    assert "from 0 to 1" in told.value.message
    assert value in told.value.message


def test_an_unknown_input_is_told_with_those_there_are() -> None:
    with pytest.raises(InvalidInput) as told, i18n.speaking("en"):
        checked({"volume": 1})
    assert "volume" in told.value.message
    assert "conversations" in told.value.hint


def test_every_default_of_the_plan_lies_within_its_bounds() -> None:
    assert checked(PLAN) == PLAN
    assert checked({"hosting": "-0"}) == {"hosting": 0.0}
