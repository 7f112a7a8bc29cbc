"""How long an answer took, and what it cost. Speed and price say nothing of how good it is."""

from core.comparison.scorers.kinds import Scorer
from core.comparison.types import Example
from core.i18n import N_


def seconds(example: Example) -> float | None:
    """Seconds to the whole answer, loading the model apart."""
    if example.failed or example.total_seconds is None:
        return None
    return max(0.0, example.total_seconds - (example.load_seconds or 0.0))


def cost(example: Example) -> float | None:
    """US dollars by the model's prices."""
    return None if example.failed else example.cost


SCORERS = (
    Scorer(
        "seconds",
        N_("Time"),
        N_("Seconds from the question to the end of the answer, without loading the model."),
        seconds,
        unit="seconds",
        better="down",
        quality=False,
    ),
    Scorer(
        "cost",
        N_("Cost"),
        N_("What the tokens cost by the model's prices."),
        cost,
        unit="dollars",
        better="down",
        quality=False,
    ),
)
