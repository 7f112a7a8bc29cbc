"""The difference between two versions that answered the same examples.

In: two lists of scores of the same length, example by example. Out: a ``Difference``: the mean of the
differences with its interval, what chance alone would do, and how large it is. Pure, and always the
same for the same scores: what is drawn at random has a fixed seed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from core.statistics.means import ROUNDING, varies
from core.statistics.resampling import Bootstrap, sign_flips
from core.statistics.shares import wilson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = np.ndarray[Any, Any]
    Scores = Sequence[float] | Sequence[bool] | NDArray[Any]


class Difference(NamedTuple):
    """How far the second version's scores lie above the first's, per example.

    ``value`` is mean_b - mean_a, ``low`` and ``high`` its 95 % interval (None where n < 2). ``p`` is
    two-sided. ``effect`` is Cohen's d of paired differences, value / sd (None where nothing
    varies). ``better``, ``worse``, ``same``: in how many examples b is above, below, equal to a.
    ``sd`` is that of the differences (None where n < 2). Where all differences are alike (sd 0),
    the interval of means has no width: scores of any scale tell no more; ask for more examples.
    """

    value: float
    low: float | None
    high: float | None
    p: float
    n: int
    effect: float | None
    better: int
    worse: int
    same: int
    mean_a: float
    mean_b: float
    sd: float | None


def difference(a: "Scores", b: "Scores", *, binary: bool = False) -> Difference | None:
    """The difference of two lists of scores of the same examples; None where there is no example.

    Means: BCa bootstrap interval and sign-flip permutation test, see ``resampling``. The test is exact
    where both versions are alike, but claims too often where their differences are skewed around a
    mean of 0: ``p`` is the larger of the test's and the interval's, so that p < 0.05 also means an
    interval without 0. ``binary`` (scores 0 or 1): Newcombe's interval and McNemar's exact test, see
    ``shares_apart`` and ``mcnemar``. Raises ValueError where the lists differ in length, a score is
    not a finite number, or, for ``binary``, not 0 or 1.
    """
    import numpy as np

    first, second = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    _check(first, second, binary)
    n, apart = len(first), _apart(first, second)
    if not n:
        return None
    better, worse = int((apart > 0).sum()), int((apart < 0).sum())
    if binary:
        both = int((first * second).sum())
        p, ends = mcnemar(better, worse), shares_apart(both, worse, better, n)
    else:
        drawn = Bootstrap(apart)
        p, ends = max(sign_flips(apart), drawn.p()), drawn.interval()
    sd = float(apart.std(ddof=1) if varies(apart) else 0) if n > 1 else None
    value = float(apart.mean())
    return Difference(
        value=value,
        low=ends[0] if n > 1 else None,
        high=ends[1] if n > 1 else None,
        p=p,
        n=n,
        effect=value / sd if sd else None,
        better=better,
        worse=worse,
        same=n - better - worse,
        mean_a=float(first.mean()),
        mean_b=float(second.mean()),
        sd=sd,
    )


def mcnemar(better: int, worse: int) -> float:
    """McNemar's test, exact and two-sided: are ``better`` of better + worse what a fair coin gives?

    Q. McNemar, Psychometrika 12 (1947), 153-157; exact by the binomial distribution.
    """
    from scipy.special import bdtr

    n = better + worse
    return min(1.0, 2 * float(bdtr(min(better, worse), n, 0.5))) if n else 1.0


def shares_apart(both: int, only_a: int, only_b: int, n: int) -> tuple[float, float]:
    """The 95 % interval of share b - share a, of n pairs of which ``both`` passed twice.

    R. G. Newcombe, "Improved confidence intervals for the difference between binomial proportions
    based on paired data", Statistics in Medicine 17 (1998), 2635-2650, method 10: Wilson's intervals
    of both shares, joined by the correlation of the pairs.
    """
    from math import sqrt

    neither = n - both - only_a - only_b
    a, b = wilson(both + only_a, n), wilson(both + only_b, n)
    assert a
    assert b
    tied = _correlation(both, only_a, only_b, neither)
    value = b.share - a.share
    down, up = b.share - b.low, a.high - a.share
    low = value - sqrt(max(0.0, down**2 - 2 * tied * down * up + up**2))
    up, down = b.high - b.share, a.share - a.low
    high = value + sqrt(max(0.0, up**2 - 2 * tied * up * down + down**2))
    return low, high


def _correlation(both: int, only_a: int, only_b: int, neither: int) -> float:
    """Newcombe's phi: where it is positive, corrected for continuity; 0 where a margin is empty."""
    from math import sqrt

    n = both + only_a + only_b + neither
    margins = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    if not margins:
        return 0.0
    crossed = float(both * neither - only_a * only_b)
    return (max(0.0, crossed - n / 2) if crossed > 0 else crossed) / sqrt(margins)


def _apart(first: "Array", second: "Array") -> "Array":
    """The differences, 0 where just rounding differs."""
    import numpy as np

    apart = second - first
    size = np.maximum(np.abs(first), np.abs(second))
    return np.where(np.abs(apart) <= ROUNDING * size, 0.0, apart)


def _check(first: "Array", second: "Array", binary: bool) -> None:
    import numpy as np

    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"two lists of the same length, not {first.shape} and {second.shape}")
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("every score needs to be a finite number")
    if binary and not (np.isin(first, (0, 1)).all() and np.isin(second, (0, 1)).all()):
        raise ValueError("scores of a binary metric are 0 or 1")
