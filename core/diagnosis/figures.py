"""Percentiles of a few measurements, by nearest rank (pure): every figure told was measured."""

from collections.abc import Iterable
from math import ceil


def percentile(values: Iterable[float | None], share: float) -> float | None:
    """The smallest measured value that ``share`` (0 to 1) of all do not exceed; None without any.

    Under 20 values the 95th percentile is the largest of them.
    """
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    return known[max(0, ceil(share * len(known)) - 1)]


def median(values: Iterable[float | None]) -> float | None:
    """The 50th percentile."""
    return percentile(values, 0.5)
