"""The interval of a mean without drawing is the one that drawing comes to."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from core.statistics import abc

VALUES: dict[str, Any] = {
    "even": lambda rng, n: rng.normal(0.1, 1, n),
    "skewed": lambda rng, n: rng.exponential(1, n) - 0.9,
    "steps": lambda rng, n: rng.choice([-1, 0, 0, 0.5, 1], n),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", VALUES)
def test_it_ends_where_scipys_bca_bootstrap_does(name: str) -> None:
    values = VALUES[name](np.random.default_rng(2), 1500)
    drawn = stats.bootstrap(
        (values,),
        np.mean,
        method="BCa",
        n_resamples=20_000,
        batch=500,
        rng=np.random.default_rng(1),
    ).confidence_interval
    low, high, _p = abc(values)
    width = drawn.high - drawn.low
    assert low == pytest.approx(drawn.low, abs=0.02 * width)
    assert high == pytest.approx(drawn.high, abs=0.02 * width)


def test_of_even_values_it_is_the_normal_interval() -> None:
    values = np.array([-1.0, 1.0] * 50) + 0.3
    low, high, p = abc(values)
    assert (low, high) == pytest.approx((0.3 - 0.196, 0.3 + 0.196), abs=1e-4)
    assert p == pytest.approx(2 * stats.norm.sf(3.0), rel=1e-6)


def test_it_leans_to_the_side_of_the_long_tail() -> None:
    values = np.random.default_rng(1).exponential(1, 400)
    low, high, _p = abc(values)
    assert high - values.mean() > values.mean() - low


def test_where_nothing_varies_it_has_no_width() -> None:
    assert abc(np.zeros(5)) == (0.0, 0.0, 1.0)
    assert abc(np.ones(5)) == (1.0, 1.0, 0.0)


@given(arrays(float, st.integers(30, 60), elements=st.floats(-1, 1, width=32)))
def test_p_is_below_five_percent_just_where_the_interval_leaves_zero_out(values: Any) -> None:
    if values.std() < 1e-3:
        return
    low, high, p = abc(values)
    if min(abs(low), abs(high)) > 1e-6:
        assert (p < 0.05) == (not low <= 0 <= high)
