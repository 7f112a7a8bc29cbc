"""Intervals for shares: pure, without a library. Every stage may use them.

In: counts. Out: a share with its interval, or None where there is nothing to tell.
"""

from math import sqrt
from typing import NamedTuple

Z95 = 1.959963984540054  # the normal quantile of 0.975: both sides of a 95 % interval


class Share(NamedTuple):
    """A share (0 to 1) with the ends of its interval; ``n`` is what it is a share of."""

    share: float
    low: float
    high: float
    n: int


def wilson(hits: float, n: int, z: float = Z95) -> Share | None:
    """The share of ``hits`` in ``n`` with Wilson's score interval; None where n is 0.

    Edwin B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212. It stays within 0 and 1 and
    keeps its promise for few cases and for shares near the ends, where share ± z·s.e. does not.
    ``hits`` may be broken where a case is itself a share. Raises ValueError where it is not within
    0 and n.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n}")
    if n == 0:
        return None
    share, square = hits / n, z * z / n
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * sqrt(share * (1 - share) / n + square / (4 * n))
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == n else min(1.0, middle + half)
    return Share(share, low, high, n)
