"""The interval of a mean whose values are skewed, without drawing: for so many that drawing takes long.

In: values. Out: the ends that a BCa bootstrap would come to if it drew for ever, nearly, and the p value
of a mean of 0. Pure.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


def abc(values: "Array", confidence: float = 0.95) -> tuple[float, float, float]:
    """(low, high, p) by T. DiCiccio and B. Efron's ABC, "More accurate confidence intervals in
    exponential families", Biometrika 79 (1992), 231-245: for a mean, bias and acceleration are both
    skewness / (6 sqrt n), and the ends are mean + s.e. * w / (1 - a w)^2 with w = a ± z.

    Where nothing varies, the interval has no width.
    """
    import numpy as np
    from scipy.special import ndtr, ndtri

    middle, off = float(values.mean()), values - values.mean()
    squares = float((off**2).sum())
    if not squares:
        return middle, middle, 0.0 if middle else 1.0
    error, bend = squares**0.5 / len(values), float((off**3).sum()) / (6 * squares**1.5)
    w = bend + np.array([-1, 1]) * ndtri(0.5 + confidence / 2)
    low, high = middle + error * w / (1 - bend * w) ** 2
    return float(low), float(high), float(2 * ndtr(-abs(_away(-middle / error, bend) - bend)))


def _away(t: float, bend: float) -> float:
    """w of w / (1 - bend w)^2 = t, the root that is t where bend is 0."""
    inside = max(0.0, 1 + 4 * bend * t)
    return 2 * t / (1 + 2 * bend * t + inside**0.5)
