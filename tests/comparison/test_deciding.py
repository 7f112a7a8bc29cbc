"""The pure part of a verdict: what holds for any scores."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.comparison import deciding
from core.comparison.findings import MetricVerdict
from tests.comparison.simulating import METRICS, NAMES, Array, runs, scorer

MIRRORED = {"better": "worse", "worse": "better", "mixed": "mixed"}
Columns = dict[str, tuple[Array, Array]]


def decided(columns: Columns, **more: Any) -> dict[str, MetricVerdict]:
    found = deciding.decide(columns, METRICS, family=NAMES, **more)
    return {one.scorer: one for one in found}


@st.composite
def scores(draw: st.DrawFn) -> Columns:
    n, seed = draw(st.integers(1, 40)), draw(st.integers(0, 10**6))
    (columns,) = runs(1, n, gain=draw(st.sampled_from([0.0, 0.05, 0.3])), seed=seed)
    missing = np.random.default_rng(seed).random(n) < draw(st.sampled_from([0.0, 0.3, 1.0]))
    holes = {name: (np.where(missing, np.nan, a), b) for name, (a, b) in columns.items()}
    return columns | {name: holes[name] for name in draw(st.sets(st.sampled_from(NAMES)))}


@pytest.mark.slow
@settings(max_examples=25)
@given(columns=scores(), early=st.booleans())
def test_the_other_way_round_everything_is_mirrored(columns: Columns, early: bool) -> None:
    there = decided(columns, early=early)
    back = decided({name: (b, a) for name, (a, b) in columns.items()}, early=early)
    assert there.keys() == back.keys()
    for name, one in there.items():
        other = back[name]
        assert other.claim == MIRRORED.get(one.claim, one.claim)
        assert (other.value, other.better, other.n) == pytest.approx(
            (-(one.value or 0), one.worse, one.n)
        )


@pytest.mark.slow
@settings(max_examples=25)
@given(columns=scores(), early=st.booleans())
def test_a_claim_has_an_interval_or_many_that_differ_alike(columns: Columns, early: bool) -> None:
    for one in decided(columns, early=early).values():
        if one.claim in ("better", "worse"):
            assert one.n >= deciding.FEW
            assert one.low is None or not one.low <= 0 <= (one.high or 0)
        if one.claim == "same":
            assert one.n >= deciding.fewest(deciding.SMALLEST)


def test_a_scorer_without_a_pair_is_left_out() -> None:
    nan = np.full(5, np.nan)
    assert deciding.decide({"x": (nan, np.ones(5))}, [scorer("x")], family=["x"]) == []


def test_a_pass_that_is_none_is_taken_as_a_mean() -> None:
    a, b = np.array([0.5] * 20), np.array([1.0] * 20)
    (one,) = deciding.decide({"x": (a, b)}, [scorer("x", "pass")], family=["x"])
    assert one.claim == "better"


def test_how_many_more_are_needed_grows_with_the_spread_and_with_the_tests() -> None:
    rng = np.random.default_rng(1)
    a = rng.normal(0, 1, 100)
    base = rng.normal(0, 1, 100)
    apart = (base - base.mean()) / base.std()

    def more(spread: float, tests: int) -> int:
        names = [f"m{n}" for n in range(tests)]
        columns = dict.fromkeys(names, (a, a + apart * spread))
        found = deciding.decide(columns, [scorer(name) for name in names], family=names)
        return found[0].more or 0

    assert more(0.1, 1) < more(0.2, 1) < more(0.2, 5)
    assert more(0.2, 1) == pytest.approx((2.8 * 0.2 / 0.03) ** 2 - 100, rel=0.05)


def test_before_the_end_the_metrics_share_the_level() -> None:
    (columns,) = runs(1, 60, gain=0.05, seed=3)
    a, b = columns["groundedness"]

    def width(tests: int) -> float:
        names = [f"m{n}" for n in range(tests)]
        scorers = [scorer(name) for name in names]
        same = dict.fromkeys(names, (a, b))
        found = deciding.decide(same, scorers, family=names, early=True)
        return (found[0].high or 0) - (found[0].low or 0)

    assert width(1) < width(2) < width(8)
