"""Looking early without cheating: bounds that hold at every look at once.

In: the differences so far, or wins and losses so far. Out: an interval, or a p value, that may be
looked at as often as one likes, and stopped at: the chance that it ever errs stays below alpha.
"""

from collections.abc import Sequence
from math import exp, lgamma, log
from typing import TYPE_CHECKING, Any

from core.statistics.means import telling, varies

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST = 30  # differences below which nothing is said: no figure of theirs can be trusted
AIMED = 200  # the number of differences at which the bounds are about as tight as they can be
PRIOR = 1.0  # of the coin's mixture: Beta(PRIOR, PRIOR), every bias as likely as any other


def sequence(
    differences: "Sequence[float] | NDArray[Any]", alpha: float = 0.05
) -> tuple[float, float] | None:
    """The confidence sequence of the mean of paired differences; None where it says nothing yet.

    The mixture of t statistics over a normal effect size: exact at any look for normal differences
    whose deviation is unknown (T. L. Lai, Annals of Statistics 4 (1976), 265-280; H. Wang and A.
    Ramdas, "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown
    variance", Sequential Analysis 44 (2025)), and for others as their number grows, as in I.
    Waudby-Smith et al., "Time-uniform central limit theory and asymptotic confidence sequences",
    Annals of Statistics 52 (2024), 2613-2640, from which the width of the mixture is. Here the
    deviation counts as known from ``telling`` differences only, as many as there are or fewer: else
    skewed ones, and few among many zeros, claim too often. Says nothing of fewer than LEAST, where
    nothing varies, and where too few tell.
    """
    import numpy as np

    given = np.asarray(differences, dtype=float)
    n = len(given)
    if n < LEAST or not varies(given):
        return None
    known, grown = telling(given), 1 + n * mixed_width(alpha)
    ratio = float((grown / alpha**2) ** (1 / known))
    if ratio >= grown:
        return None
    reach = np.sqrt((known - 1) * (ratio - 1) / (1 - ratio / grown))
    middle, half = float(given.mean()), float(reach * given.std(ddof=1) / np.sqrt(n))
    return middle - half, middle + half


def mixed_width(alpha: float) -> float:
    """The variance of the mixed effect sizes that makes the bounds tightest at AIMED differences
    (Waudby-Smith et al., appendix on the choice of rho)."""
    return (-2 * log(alpha) + log(1 - 2 * log(alpha))) / AIMED


def sign_p(wins: int, losses: int) -> float:
    """The p value of a fair coin, valid at every look: 1 / the evidence of a mixture of coins.

    The evidence, P(data | coins mixed by a Beta distribution) / P(data | fair coin), exceeds 1 /
    alpha at any time with a chance of alpha at most (J. Ville, 1939; H. Robbins, "Statistical
    methods related to the law of the iterated logarithm", Annals of Mathematical Statistics 41
    (1970), 1397-1409). Ties are left out. Raises ValueError for negative counts.
    """
    if wins < 0 or losses < 0:
        raise ValueError(f"{wins} wins and {losses} losses")
    evidence = (
        _log_beta(wins + PRIOR, losses + PRIOR) - _log_beta(PRIOR, PRIOR) + (wins + losses) * log(2)
    )
    return min(1.0, exp(-evidence))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
