"""Intervals for means and quantiles. Pure; every stage may use them.

In: values. Out: the figure with its 95 % interval, None where there is nothing to tell.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray


ROUNDING = 1e-12  # of the size of a figure: less than that is no difference


class Estimated(NamedTuple):
    """A figure with the ends of its interval (None: too few for one); ``n`` is how many values."""

    value: float
    low: float | None
    high: float | None
    n: int


def mean(values: "Sequence[float] | NDArray[Any]", confidence: float = 0.95) -> Estimated | None:
    """The mean with Student's interval: "The probable error of a mean", Biometrika 6 (1908), 1-25."""
    import numpy as np
    from scipy.special import stdtrit

    given = np.asarray(values, dtype=float)
    n = len(given)
    if n == 0:
        return None
    middle = float(given.mean())
    if n == 1:
        return Estimated(middle, None, None, n)
    half = float(stdtrit(n - 1, 0.5 + confidence / 2) * given.std(ddof=1) / np.sqrt(n))
    return Estimated(middle, middle - half, middle + half, n)


def quantile(
    values: "Sequence[float] | NDArray[Any]", q: float, confidence: float = 0.95
) -> Estimated | None:
    """A quantile (numpy's linear one) with the interval between two order statistics, which holds for
    any distribution: how many of n values lie below the quantile is binomial (H. A. David and H. N.
    Nagaraja, "Order Statistics", 3rd ed. 2003, 7.1). No end is told where n is too small to have it;
    an end that lies beyond the interpolated quantile is drawn to it.
    """
    import numpy as np
    from scipy.special import bdtrik

    given = np.asarray(values, dtype=float)
    n = len(given)
    if n == 0:
        return None
    tail, at = (1 - confidence) / 2, q * (n - 1)
    below = (
        int(np.ceil(bdtrik(tail, n, q))) if n > 1 else 0
    )  # the smallest k with P(X <= k) >= tail
    above = int(np.ceil(bdtrik(1 - tail, n, q))) + 1 if n > 1 else n + 1
    ends = [k - 1 for k in (below, above) if 1 <= k <= n]
    order = np.partition(given, sorted({int(at), min(int(at) + 1, n - 1), *ends}))
    low = float(order[below - 1]) if 1 <= below <= n else None
    high = float(order[above - 1]) if 1 <= above <= n else None
    under, over = (float(order[k]) for k in (int(at), min(int(at) + 1, n - 1)))
    value = under + (over - under) * (at - int(at))
    return Estimated(
        value,
        None if low is None else min(low, value),
        None if high is None else max(high, value),
        n,
    )


def telling(values: "NDArray[Any]") -> float:
    """How many normal values would tell the deviation as surely as these do: n at most.

    From the kurtosis k: the variance of a sample's variance is (k - 1) / n times its square, nearly,
    and 2 / (m - 1) times for m normal values (F. E. Satterthwaite's way to degrees of freedom,
    Biometrics Bulletin 2 (1946), 110-114).
    """
    n, off = len(values), values - values.mean()
    squares = float((off**2).mean())
    kurtosis = float((off**4).mean()) / squares**2 if squares else 1.0
    return n if kurtosis <= 1 + 2 / n else min(float(n), 1 + 2 * n / (kurtosis - 1))


def varies(values: "NDArray[Any]") -> bool:
    """Whether they differ by more than rounding does (0.3 - 0.1 is not 0.2 to the last digit)."""
    import numpy as np

    return bool(np.ptp(values) > ROUNDING * np.abs(values).max()) if len(values) else False
