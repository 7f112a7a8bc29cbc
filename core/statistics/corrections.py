"""Several tests at once: p values that keep the chance of even one false claim.

In: p values. Out: as many adjusted ones, in the same order; each may be held against the same level.
"""

from collections.abc import Sequence


def holm(ps: Sequence[float]) -> list[float]:
    """The adjusted p values of S. Holm, "A simple sequentially rejective multiple test procedure",
    Scandinavian Journal of Statistics 6 (1979), 65-70; valid however the tests hang together.

    Raises ValueError where a p value is not within 0 and 1.
    """
    if not all(0 <= p <= 1 for p in ps):
        raise ValueError("p values lie between 0 and 1")
    adjusted, largest = [0.0] * len(ps), 0.0
    for place, at in enumerate(sorted(range(len(ps)), key=lambda each: ps[each])):
        largest = max(largest, min(1.0, (len(ps) - place) * ps[at]))
        adjusted[at] = largest
    return adjusted
