"""A judge's figure put right by what people said of the same answers.

In: the judge's values where people judged too, and where they did not. Out: the mean that people
would give over all of them, with its interval. Pure. Always holds: where the overlap is too small, there
is no figure but the number that is missing. It takes that the overlap is as if drawn at random.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from core.statistics import enough

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = Sequence[float] | NDArray[Any]

LEAST = enough(3)  # in the overlap, for the three values a, b, tie


class Calibrated(NamedTuple):
    """A mean (0 to 1) with its 95 % interval. ``n`` were judged by people too, of ``of``; ``weight``
    is how much the judge's word counted, 0 to 1."""

    value: float
    low: float
    high: float
    n: int
    of: int
    weight: float


def missing(overlap: int) -> int:
    """How many more need a human word before there is a figure."""
    return max(0, LEAST - overlap)


def calibrated(
    people: "Values", judge: "Values", alone: "Values", ties: int = 0
) -> Calibrated | None:
    """``people`` and ``judge`` on the overlap, in the same order; ``alone``: the judge on the rest.
    ``ties``: how many further ones are even beyond doubt, so that nobody was asked about them.

    Prediction-powered inference of a mean with its power tuned: A. N. Angelopoulos, J. C. Duchi and
    T. Zrnic, "PPI++: Efficient prediction-powered inference" (arXiv 2311.01453, 2023), after A. N.
    Angelopoulos et al., "Prediction-powered inference", Science 382 (2023), 669-674: the mean of
    people + weight * (the judge's mean on the rest - on the overlap), where the weight is what
    makes the interval smallest. For few values the variances are taken with half a pair in each
    corner (A. Agresti and Y. Min, "Simple improved confidence intervals for comparing matched
    proportions", Statistics in Medicine 24 (2005), 729-740): twenty that agree prove no certainty.
    None where the overlap has fewer than LEAST; ValueError where lists differ in length.
    """
    import numpy as np
    from scipy.special import stdtrit

    said, told, rest = (np.asarray(one, dtype=float) for one in (people, judge, alone))
    if len(said) != len(told):
        raise ValueError(f"{len(said)} and {len(told)} values of the same answers")
    n, more = len(said), len(rest)
    if n < LEAST:
        return None
    corners, weights = np.array([0.0, 0.0, 1.0, 1.0]), np.r_[np.ones(n), np.full(4, 0.5)]
    y, f = np.r_[said, corners], np.r_[told, corners[[0, 2, 0, 2]]]
    spread = np.cov(y, f, aweights=weights, ddof=0)
    weight = 0.0
    if more:
        weight = float(np.clip(spread[0, 1] / spread[1, 1] / (1 + n / more), 0, 1))
    value = said.mean() + weight * ((rest.mean() if more else told.mean()) - told.mean())
    residual = spread[0, 0] - 2 * weight * spread[0, 1] + weight**2 * spread[1, 1]
    error = np.sqrt(residual / n + (weight**2 * spread[1, 1] / more if more else 0))
    half = float(stdtrit(n - 1, 0.975) * error)
    value = float(np.clip(value, 0, 1))
    low, high = max(0.0, value - half), min(1.0, value + half)
    open_ = (n + more) / (n + more + ties)
    value, low, high = (open_ * one + (1 - open_) / 2 for one in (value, low, high))
    return Calibrated(value, low, high, n, n + more + ties, weight)
