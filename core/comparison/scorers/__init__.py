"""Scorers: small functions with one registry. A new one is a file here with a ``SCORERS`` tuple.

In: an ``Example``, one side's answer. Out: {name: number, or None where there is nothing to tell}.
Always holds: names are unique; a scorer that cannot be had here is left out with its reason; one
that fails tells nothing, is logged, and spoils no other.
"""

from collections.abc import Iterable, Sequence
from importlib import import_module
from logging import getLogger
from math import isfinite
from pkgutil import iter_modules

from core.comparison.scorers.kinds import Scorer as Scorer
from core.comparison.types import Example
from core.errors import InvalidInput
from core.i18n import _

log = getLogger("ciclo.comparison")


def found(folders: Sequence[str], package: str) -> dict[str, Scorer]:
    """The scorers of every file in ``folders``, by name: those that decide first, then by quality."""
    names = sorted(one.name for one in iter_modules(folders))
    every: list[Scorer] = []
    for name in names:
        every += getattr(import_module(f"{package}.{name}"), "SCORERS", ())
    ordered = sorted(every, key=lambda one: (not one.primary, not one.quality))
    by_name = {one.name: one for one in ordered}
    if len(by_name) != len(ordered):
        raise ValueError("two scorers have the same name")
    return by_name


SCORERS: dict[str, Scorer] = found(__path__, __name__)


def scored(example: Example, names: Iterable[str] = ()) -> dict[str, float | None]:
    """What the scorers (all that are here, or those named) say of an answer.

    InvalidInput for a name that no scorer has.
    """
    wanted = checked(names) or SCORERS
    chosen = [SCORERS[name] for name in wanted]
    return {one.name: _told(one, example) for one in chosen if not one.available()}


def checked(names: Iterable[str]) -> list[str]:
    """The names, once each; InvalidInput for one that no scorer has."""
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        if name not in SCORERS:
            raise InvalidInput(
                _("No scorer is called “{name}”.").format(name=str(name)[:40]),
                hint=_("These are: {names}.").format(names=", ".join(SCORERS)),
                field="scorers",
            )
    return wanted


def _told(scorer: Scorer, example: Example) -> float | None:
    try:
        value = scorer.score(example)
    except Exception as error:  # whatever it was: the answer is there, and others have their say
        log.warning("The scorer %s failed: %s", scorer.name, type(error).__name__)
        return None
    return None if value is None or not isfinite(value) else float(value)
