"""Figures of a view: one measure, all of them, over time, and by what the answers have in common.

In: a view. Out: ``Figure`` with its interval, its n, and the same of the time before. Always holds: a
figure of fewer than THIN is marked so; what cannot be told has the value None, never 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from core import access, clock
from core.errors import InvalidInput
from core.i18n import _
from core.metrics import groups, periods, targets
from core.metrics.facts import Frame
from core.metrics.kept import kept
from core.metrics.measures import MEASURES, THIN, Measure, Part
from core.metrics.parts import shared
from core.metrics.review_measures import REVIEWER
from core.metrics.views import Span, View

BY = groups.BY
MOST_POINTS = 1500  # two months by the hour, four years by the day
TIMED = ("answers", "conversations", "judged", "judgements")  # what belongs to a moment

COUNTS = ("answers", "conversations", "waiting")


@dataclass(frozen=True)
class Figure:
    """A measure of a view. ``low`` and ``high`` end its 95 % interval (None: none can be told);
    ``before`` is its value in the time before, ``target`` what it should be; both None without one."""

    measure: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    before: float | None = None
    before_n: int = 0
    target: float | None = None

    @property
    def thin(self) -> bool:
        """Too few for it to mean much; a count is exact however small."""
        return not self.n or (self.n < THIN and self.measure not in COUNTS)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none, or nothing to compare."""
        if self.target is None or self.value is None:
            return None
        up = MEASURES[self.measure].better == "up"
        return self.value >= self.target if up else self.value <= self.target


@dataclass(frozen=True)
class Point:
    """A figure of the time that begins at ``at``."""

    at: datetime
    figure: Figure


@dataclass(frozen=True)
class Row:
    """A figure of what has ``key`` in common (an id or a word, as filters take it)."""

    key: str
    figure: Figure


@access.allowed("metrics")
def overview(view: View, names: Iterable[str] = ()) -> list[Figure]:
    """These measures (all of them) of a view, each with the time before it and its target."""
    measures = [measure(name) for name in names] or list(MEASURES.values())
    wanted, before = targets.held().targets, view.before()
    present = kept(("overview", view, tuple(measures)), lambda: _all_told(measures, view))
    past = kept(("overview", before, tuple(measures)), lambda: _all_told(measures, before))
    return [
        replace(now, before=then.value, before_n=then.n, target=wanted.get(now.measure))
        for now, then in zip(present, past, strict=True)
    ]


@access.allowed("metrics")
def figure(name: str, view: View) -> Figure:
    """One measure of a view. Raises InvalidInput for a measure that is none."""
    return overview(view, [name])[0]


@access.allowed("metrics")
def series(name: str, view: View, grain: str = "") -> list[Point]:
    """A measure over time, oldest first: by hour, day, week or month; "" takes what fits the period.
    A time without any answer stands there with n 0. Nothing before the first answer is told."""
    one = measure(name)
    if grain and grain not in periods.GRAINS:
        raise _no_grain(grain)
    return kept(("series", view, name, grain), lambda: _series(one, shared(view), view, grain))


@access.allowed("metrics")
def breakdown(name: str, by: str, view: View) -> list[Row]:
    """A measure by what its answers have in common, the most answers first.

    Raises InvalidInput for a measure or a ``by`` that is none.
    """
    one = measure(name)
    if by == REVIEWER:  # who did how much is told to those who lead them
        access.demand("lead")
    if by not in (*BY, *one.by):
        raise InvalidInput(
            _("“{value}” is nothing that answers have in common.").format(value=by[:60]),
            field="by",
            hint=", ".join((*BY, *one.by)),
        )
    return kept(("breakdown", view, name, by), lambda: _breakdown(one, by, shared(view)))


def measure(name: str) -> Measure:
    """A measure by its name. Raises InvalidInput for one that is none."""
    if name not in MEASURES:
        raise InvalidInput(
            _("“{value}” is no measure.").format(value=name[:60]),
            field="measure",
            hint=", ".join(MEASURES),
        )
    return MEASURES[name]


def _all_told(measures: Iterable[Measure], view: View | None) -> list[Figure]:
    if view is None:
        return [Figure(one.name, None, None, None, 0) for one in measures]
    of = shared(view)
    return [told(one, of) for one in measures]


def told(one: Measure, of: Part) -> Figure:
    """A measure of a part of the facts."""
    found = one.formula(of)
    if found is None:
        return Figure(one.name, None, None, None, 0)
    return Figure(one.name, found.value, found.low, found.high, found.n)


def _series(one: Measure, of: Part, view: View, grain: str) -> list[Point]:
    times = [at for name in TIMED if len(at := getattr(of, name)["at"])]  # each in its order
    if not times:
        return []
    span = view.span()
    first = max(span.since.timestamp(), min(float(at[0]) for at in times))
    last = min(span.until.timestamp(), max(float(at[-1]) for at in times) + 1)
    starts = periods.starts(first, last if view.period == "all" else _end(span), grain)
    if len(starts) > MOST_POINTS:
        raise _too_many(len(starts))
    edges = [at.timestamp() for at in starts]
    pieces = {name: _cut(getattr(of, name), edges) for name in TIMED}
    ends = [*edges[1:], _end(span)]
    parts: list[dict[str, Any]] = [
        {name: frames[n] for name, frames in pieces.items()} for n in range(len(starts))
    ]
    return [
        Point(at, told(one, replace(of, until=end, **frames)))
        for at, end, frames in zip(starts, ends, parts, strict=True)
    ]


def _end(span: Span) -> float:
    return min(span.until.timestamp(), clock.now().timestamp() + 1)


def _cut(frame: Frame, edges: list[float]) -> list[Frame]:
    """The rows of each time, which begins at one edge and ends at the next."""
    import numpy as np

    bounds = [*np.searchsorted(frame["at"], edges), len(frame)]
    return [frame.rows(slice(*ends)) for ends in pairwise(bounds)]


def _breakdown(one: Measure, by: str, of: Part) -> list[Row]:
    """By what conversations have as well where the measure is of these; else by their answers."""
    split = groups.groups(of, by)
    rows = [Row(key, told(one, group)) for key, group in split if len(getattr(group, one.of))]
    return sorted(rows, key=lambda row: (-row.figure.n, row.key))


def _too_many(n: int) -> InvalidInput:
    return InvalidInput(
        _("This would be {n} points; at most {most} are told.").format(n=n, most=MOST_POINTS),
        field="grain",
        hint=_("Take a longer time for each, or a shorter period."),
    )


def _no_grain(grain: str) -> InvalidInput:
    return InvalidInput(
        _("“{value}” is no length of time for a chart.").format(value=grain[:60]),
        field="grain",
        hint=", ".join(periods.GRAINS),
    )
