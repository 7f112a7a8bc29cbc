"""What drawing anew says of a mean of paired differences: its interval, and its chance under none.

In: the differences. Out: the ends and the p value of a BCa bootstrap; the p value of a sign-flip test. The seed is
fixed; ten thousand differences take a fraction of a second.
"""

from typing import TYPE_CHECKING, Any

from core.statistics.means import ROUNDING, telling, varies

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

SEED = 20_240_607  # any: the same scores must give the same figures
DRAWS = 9_999  # samples for an interval, and for a test whose signs are too many to try all
FEWEST = 2_000  # samples for an interval of so many differences that DRAWS would take seconds
WORK = 20_000_000  # differences drawn for one interval at most, before FEWEST holds
PART = 100_000  # differences drawn at once: what a processor's cache holds
EXACT = 16  # differences up to which all combinations of signs are tried


class Bootstrap:
    """The bias-corrected and accelerated (BCa) bootstrap of a mean.

    B. Efron, "Better bootstrap confidence intervals", Journal of the American Statistical
    Association 82 (1987), 171-185. ``expanded``: Student's quantile times sqrt(n / (n - 1)) instead
    of the normal one, since a bootstrap interval of few values is too narrow (T. Hesterberg, "What
    teachers should know about the bootstrap", The American Statistician 69 (2015), 371-386, 5.3),
    with ``telling`` values instead of n, since few that are not 0 among many zeros are few.
    """

    def __init__(self, values: "Array", expanded: bool = True) -> None:
        from scipy.special import ndtri

        self.mean, self.expanded = float(values.mean()), expanded
        self.varies = varies(values)
        if not self.varies:
            return
        off = values - self.mean
        self.telling = telling(values)
        self.means = bootstrap_means(values)
        self.bias = float(ndtri(self._kept(self._below(self.mean))))
        self.bend = float((off**3).sum() / (6 * (off**2).sum() ** 1.5))
        self.scale = (self.telling / (self.telling - 1)) ** 0.5 if expanded else 1.0

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """The ends; without width where nothing varies."""
        import numpy as np
        from scipy.special import ndtr, ndtri, stdtrit

        if not self.varies:
            return self.mean, self.mean
        tail = 0.5 + confidence / 2
        z = stdtrit(self.telling - 1, tail) * self.scale if self.expanded else ndtri(tail)
        moved = self.bias + np.array([-z, z])
        places = ndtr(self.bias + moved / np.maximum(1e-9, 1 - self.bend * moved))
        low, high = np.quantile(self.means, places)
        return float(low), float(high)

    def p(self) -> float:
        """The two-sided p value of a mean of 0: 1 - the confidence whose interval ends at 0."""
        from scipy.special import ndtr, ndtri, stdtr

        if not self.varies:
            return 0.0 if self.mean else 1.0
        below = self._below(0.0)
        if below in (0.0, 1.0):  # all means drawn lie on one side: no interval of them reaches 0
            return 1 / (1 + len(self.means))
        away = float(ndtri(self._kept(below))) - self.bias
        z = away / max(1e-9, 1 + self.bend * away) - self.bias
        if not self.expanded:
            return float(2 * ndtr(-abs(z)))
        return float(2 * stdtr(self.telling - 1, -abs(z) / self.scale))

    def _below(self, value: float) -> float:
        """The share of means below the value, equal ones by half."""
        return float((self.means < value).mean() + (self.means <= value).mean()) / 2

    def _kept(self, share: float) -> float:
        """Away from 0 and 1, by half a sample."""
        return min(max(share, 0.5 / len(self.means)), 1 - 0.5 / len(self.means))


def bootstrap_means(values: "Array") -> "Array":
    """The means of samples drawn with replacement."""
    import numpy as np

    n = len(values)
    draws = int(np.clip(WORK // n, FEWEST, DRAWS))
    rng = np.random.default_rng(SEED)
    rows, places = max(1, PART // n), np.uint16 if n <= 2**16 else np.uint32
    parts = [
        values[rng.integers(0, n, (min(rows, draws - done), n), dtype=places)].mean(axis=1)
        for done in range(0, draws, rows)
    ]
    return np.concatenate(parts)


def sign_flips(apart: "Array") -> float:
    """How often the mean lies as far from 0 when every difference takes its sign by a fair coin.

    R. A. Fisher, "The Design of Experiments" (1935), 21. Exact up to EXACT differences that are not
    0; beyond, DRAWS draws, the observed one counted among them (B. Phipson and G. K. Smyth,
    "Permutation p-values should never be zero", Statistical Applications in Genetics and Molecular
    Biology 9 (2010), 39).
    """
    import numpy as np

    sizes = np.abs(apart[apart != 0])
    if not len(sizes):
        return 1.0
    reached = abs(float(apart.sum())) - ROUNDING * float(
        sizes.sum()
    )  # equal sums differ by rounding
    if len(sizes) <= EXACT:
        return float((np.abs(_signed(len(sizes)) @ sizes) >= reached).mean())
    return (1 + int((np.abs(_flipped_sums(sizes)) >= reached).sum())) / (1 + DRAWS)


def _signed(n: int) -> "Array":
    """All combinations of n signs, one a row."""
    import numpy as np

    return 1.0 - 2 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)


def _flipped_sums(sizes: "Array") -> "Array":
    """DRAWS sums with random signs. Eight differences at a time: a random byte picks one of the 256
    sums that their signs can give."""
    import numpy as np

    eights = np.pad(sizes, (0, -len(sizes) % 8)).reshape(-1, 8)
    sums = eights @ _signed(8).T  # a row for each eight, a column for each byte
    rng = np.random.default_rng(SEED)
    found = np.zeros(DRAWS)
    for row in sums:
        found += row[rng.integers(0, 256, DRAWS, dtype=np.uint8)]
    return found
