"""How far a judge and people say the same of the same pairs of answers.

In: what both said, pair by pair. Out: an ``Agreement``: the share on which they choose alike, Cohen's
kappa, and how their scores go together. Pure. Always holds: no word where it rests on too few.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh
from typing import TYPE_CHECKING, Any

from core.i18n import N_
from core.statistics import (
    KAPPA_WORDS,
    TOO_FEW,
    Coefficient,
    Share,
    agreeing,
    cohen,
    enough,
    in_words,
)
from core.statistics.shares import Z95

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

    Array = np.ndarray[Any, Any]

# J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 2nd edition (1988), p. 79-81
RHO_WORDS = (
    (0.495, N_("a strong correlation")),
    (0.295, N_("a medium correlation")),
    (0.095, N_("a weak correlation")),
    (-0.095, N_("no correlation")),
    (-1.0, N_("a correlation the other way round")),
)


@dataclass(frozen=True)
class Agreement:
    """On ``n`` pairs of answers both have chosen (a, b or tie): the share chosen alike, and kappa
    beyond chance. On ``scored`` pairs both have scores: ``rho`` is how the differences of the rubric
    go together with those of the human scores. A word of the catalogue for each, TOO_FEW below
    ``least``."""

    n: int
    percent: Share | None
    kappa: Coefficient | None
    kappa_words: str
    scored: int
    rho: Coefficient | None
    rho_words: str
    least: int


def agreement(
    chosen: "Iterable[tuple[str, str]]", scored: Sequence[tuple[float, float]]
) -> Agreement:
    """``chosen``: (the judge's choice, people's); ``scored``: (b - a by the rubric, by people)."""
    pairs = Counter(chosen)
    kappa, least = cohen(pairs), enough(3)
    rho = spearman(scored)
    return Agreement(
        n=pairs.total(),
        percent=agreeing(pairs),
        kappa=kappa,
        kappa_words=in_words(kappa, KAPPA_WORDS, least) if kappa else TOO_FEW,
        scored=len(scored),
        rho=rho,
        rho_words=in_words(rho, RHO_WORDS, least) if rho else TOO_FEW,
        least=least,
    )


def spearman(pairs: Sequence[tuple[float, float]]) -> Coefficient | None:
    """Spearman's rank correlation with its 95 % interval; None for fewer than four, or where one of
    the two never varies.

    The interval: Fisher's z with the variance (1 + rho²/2) / (n - 3) of D. G. Bonett and T. A. Wright,
    "Sample size requirements for estimating Pearson, Kendall and Spearman correlations",
    Psychometrika 65 (2000), 23-28.
    """
    import numpy as np

    n = len(pairs)
    if n < 4:
        return None
    ranks = [_ranks(one) for one in np.asarray(pairs, dtype=float).T]
    if any(np.ptp(one) == 0 for one in ranks):
        return None
    rho = float(np.clip(np.corrcoef(ranks)[0, 1], -1, 1))
    most = 1 - 1 / n  # at 1 the interval would have no width, however few they are
    middle = atanh(min(max(rho, -most), most))
    half = Z95 * sqrt((1 + rho**2 / 2) / (n - 3))
    return Coefficient(rho, min(rho, tanh(middle - half)), max(rho, tanh(middle + half)), n)


def _ranks(values: "Array") -> "Array":
    """The rank of each value; equal ones share the middle of theirs."""
    import numpy as np

    _found, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    middles: Array = counts.cumsum() - (counts - 1) / 2
    return middles[places]
