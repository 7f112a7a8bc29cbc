"""How many times as long, as many tokens, as dear: what is told beside quality, with its interval.

In: the values of both versions, pair by pair. Out: b / a. Times are skewed, so theirs is the mean of
the ratios of each question (geometric); tokens and cost add up, so theirs is that of the sums. Always
holds: the ratio is that of the two means that stand beside it.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core import statistics
from core.comparison.findings import BETTER, SAME, UNCLEAR, WORSE, MetricVerdict

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

ALIKE = 0.1  # a ratio whose interval lies within 1 - ALIKE and 1 + ALIKE is "the same"
FELT = 0.1  # seconds: what is shorter seems to be at once (R. B. Miller, AFIPS 33 (1968), 267-277)
LEAST = 0.001  # a millisecond: shorter times are as long
EACH = ("seconds", "per_second")  # units whose ratios are taken question by question


def found(bare: MetricVerdict, a: "Array", b: "Array", level: float | None) -> MetricVerdict:
    """With the mean difference in its unit, and the ratio; of ``EACH`` the means of both versions are
    geometric, as their ratio is. ``level``: by bounds that hold at every look."""
    low, high = _ends(b - a, level)
    each = bare.unit in EACH
    ratio = _of_each(a, b, level) if each else _of_sums(a, b, level)
    return replace(
        bare,
        mean_a=_geometric(a) if each else bare.mean_a,
        mean_b=_geometric(b) if each else bare.mean_b,
        low=low,
        high=high,
        ratio=ratio[0],
        ratio_low=ratio[1],
        ratio_high=ratio[2],
        looked=level is not None,
    )


def claim(one: MetricVerdict) -> str:
    """better | worse | same | unclear of b; "same" goes before a difference that is sure and slight."""
    if alike(one) or unfelt(one):
        return SAME
    low, high, even = one.ratio_low, one.ratio_high, 1.0
    if low is None or high is None:
        low, high, even = one.low, one.high, 0.0
    if low is None or high is None or low <= even <= high:
        return UNCLEAR
    return BETTER if (low > even) == (one.direction == "up") else WORSE


def alike(one: MetricVerdict) -> bool:
    """Whether a tenth more or less is ruled out."""
    low, high = one.ratio_low, one.ratio_high
    return low is not None and high is not None and low >= 1 - ALIKE and high <= 1 + ALIKE


def unfelt(one: MetricVerdict) -> bool:
    """Whether any difference of times is ruled out that somebody could feel. So small ones hang on which
    of the two was asked first."""
    if one.unit != "seconds" or one.low is None or one.high is None:
        return False
    return one.low > -FELT and one.high < FELT


Ratio = tuple[float | None, float | None, float | None]


def _ends(values: "Array", level: float | None) -> tuple[float | None, float | None]:
    if level is not None:
        return statistics.sequence(values, level) or (None, None)
    told = statistics.mean(values)
    return (told.low, told.high) if told else (None, None)


def _geometric(values: "Array") -> float:
    import numpy as np

    return float(np.exp(np.log(np.maximum(values, LEAST)).mean()))


def _of_each(a: "Array", b: "Array", level: float | None) -> Ratio:
    """exp of the mean of log(b / a)."""
    import numpy as np

    logs = np.log(np.maximum(b, LEAST)) - np.log(np.maximum(a, LEAST))
    low, high = (None if end is None else float(np.exp(end)) for end in _ends(logs, level))
    return float(np.exp(logs.mean())), low, high


def _of_sums(a: "Array", b: "Array", level: float | None) -> Ratio:
    """The ratio of the sums with its linearised interval (W. G. Cochran, "Sampling Techniques", 3rd ed.
    1977, 6.4); 1 where neither costs anything, none where only b does."""
    if not a.sum():
        return (1.0, 1.0, 1.0) if not b.sum() else (None, None, None)
    ratio = float(b.sum() / a.sum())
    low, high = _ends((b - ratio * a) / a.mean(), None) if level is None else (None, None)
    return ratio, None if low is None else ratio + low, None if high is None else ratio + high
