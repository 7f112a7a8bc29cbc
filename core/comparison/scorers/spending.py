"""What an answer took in tokens and money. A price says nothing of how good it is."""

from core.comparison.scorers.kinds import Scorer
from core.comparison.types import Example
from core.i18n import N_


def tokens_in(example: Example) -> float | None:
    """Tokens that the model read."""
    return None if example.failed else example.tokens_in


def tokens_out(example: Example) -> float | None:
    """Tokens that the model wrote, thoughts included."""
    return None if example.failed else example.tokens_out


def cost(example: Example) -> float | None:
    """US dollars by the model's prices."""
    return None if example.failed else example.cost


SCORERS = (
    Scorer(
        "tokens_in",
        N_("Tokens read"),
        N_("How many tokens the model read: rules, passages, question."),
        tokens_in,
        unit="tokens",
        better="down",
        quality=False,
    ),
    Scorer(
        "tokens_out",
        N_("Tokens written"),
        N_("How many tokens the model wrote, thoughts included."),
        tokens_out,
        unit="tokens",
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
