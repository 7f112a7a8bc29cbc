"""What drawing anew says of a mean of paired differences: its interval, and its chance under none.

In: the differences. Out: the ends of a BCa interval; the p value of a sign-flip test. The seed is
fixed; ten thousand differences take a fraction of a second.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

SEED = 20_240_607  # any: the same scores must give the same figures
DRAWS = 9_999  # samples for an interval, and for a test whose signs are too many to try all
FEWEST = 2_000  # samples for an interval of so many differences that DRAWS would take seconds
WORK = 20_000_000  # differences drawn for one interval at most, before FEWEST holds
EXACT = 16  # differences up to which all combinations of signs are tried


def bca(apart: "Array", confidence: float = 0.95, expanded: bool = True) -> tuple[float, float]:
    """The bias-corrected and accelerated bootstrap interval of the mean.

    B. Efron, "Better bootstrap confidence intervals", Journal of the American Statistical
    Association 82 (1987), 171-185. ``expanded``: Student's quantile times sqrt(n / (n - 1)) instead
    of the normal one, since a bootstrap interval of few values is too narrow (T. Hesterberg, "What
    teachers should know about the bootstrap", The American Statistician 69 (2015), 371-386, 5.3).
    """
    import numpy as np
    from scipy.special import ndtr, ndtri, stdtrit

    n, middle = len(apart), float(apart.mean())
    off = apart - middle
    squares = float((off**2).sum())
    if n < 2 or squares <= (1e-12 * np.abs(apart).max()) ** 2 * n:
        return middle, middle
    means = bootstrap_means(apart)
    below = ((means < middle).mean() + (means <= middle).mean()) / 2
    bias = ndtri(np.clip(below, 0.5 / len(means), 1 - 0.5 / len(means)))
    bend = float((off**3).sum()) / (6 * squares**1.5)
    tail = 0.5 + confidence / 2
    z = stdtrit(n - 1, tail) * np.sqrt(n / (n - 1)) if expanded else ndtri(tail)
    moved = bias + np.array([-z, z])
    low, high = np.quantile(means, ndtr(bias + moved / np.maximum(1e-9, 1 - bend * moved)))
    return float(low), float(high)


def bootstrap_means(values: "Array") -> "Array":
    """The means of samples drawn with replacement."""
    import numpy as np

    n = len(values)
    draws = int(np.clip(WORK // n, FEWEST, DRAWS))
    rng = np.random.default_rng(SEED)
    rows = max(1, 1_000_000 // n)
    parts = [
        values[rng.integers(0, n, (min(rows, draws - done), n), dtype=np.int32)].mean(axis=1)
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
    reached = abs(float(apart.sum())) - 1e-12 * float(sizes.sum())  # equal sums differ by rounding
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
