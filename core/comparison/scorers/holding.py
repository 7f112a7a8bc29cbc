"""Whether an answer holds what the reference says it must: its quote, its figures."""

from functools import lru_cache

from core.chat.numbers import Number, figures, numbers
from core.comparison.scorers.kinds import Scorer
from core.comparison.scorers.sources import holds
from core.comparison.types import Example
from core.i18n import N_
from core.text import fold


def quote_held(example: Example) -> float | None:
    """1 where the answer holds a quote of the reference word for word, or most of one in a row."""
    if example.failed or not example.reference.quotes:
        return None
    return float(any(holds(example.text, quote) for quote in example.reference.quotes))


def numbers_held(example: Example) -> float | None:
    """The share of a reference answer's figures that the answer holds, however written ("14h30",
    "2:30 p.m."); the best over the reference answers, or over the quotes where there are none."""
    told = example.reference.answers or example.reference.quotes
    wanted = [found for one in told if (found := _numbers(one))]
    if example.failed or not wanted:
        return None
    own = _numbers(example.text)
    return max(_share(one, own) for one in wanted)


def _share(wanted: tuple[Number, ...], own: tuple[Number, ...]) -> float:
    return sum(any(one.matches(other) for other in own) for one in wanted) / len(wanted)


@lru_cache(maxsize=1024)
def _numbers(text: str) -> tuple[Number, ...]:
    return tuple(numbers(figures(fold(text))))


SCORERS = (
    Scorer(
        "quote_held",
        N_("Quote held"),
        N_("Whether the answer holds the words that the reference quotes."),
        quote_held,
        kind="pass",
    ),
    Scorer(
        "numbers_held",
        N_("Figures held"),
        N_("Share of the figures of the reference answer that the answer gives."),
        numbers_held,
    ),
)
