"""Intervals of means and quantiles are scipy's, and keep what they promise."""

import numpy as np
import pytest
from scipy import stats

from core.statistics import mean, quantile, wilson


def drawn(n: int, seed: int = 7) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.random.default_rng(seed).lognormal(0.3, 0.8, n)


@pytest.mark.parametrize("n", [2, 5, 30, 1000])
def test_the_interval_of_a_mean_is_scipy_s(n: int) -> None:
    values = drawn(n)
    found = mean(values)
    assert found is not None
    low, high = stats.t.interval(0.95, n - 1, values.mean(), stats.sem(values))
    assert [found.low, found.high] == pytest.approx([low, high])


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (3, 10), (10, 10), (81, 263)])
def test_the_interval_of_a_share_is_scipy_s(hits: int, n: int) -> None:
    found = wilson(hits, n)
    assert found is not None
    told = stats.binomtest(hits, n).proportion_ci(0.95, "wilson")
    assert [found.low, found.high] == pytest.approx([told.low, told.high])


@pytest.mark.parametrize("q", [0.1, 0.5, 0.95])
def test_the_interval_of_a_quantile_holds_it_as_scipy_s_test_says(q: float) -> None:
    values = np.sort(drawn(200))
    found = quantile(values, q)
    assert found is not None
    told = stats.quantile_test(values, q=float(np.quantile(values, q)), p=q).confidence_interval(
        0.95
    )
    assert found.low == pytest.approx(told.low)
    assert found.high == pytest.approx(told.high)


@pytest.mark.parametrize("q", [0.5, 0.95])
def test_the_interval_of_a_quantile_holds_the_true_one_as_often_as_it_says(q: float) -> None:
    true, held, runs = float(stats.lognorm.ppf(q, 0.8, scale=np.exp(0.3))), 0, 400
    for seed in range(runs):
        found = quantile(drawn(150, seed), q)
        assert found is not None
        held += (found.low or 0) <= true <= (found.high or np.inf)
    assert held / runs >= 0.93


def test_one_value_has_no_interval() -> None:
    assert mean([3.0]) == (3.0, None, None, 1)
    assert quantile([3.0], 0.95) == (3.0, None, None, 1)


def test_nothing_has_no_figure() -> None:
    assert mean([]) is None
    assert quantile([], 0.5) is None
