"""Scorers: small functions with one registry. A new one is a file here with a ``SCORERS`` tuple.

In: an ``Example``, one side's answer. Out: {name: number, or None where there is nothing to tell}.
Always holds: names are unique; a scorer that cannot be had here is left out with its reason.
"""

from collections.abc import Iterable

from core.comparison.scorers import grounding, timing
from core.comparison.scorers.kinds import Scorer as Scorer
from core.comparison.types import Example

FAMILIES = (grounding, timing)
SCORERS: dict[str, Scorer] = {one.name: one for family in FAMILIES for one in family.SCORERS}


def scored(example: Example, names: Iterable[str] = ()) -> dict[str, float | None]:
    """What the scorers (all that are here, or those named) say of an answer."""
    wanted = [SCORERS[name] for name in names] if names else list(SCORERS.values())
    return {one.name: one.score(example) for one in wanted if not one.available()}
