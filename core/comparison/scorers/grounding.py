"""How far the passages support what an answer claims."""

from core.comparison.scorers.kinds import Scorer
from core.comparison.types import Example
from core.i18n import N_


def groundedness(example: Example) -> float | None:
    """The share of its sentences that the passages support; a quoted answer is wholly of them."""
    if example.failed or example.outcome != "answered":
        return None
    return 1.0 if example.quoted else example.groundedness


SCORERS = (
    Scorer(
        "groundedness",
        N_("Groundedness"),
        N_("Share of the answer's sentences that its passages support."),
        groundedness,
        primary=True,
    ),
)
