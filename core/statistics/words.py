"""What a coefficient of agreement means, in words, by published tables. The sentences of the
catalogue are given as they stand there: who shows them passes them through ``_()``.
"""

from core.i18n import N_
from core.statistics.ratings import Coefficient

# J. R. Landis & G. G. Koch, "The measurement of observer agreement for categorical data",
# Biometrics 33 (1977), 159-174: from which value on it is called so. They print two digits (.81 to
# 1.00 and so on), hence the third.
KAPPA_WORDS = (
    (0.805, N_("almost perfect")),
    (0.605, N_("substantial")),
    (0.405, N_("moderate")),
    (0.205, N_("fair")),
    (0.0, N_("slight")),
    (-1.0, N_("worse than chance")),
)
# K. Krippendorff, "Content Analysis", 2nd edition (2004), p. 241: rely on .800 and more; draw
# tentative conclusions from .667 on
ALPHA_WORDS = (
    (0.800, N_("reliable")),
    (0.667, N_("for tentative conclusions")),
    (-1.0, N_("not reliable")),
)
TOO_FEW = N_("too few to say")
LEAST = 20  # items below which no word is said, however few values there are


def enough(values: int) -> int:
    """How many items it takes to put a coefficient into words: 2 k² for k different values.

    D. V. Cicchetti & J. L. Fleiss, "Comparison of the null distributions of weighted kappa and the
    C ordinal statistic", Applied Psychological Measurement 1 (1977), 195-201. And at least LEAST.
    """
    return max(LEAST, 2 * values * values)


def in_words(found: Coefficient, table: tuple[tuple[float, str], ...], least: int = LEAST) -> str:
    """The word for a coefficient that rests on at least ``least`` items, else TOO_FEW."""
    if found.n < least:
        return TOO_FEW
    return next((word for bound, word in table if found.value >= bound), table[-1][1])
