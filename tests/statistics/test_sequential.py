"""Bounds that may be looked at at any time: what they are made of, and what always holds of them."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import integrate, optimize, stats

from core.statistics import sequence, sign_p
from core.statistics.means import telling
from core.statistics.sequential import AIMED, LEAST, mixed_width

Array = np.ndarray[tuple[int], np.dtype[np.float64]]


def drawn(n: int, mean: float = 0.0, seed: int = 5) -> Array:
    return np.random.default_rng(seed).normal(mean, 1, n)


def evidence(t: float, n: int, width: float) -> float:
    """How much likelier the t statistic is under effects drawn from N(0, width) than under none."""
    under = integrate.quad(
        lambda effect: (
            stats.nct.pdf(t, n - 1, effect * np.sqrt(n))
            * stats.norm.pdf(effect, scale=np.sqrt(width))
        ),
        -8 * np.sqrt(width),
        8 * np.sqrt(width),
    )[0]
    return float(under / stats.t.pdf(t, n - 1))


@pytest.mark.slow
@pytest.mark.parametrize("n", [30, 60])
def test_the_bounds_are_where_the_mixed_evidence_reaches_one_to_alpha(n: int) -> None:
    values = np.array([stats.norm.ppf((each + 0.5) / n) for each in range(n)])  # kurtosis below 3
    found = sequence(list(values))
    assert found
    assert telling(values) == n
    t = found[1] / stats.sem(values)
    assert evidence(t, n, mixed_width(0.05)) == pytest.approx(1 / 0.05, rel=0.02)


def test_the_mixture_is_tightest_where_it_was_aimed() -> None:
    def half(width: float) -> float:
        grown = 1 + AIMED * width
        return float(np.sqrt(2 * grown / (AIMED**2 * width) * log(np.sqrt(grown) / 0.05)))

    best = optimize.minimize_scalar(half, bounds=(1e-4, 1), method="bounded")
    assert half(mixed_width(0.05)) == pytest.approx(best.fun, rel=0.01)


def test_the_bounds_are_wider_than_those_of_one_look_but_not_twice_as_wide() -> None:
    for n in (100, 200, 500):
        values = drawn(n)
        found = sequence(list(values))
        low, high = stats.t.interval(0.95, n - 1, values.mean(), stats.sem(values))
        assert found
        assert 1.3 < (found[1] - found[0]) / (high - low) < 1.8


def test_a_true_difference_is_seen_as_examples_come_in() -> None:
    values = drawn(500, 0.4)
    seen = [n for n in range(30, 501, 10) if (found := sequence(values[:n])) and found[0] > 0]
    assert seen
    assert seen[0] < 200
    assert seen[-1] == 500


def test_of_few_and_of_what_does_not_vary_nothing_is_said() -> None:
    assert sequence([]) is None
    assert sequence(drawn(LEAST - 1)) is None
    assert sequence(drawn(LEAST)) is not None
    assert sequence([0.0] * 500) is None
    assert sequence([0.3] * 500) is None


def test_of_one_that_differs_among_many_nothing_is_claimed() -> None:
    found = sequence([0.0] * 99 + [1.0])
    assert found is None or found[0] < 0 < found[1]


def test_a_smaller_alpha_gives_wider_bounds() -> None:
    values = drawn(200)
    wide, narrow = sequence(values, alpha=0.01), sequence(values, alpha=0.05)
    assert wide
    assert narrow
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_normal_values_tell_as_many_as_they_are_and_zeros_few() -> None:
    values = drawn(2000)
    assert telling(values) > 1700
    values[100:] = 0
    assert telling(values) < 100


@pytest.mark.parametrize(("wins", "losses"), [(0, 0), (5, 0), (60, 40), (9, 9)])
def test_the_p_value_of_a_coin_is_one_to_the_evidence_of_all_coins(wins: int, losses: int) -> None:
    mixed = integrate.quad(lambda coin: coin**wins * (1 - coin) ** losses, 0, 1)[0]
    assert sign_p(wins, losses) == pytest.approx(min(1, 0.5 ** (wins + losses) / mixed))


def test_the_chance_that_a_fair_coin_ever_claims_is_below_alpha() -> None:
    """Exact, by counting the ways to every score that has not claimed before, up to 400 flips."""
    alive, claimed = {0: 1.0}, 0.0
    for n in range(1, 401):
        step: dict[int, float] = {}
        for wins, chance in alive.items():
            for now in (wins, wins + 1):
                step[now] = step.get(now, 0.0) + chance / 2
        ended = {wins for wins in step if sign_p(wins, n - wins) < 0.05}
        claimed += sum(step.pop(wins) for wins in ended)
        alive = step
    assert 0.01 < claimed < 0.05


@given(some.integers(0, 10**6), some.integers(0, 10**6))
def test_wins_and_losses_exchanged_give_the_same_p_value(wins: int, losses: int) -> None:
    assert sign_p(wins, losses) == pytest.approx(sign_p(losses, wins))
    assert 0 <= sign_p(wins, losses) <= 1


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="-1 wins"):
        sign_p(-1, 3)
