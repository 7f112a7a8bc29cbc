"""The interval without drawing is the one that drawing comes to."""

import numpy as np
import pytest
from scipy import stats

from core.statistics import abc
from core.statistics.resampling import Bootstrap


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_ends_are_those_of_the_bootstrap(seed: int) -> None:
    values = np.random.default_rng(seed).exponential(size=1000) - 0.95
    low, high, p = abc(values)
    error, drawn = float(stats.sem(values)), Bootstrap(values, expanded=False)
    assert (low, high) == pytest.approx(drawn.interval(), abs=0.1 * error)
    assert p == pytest.approx(drawn.p(), abs=0.03)


def test_without_skewness_the_interval_is_the_normal_one() -> None:
    values = np.concatenate([np.arange(-50, 51), [0.0]])
    low, high, p = abc(values + 3)
    error = values.std() / np.sqrt(len(values))
    assert (low, high) == pytest.approx((3 - 1.96 * error, 3 + 1.96 * error), abs=1e-3)
    assert p == pytest.approx(2 * stats.norm.sf(3 / error))


def test_where_nothing_varies_the_interval_has_no_width() -> None:
    assert abc(np.full(5, 0.0)) == (0.0, 0.0, 1.0)
    assert abc(np.full(4, 0.25)) == (0.25, 0.25, 0.0)
