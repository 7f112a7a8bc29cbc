"""All that a verdict may rest on: the scorers of the registry, failures, judges and people.

In: names. Out: ``Scorer``s in the order in which they are told. A name that nobody knows any more (a
scorer that was taken away) is left out.
"""

from collections.abc import Iterable

from core.comparison import scorers
from core.comparison.scorers.kinds import Scorer
from core.comparison.types import Example
from core.i18n import N_

FAILED = "failed"
JUDGES = ("judge_pairwise", "judge_rubric")
RELATIVE = ("human_score", "judge_pairwise")  # who was liked better: the other may be good, too
SAID = ("human_score", *JUDGES)  # what comes after the answers, bit by bit


def failed(example: Example) -> float | None:
    """1 where there is no answer."""
    return float(example.failed)


BESIDE = (
    Scorer(
        FAILED,
        N_("Failed answers"),
        N_("Share of the questions that got no answer: an error, or broken off."),
        failed,
        better="down",
        kind="pass",
        primary=True,
    ),
)


def known() -> dict[str, Scorer]:
    """Every scorer by name, in the order in which they are told."""
    return scorers.SCORERS | {one.name: one for one in BESIDE if one.name not in scorers.SCORERS}


def of(said: Iterable[str], wanted: Iterable[str] = ()) -> list[Scorer]:
    """Those that have said something, in the order in which they are told; of quality only those
    ``wanted`` (none: all), and what belongs to every verdict."""
    there, named = {*said, FAILED}, {*wanted}
    always = {FAILED, *SAID} if named else set()
    return [
        one
        for name, one in known().items()
        if name in there and (not named or name in named | always or not one.quality)
    ]


def family(found: Iterable[Scorer], wanted: Iterable[str] = ()) -> set[str]:
    """The names of those that decide: the ``wanted`` ones of quality, else the primary ones; and always
    what failed and what people and judges chose."""
    named = {*wanted}
    return {
        one.name
        for one in found
        if one.quality
        and ((one.primary and (not named or one.name in {FAILED, *SAID})) or one.name in named)
    }
