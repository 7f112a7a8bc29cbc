"""What a scorer is: a named function from one side's answer to a number, and how to read that number.

Pure. Always holds: None means that there is nothing to tell of this example (no reference, no
figure), never zero.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.comparison.types import Example


def always() -> str:
    """It needs nothing that could be missing."""
    return ""


@dataclass(frozen=True)
class Scorer:
    """``title`` and ``meaning`` are sentences of the catalogue, shown through ``_()``.

    ``unit``: share (0 to 1, shown as points or percent), seconds, tokens, dollars, per_second,
    nats. ``better``: up or down. ``kind``: pass (0 or 1) or mean. Scorers of ``quality`` tell how
    good an answer is; the others tell of speed and cost. ``available`` gives "" or why it cannot
    be had here, with the way out.

    ``primary``: it decides which version answers better. These are few, and no two of them look at
    the same thing: each further one makes the correction for several metrics harder to pass, and
    five that count shared words would say one thing five times.
    """

    name: str
    title: str
    meaning: str
    score: Callable[[Example], float | None]
    unit: str = "share"
    better: str = "up"
    kind: str = "mean"
    quality: bool = True
    available: Callable[[], str] = always
    primary: bool = False
