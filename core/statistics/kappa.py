"""Kappa: how far people agree beyond chance, on values without an order.

``cohen`` is for two people who judged the same items, ``fleiss`` for as many judgements of every
item by whomever. Out: a ``Coefficient``; None where all values are the same, or none is there.
"""

from typing import TYPE_CHECKING, Any

from core.statistics.ratings import Coefficient, Patterns, all_agree, counted, estimated, expected

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


def cohen(patterns: Patterns) -> Coefficient | None:
    """Cohen's kappa of {(what the first said, what the second said): items}.

    J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
    Measurement 20 (1960), 37-46. Raises ValueError where an item has not two values.
    """
    import numpy as np

    patterns = _with(patterns, 2)
    if not patterns:
        return None
    values, counts, weights = counted(patterns)
    at = {value: place for place, value in enumerate(values)}
    first = np.eye(len(values))[[at[one] for one, _other in patterns]]
    second = np.eye(len(values))[[at[other] for _one, other in patterns]]
    same = (first * second).sum(axis=1)

    def statistic(rows: "Array") -> "Array":
        n = rows.sum(axis=1)
        chance = ((rows @ first) * (rows @ second)).sum(axis=1) / n**2
        return _beyond(rows @ same / n, chance)

    return estimated(weights, statistic, expected(counts, weights), all_agree(patterns))


def fleiss(patterns: Patterns) -> Coefficient | None:
    """Fleiss' kappa; every item has as many values.

    J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76
    (1971), 378-382. Raises ValueError where items have different numbers of values, or one.
    """
    sizes = {len(values) for values, n in patterns.items() if n}
    patterns = _with(patterns, sizes.pop() if len(sizes) == 1 else 0)
    if not patterns:
        return None
    _values, counts, weights = counted(patterns)
    m = counts[0].sum()
    same = ((counts**2).sum(axis=1) - m) / (m * (m - 1))

    def statistic(rows: "Array") -> "Array":
        n = rows.sum(axis=1)
        shares = rows @ counts / (n * m)[:, None]
        return _beyond(rows @ same / n, (shares**2).sum(axis=1))

    return estimated(weights, statistic, expected(counts, weights), all_agree(patterns))


def _with(patterns: Patterns, size: int) -> dict[tuple[Any, ...], int]:
    """The patterns that occur; ValueError where one has not ``size`` (2 at least) values."""
    found = {values: n for values, n in patterns.items() if n}
    if any(len(values) != size for values in found) or (found and size < 2):
        raise ValueError("every item needs the same number of values, two at least")
    return found


def _beyond(agreed: "Array", chance: "Array") -> "Array":
    """(agreed - chance) / (1 - chance), nan where chance alone agrees always."""
    import numpy as np

    certain = chance > 1 - 1e-12
    return np.where(certain, np.nan, (agreed - chance) / np.where(certain, 1, 1 - chance))
