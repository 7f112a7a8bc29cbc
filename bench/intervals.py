"""Whether two ways differ on the same questions, or by chance: paired bootstrap intervals.

In: what each way scored on each question, in the same order. Out: the mean difference and the 95 %
interval of it, found by drawing as many questions with replacement, again and again. Pairs make it
narrower than two intervals side by side: what is hard for one way is mostly hard for the other.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

DRAWS = 10_000  # the ends of the interval then stray by less than a tenth of a point


class Difference(NamedTuple):
    """In the scores' own unit. An interval that holds 0 may be chance."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.1f} [{self.low:+.1f}, {self.high:+.1f}]"


def paired(ours: Sequence[float], theirs: Sequence[float]) -> Difference:
    """How much better ``ours`` is on average. The same draws at every call."""
    each = np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float)
    if not each.size:
        return Difference(0.0, 0.0, 0.0)
    random = np.random.default_rng(0)
    means = [each[random.integers(each.size, size=each.size)].mean() for _ in range(DRAWS)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Difference(float(each.mean()), float(low), float(high))
