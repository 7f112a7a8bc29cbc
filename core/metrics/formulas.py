"""The formulas of the measures: from the facts of a view to a figure with its interval.

In: a ``Part`` (answers and conversations of a view). Out: ``Estimated``, None where there is nothing to
tell; or, for "which ones", a mask over the answers or the conversations. Pure: no database, no clock;
what people may set comes in with the part.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.metrics.facts import nothing
from core.statistics import Estimated, mean, quantile, wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.metrics.facts import Frame

UNGROUNDED = (
    0.5  # an answer less than half of whose sentences are supported, as in the review's rule
)
SILENCE_MINUTES = 30.0


@dataclass(frozen=True)
class Part:
    """The facts of one view, and the words of their codes. ``now`` in seconds since 1970; ``silence``
    in seconds: how long nobody says anything until a conversation is over.

    Of reviews: ``items`` of any time, ``judged`` and ``judgements`` of the view's, which ends at
    ``until`` (0: now)."""

    answers: "Frame"
    conversations: "Frame"
    cited: "Frame"
    names: Mapping[str, list[str]]
    now: float
    silence: float = SILENCE_MINUTES * 60
    items: "Frame" = field(default_factory=lambda: nothing("items"))
    judged: "Frame" = field(default_factory=lambda: nothing("items"))
    judgements: "Frame" = field(default_factory=lambda: nothing("judgements"))
    scores: "Frame" = field(default_factory=lambda: nothing("scores"))
    until: float = 0.0

    def code(self, kind: str, name: str) -> int:
        """The code of a word; -1 where no fact has it."""
        known = self.names.get(kind, [])
        return known.index(name) if name in known else -1


Formula = Callable[[Part], Estimated | None]
Which = Callable[[Part], "NDArray[Any]"]


def share(hits: "NDArray[Any]", n: int) -> Estimated | None:
    """A share with Wilson's interval."""
    found = wilson(float(hits.sum()), n)
    return Estimated(found.share, found.low, found.high, n) if found else None


def known(values: "NDArray[Any]") -> "NDArray[Any]":
    """Those that were measured."""
    return values[values == values]


def is_(kind: str, *names: str) -> Which:

    def hits(part: Part) -> "NDArray[Any]":
        import numpy as np

        return np.isin(part.answers[kind], [part.code(kind, name) for name in names])

    return hits


def share_of_answers(hit: Which) -> Formula:
    return lambda part: share(hit(part), len(part.answers))


def quantile_of(column: str, q: float) -> Formula:
    return lambda part: quantile(measured(part, column), q)


def measured(part: Part, column: str) -> Any:
    """Of the answers that a model gave: one given again tells nothing of the model's time."""
    return known(part.answers[column][~part.answers["cached"]])


def counted(n: int) -> Estimated | None:
    """A mere count."""
    return Estimated(float(n), None, None, n) if n else None


def how_many_answers(part: Part) -> Estimated | None:
    return counted(len(part.answers))


def how_many_talks(part: Part) -> Estimated | None:
    return counted(len(part.conversations))


def satisfaction(part: Part) -> Estimated | None:
    up, down = int(part.answers["up"].sum()), int(part.answers["down"].sum())
    found = wilson(up, up + down)
    return Estimated(found.share, found.low, found.high, found.n) if found else None


def rated(part: Part) -> "NDArray[Any]":
    return (part.answers["up"] + part.answers["down"]) > 0


def unhappy(part: Part) -> "NDArray[Any]":
    return part.answers["down"] > 0


def grounded(part: Part) -> Any:
    return known(part.answers["groundedness"])


def ungrounded(part: Part) -> Estimated | None:
    shares = grounded(part)
    return share(shares < UNGROUNDED, len(shares))


def solved(part: Part) -> "NDArray[Any]":
    """Which conversations were: somebody said so; or nobody said anything, and who asked left with
    thanks and a thumb up."""
    talks = part.conversations
    return (talks["said"] == 1) | ((talks["said"] == -1) & talks["thanked"] & ~talks["ended_badly"])


def abandoned(part: Part) -> "NDArray[Any]":
    """Which were: not solved, the last answer found nothing, failed or was rated down, and nobody
    came back within the silence."""
    talks = part.conversations
    over = talks["last"] + part.silence < part.now
    return ~solved(part) & talks["ended_badly"] & over


def unknown(part: Part) -> "NDArray[Any]":
    """Which are neither solved nor abandoned, as far as anybody can tell."""
    return ~solved(part) & ~abandoned(part)


def share_of_talks(hit: Which) -> Formula:
    return lambda part: share(hit(part), len(part.conversations))


def turns_to_solved(part: Part) -> Estimated | None:
    return quantile(part.conversations["turns"][solved(part)], 0.5)


def stars(part: Part) -> Estimated | None:
    return mean(known(part.conversations["stars"]))


def per_second(part: Part) -> Estimated | None:
    tokens, seconds = part.answers["tokens_out"], part.answers["generation"]
    timed = ~part.answers["cached"] & (seconds > 0) & (tokens > 0)
    return quantile(tokens[timed] / seconds[timed], 0.5)


def loading(part: Part) -> Estimated | None:
    loads = part.answers["load"]
    return quantile(loads[loads > 0], 0.5)


def answer_cost(part: Part) -> Estimated | None:
    return mean(known(part.answers["cost"]))


def talk_cost(part: Part) -> Estimated | None:
    return mean(known(part.conversations["cost"]))


def solved_cost(part: Part) -> Estimated | None:
    """All that was spent, also where nothing was solved, for each that was: no interval is told."""
    spent = known(part.conversations["cost"])
    n = int(solved(part).sum())
    return Estimated(float(spent.sum()) / n, None, None, n) if n and len(spent) else None


def saved(part: Part, column: str) -> Estimated | None:
    saved = known(part.answers[column][part.answers["cached"]])
    return Estimated(float(saved.sum()), None, None, len(saved)) if len(saved) else None


def uncited(part: Part) -> "NDArray[Any]":
    return is_("outcome", "answered")(part) & (part.answers["citations"] == 0)


ERROR = is_("outcome", "error")
CUT_OFF = is_("outcome", "cut_off")
NOTHING_FOUND = is_("outcome", "not_found", "related")


def fell_back(part: Part) -> "NDArray[Any]":
    return part.answers["fallback"] != part.code("fallback", "")


def slowest(column: str) -> Which:
    """Those that took at least as long as 95 of 100."""

    def slow(part: Part) -> "NDArray[Any]":
        import numpy as np

        times = part.answers[column]
        measured = known(times)
        return times >= (np.quantile(measured, 0.95) if len(measured) else np.inf)

    return slow
