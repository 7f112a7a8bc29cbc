"""How many examples it takes to see a difference.

In: how much the differences vary and the smallest one that matters. Out: a number of pairs. Both
tests are two-sided.
"""

from math import ceil, sqrt


def needed(sd: float, smallest: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """Pairs for a mean of paired differences: a true one of ``smallest`` is seen with ``power``.

    ``sd`` is that of the differences, in the unit of ``smallest``. Normal approximation with the
    correction for an estimated sd of W. C. Guenther, "Sample size formulas for normal theory t
    tests", The American Statistician 35 (1981), 243-244. Raises ValueError where ``smallest`` is 0.
    """
    z, reach = _quantiles(power, alpha)
    if not smallest or sd < 0:
        raise ValueError(f"a difference of {smallest} with a deviation of {sd}")
    return max(2, ceil(((z + reach) * sd / smallest) ** 2 + z**2 / 2))


def needed_pairs(
    discordant: float, smallest: float, power: float = 0.8, alpha: float = 0.05
) -> int:
    """Pairs for McNemar's test of pass or fail: a true difference of shares of ``smallest`` is seen.

    ``discordant`` is the share of pairs in which just one side passes. R. J. Connor, "Sample size
    for testing differences in proportions for the paired-sample design", Biometrics 43 (1987),
    207-211. Raises ValueError where ``smallest`` is 0 or above ``discordant``, which cannot be.
    """
    z, reach = _quantiles(power, alpha)
    if not 0 < abs(smallest) <= discordant <= 1:
        raise ValueError(f"a difference of {smallest} of {discordant} discordant pairs")
    spread = z * sqrt(discordant) + reach * sqrt(discordant - smallest**2)
    return max(2, ceil((spread / smallest) ** 2))


def _quantiles(power: float, alpha: float) -> tuple[float, float]:
    """Those of the normal distribution at 1 - alpha / 2 and at the power."""
    from scipy.special import ndtri

    if not (0 < power < 1 and 0 < alpha < 1):
        raise ValueError(f"power {power} and level {alpha} lie between 0 and 1")
    return float(ndtri(1 - alpha / 2)), float(ndtri(power))
