"""Krippendorff's alpha: how far people agree beyond chance, however many judged an item.

Values may lack, and may have an order (``ordinal``) or distances (``interval``). K. Krippendorff,
"Computing Krippendorff's Alpha-Reliability" (2011), from the coincidences of values.
"""

from typing import TYPE_CHECKING, Any, Literal

from core.statistics.ratings import (
    Coefficient,
    Patterns,
    all_agree,
    counted,
    estimated,
    expected,
    paired,
)

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Level = Literal["nominal", "ordinal", "interval"]


def alpha(patterns: Patterns, level: Level = "nominal") -> Coefficient | None:
    """Alpha of {the values an item got: items}; None where nothing varies or no item has two values.

    ``interval`` takes numbers alone.
    """
    import numpy as np

    patterns = paired(patterns)
    if not patterns:
        return None
    values, counts, weights = counted(patterns)
    coincidences = _coincidences(counts)
    sorts = len(values)

    def statistic(rows: "Array") -> "Array":
        observed = (rows @ coincidences).reshape(-1, sorts, sorts)
        totals = observed.sum(axis=2)
        apart = _distances(values, totals, level)
        by_chance = np.einsum("bi,bj,bij->b", totals, totals, apart)
        n = totals.sum(axis=1)
        certain = by_chance <= 0
        ratio = (n - 1) * (observed * apart).sum(axis=(1, 2)) / np.where(certain, 1, by_chance)
        return np.where(certain, np.nan, 1 - ratio)

    return estimated(weights, statistic, expected(counts, weights), all_agree(patterns))


def _coincidences(counts: "Array") -> "Array":
    """For each pattern (a row) how often each value meets each other value of the same item, by m - 1."""
    import numpy as np

    meet = counts[:, :, None] * counts[:, None, :]
    places = np.arange(counts.shape[1])
    meet[:, places, places] -= counts
    return (meet / (counts.sum(axis=1) - 1)[:, None, None]).reshape(len(counts), -1)


def _distances(values: list[Any], totals: "Array", level: Level) -> "Array":
    """The squared distances of the values, for each row of ``totals`` (how often each occurs)."""
    import numpy as np

    if level == "nominal":
        apart = 1 - np.eye(len(values))
        return np.broadcast_to(apart, (len(totals), *apart.shape))
    if level == "interval":
        places = np.broadcast_to(np.array(values, dtype=float), totals.shape)
    else:
        places = totals.cumsum(axis=1) - totals / 2  # the middle of the ranks that a value takes
    return (places[:, :, None] - places[:, None, :]) ** 2
