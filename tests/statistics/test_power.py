"""How many pairs are needed: published figures, and that so many really do."""

import numpy as np
import pytest
from scipy import stats

from core.statistics import mcnemar, needed, needed_pairs


@pytest.mark.parametrize(
    ("effect", "power", "pairs"),
    [(0.2, 0.8, 199), (0.5, 0.8, 34), (0.8, 0.8, 15), (0.5, 0.95, 54)],
)
def test_pairs_for_a_mean_are_those_of_the_tables(effect: float, power: float, pairs: int) -> None:
    """J. Cohen's effects in paired t tests at 5 %: figures of G*Power 3.1 and of statsmodels."""
    assert needed(sd=1, smallest=effect, power=power) == pairs


@pytest.mark.parametrize("effect", [0.1, 0.3, 0.6])
def test_so_many_pairs_have_the_power_promised_by_the_noncentral_t(effect: float) -> None:
    n = needed(sd=2, smallest=2 * effect)
    edge = stats.t.ppf(0.975, n - 1)
    assert stats.nct.sf(edge, n - 1, effect * np.sqrt(n)) == pytest.approx(0.8, abs=0.01)


def test_half_the_difference_needs_four_times_the_pairs() -> None:
    assert needed(0.3, 0.01) == pytest.approx(4 * needed(0.3, 0.02), rel=0.01)


def test_pairs_for_mcnemar_s_test_by_connor_s_formula() -> None:
    """Shares of 0.125 and 0.25 at a power of 0.9, the example of R's MESS::power_mcnemar_test; by
    hand: (1.959964 * 0.375^0.5 + 1.281552 * 0.359375^0.5)^2 / 0.015625 = 247.99."""
    assert needed_pairs(discordant=0.375, smallest=0.125, power=0.9) == 248


@pytest.mark.slow
@pytest.mark.parametrize(("discordant", "smallest"), [(0.3, 0.1), (0.2, 0.12), (0.1, 0.03)])
def test_so_many_pairs_have_the_power_promised(discordant: float, smallest: float) -> None:
    n, rng, runs = needed_pairs(discordant, smallest), np.random.default_rng(8), 1500
    better, worse = (discordant + smallest) / 2, (discordant - smallest) / 2
    tables = rng.multinomial(n, [better, worse, 1 - better - worse], size=runs)
    seen = np.mean([mcnemar(int(b), int(w)) < 0.05 for b, w, _same in tables])
    assert 0.72 < seen < 0.84  # the exact test is a little more careful than the formula


@pytest.mark.parametrize("smallest", [0.0, 0.4])
def test_a_difference_that_cannot_be_is_refused(smallest: float) -> None:
    with pytest.raises(ValueError, match="discordant"):
        needed_pairs(0.3, smallest)


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(ValueError, match="difference of 0"):
        needed(1, 0)
    with pytest.raises(ValueError, match="power"):
        needed(1, 1, power=1)
