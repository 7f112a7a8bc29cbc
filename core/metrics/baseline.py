"""Figures held against a baseline: the version that others are meant to be better than.

In: a view, and what is set (which version, how much better). Out: for each measure with such a target
the figure of all other versions in the view, that of the baseline in all time with the same filters,
and the change from this to that. Always holds: no answer of the baseline is in the figure of the others.
"""

from dataclasses import dataclass, replace

from core import access
from core.metrics import targets
from core.metrics.figures import Figure, told
from core.metrics.formulas import Part
from core.metrics.kept import kept
from core.metrics.measures import MEASURES
from core.metrics.parts import shared
from core.metrics.views import View


@dataclass(frozen=True)
class Held:
    """``now`` and ``then`` (the baseline's); ``target`` is the change that is meant: -0.6 is 60 % less."""

    measure: str
    now: Figure
    then: Figure
    target: float

    @property
    def change(self) -> float | None:
        """The share by which it is more than the baseline; None where that cannot be told."""
        if self.now.value is None or not self.then.value:
            return None
        return self.now.value / self.then.value - 1

    @property
    def thin(self) -> bool:
        """Too few on either side for it to mean much."""
        return self.now.thin or self.then.thin

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is nothing to compare."""
        if self.change is None:
            return None
        return self.change >= self.target if self.target > 0 else self.change <= self.target


@access.allowed("metrics")
def against(view: View) -> list[Held]:
    """The measures that have a target against the baseline; none without a baseline."""
    held = targets.held()
    if not held.baseline:
        return []
    return [
        _held(view, held.baseline, name, target)
        for name, target in held.against.items()
        if name in MEASURES
    ]


def _held(view: View, baseline: str, name: str, target: float) -> Held:
    of = replace(view, period="all", version=baseline)
    now = kept(
        ("others", view, baseline, name),
        lambda: told(MEASURES[name], _without(shared(view), baseline)),
    )
    then = kept(("baseline", of, name), lambda: told(MEASURES[name], shared(of)))
    return Held(name, now, then, target)


def _without(of: Part, version: str) -> Part:
    """The part without the answers of a version, and without conversations that had no others."""
    import numpy as np

    others = of.answers.rows(of.answers["version"] != of.code("version", version))
    left = np.isin(of.conversations["conversation"], np.unique(others["conversation"]))
    return replace(of, answers=others, conversations=of.conversations.rows(left))
