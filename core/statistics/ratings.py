"""Ratings of items, counted: what the coefficients of agreement are made from, and their intervals.

In: ``Patterns``: {the values that an item got: how many items got just these}. A value is anything
that sorts; an item may have any number of them, and those with fewer than two say nothing. Items
with the same values need to be looked at once, so that 100,000 of them cost no more than 100.
Out: a ``Coefficient``, whose interval comes from drawing the items anew.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from core.statistics.shares import Share, wilson

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Patterns = Mapping[tuple[Any, ...], int]
DRAWS = 1000  # how often the items are drawn anew; Efron & Tibshirani (1993) advise 1000 and more
SEED = 20_240_607  # any: the same ratings must give the same interval


class Coefficient(NamedTuple):
    """A coefficient of agreement (1: they always agree, 0: as by chance) and the ends of its 95 %
    interval; ``n`` is the number of items it rests on."""

    value: float
    low: float
    high: float
    n: int


def paired(patterns: Patterns) -> dict[tuple[Any, ...], int]:
    """Those with at least two values: only these can agree or not."""
    return {values: n for values, n in patterns.items() if len(values) > 1 and n}


def pairs(patterns: Patterns) -> int:
    """How many pairs of values of the same item there are."""
    return sum(n * len(values) * (len(values) - 1) // 2 for values, n in patterns.items())


def agreeing(patterns: Patterns) -> Share | None:
    """The share of these pairs that agree; None where there is no pair.

    The interval is Wilson's, of as many cases as there are items: pairs of one item hang together,
    so that counting them one by one would promise too much. ``n`` is the number of items.
    """
    found = pairs(patterns)
    if not found:
        return None
    n = sum(paired(patterns).values())
    same = sum(count * _same(values) for values, count in patterns.items())
    return wilson(same / found * n, n)


def counted(patterns: Patterns) -> "tuple[list[Any], Array, Array]":
    """The values that occur, sorted; how often each pattern (a row) has each; how often it occurs."""
    import numpy as np

    values = sorted({value for pattern in patterns for value in pattern})
    at = {value: place for place, value in enumerate(values)}
    counts = np.zeros((len(patterns), len(values)))
    for row, pattern in enumerate(patterns):
        for value in pattern:
            counts[row, at[value]] += 1
    return values, counts, np.array(list(patterns.values()), dtype=np.int64)


def estimated(
    weights: "Array", statistic: "Callable[[Array], Array]", chance: float, agree: bool
) -> Coefficient | None:
    """The statistic of the items there are, with an interval; None where it is not defined.

    ``weights`` says how often each pattern occurs; ``statistic`` takes many such rows at once and
    gives a number for each, nan where nothing varies. Interval: the percentiles of DRAWS samples of
    items, drawn with replacement (B. Efron & R. J. Tibshirani, An Introduction to the Bootstrap,
    1993, chapter 13); samples in which nothing varies are left out. Where no pair disagrees
    (``agree``), no sample can disagree either: then the lower end is what Wilson's interval leaves
    open of the share of agreement, set against ``chance``, the agreement to be expected by chance.
    """
    import numpy as np

    n = int(weights.sum())
    (value,) = statistic(weights[None].astype(float))
    if not n or np.isnan(value):
        return None
    if agree and (share := wilson(n, n)):
        return Coefficient(1.0, (share.low - chance) / (1 - chance), 1.0, n)
    drawn = np.random.default_rng(SEED).multinomial(n, weights / n, size=DRAWS)
    low, high = np.nanpercentile(statistic(drawn.astype(float)), [2.5, 97.5])
    return Coefficient(
        float(value), min(float(low), float(value)), max(float(high), float(value)), n
    )


def all_agree(patterns: Patterns) -> bool:
    """Whether no item has two different values."""
    return all(len(set(values)) == 1 for values in patterns)


def expected(counts: "Array", weights: "Array") -> float:
    """The share of pairs that would agree if values were dealt out at random, as often as they occur."""
    totals = weights @ counts
    return float(((totals / totals.sum()) ** 2).sum())


def _same(values: tuple[Any, ...]) -> int:
    """How many pairs of these agree."""
    counts = [values.count(value) for value in set(values)]
    return sum(n * (n - 1) // 2 for n in counts)
