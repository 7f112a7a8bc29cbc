"""A measure over time as a chart shows it: by a time that tells something, each point with its words.

In: a measure and a view. Out: points, and what the time of each is called and spans. Always holds: the
time is the shortest of which most points are not thin, as long as FEWEST are left.
"""

from datetime import date, datetime, timedelta

from core import i18n
from core.i18n import _
from core.metrics.figures import Point, series
from core.metrics.periods import GRAINS
from core.metrics.views import View

FEWEST = 3  # points of a line
HOUR = timedelta(hours=1)


def course(name: str, view: View) -> list[Point]:
    """The points of a measure, by the time that fits it."""
    told = series(name, view)
    for longer in GRAINS[GRAINS.index(grain(told)) + 1 :]:
        full = [point for point in told if point.figure.n]
        if 2 * sum(point.figure.thin for point in full) <= len(full):
            break
        wider = series(name, view, longer)
        if len(wider) < FEWEST:
            break
        told = wider
    return told


def grain(told: list[Point]) -> str:
    """Which times these points are of."""
    if len(told) < 2:
        return "day"
    step = told[1].at - told[0].at
    days = step.total_seconds() / 86_400
    return "hour" if step == HOUR else "day" if days < 2 else "week" if days < 10 else "month"


def local(at: datetime) -> datetime:
    """A moment as the reader's clock shows it, without its zone."""
    return at.astimezone(i18n.zone()).replace(tzinfo=None)


def days(view: View, told: list[Point], n: int) -> tuple[date, date]:
    """The first and the last day of a point."""
    at = told[n].at
    first = local(
        at if view.period == "all" else max(at, view.span().since)
    )  # a week may begin earlier
    if n + 1 < len(told):
        last = local(told[n + 1].at) - timedelta(days=1)
    else:
        last = local(view.span().until) - timedelta(microseconds=1)
    return first.date(), max(first, last).date()


def narrower(view: View, told: list[Point], n: int) -> dict[str, str]:
    """What narrows a view to the time of a point: its days, of an hour also the hour."""
    at = local(told[n].at)
    if grain(told) == "hour":
        return {"period": f"{at.date()}..{at.date()}", "hour": str(at.hour)}
    first, last = days(view, told, n)
    return {"period": f"{first}..{last}"}


def when(view: View, told: list[Point], n: int) -> str:
    """The time of a point in words."""
    if grain(told) == "hour":
        return i18n.moment(told[n].at)
    first, last = days(view, told, n)
    if grain(told) == "day" or first == last:
        return i18n.day(first)
    return _("{first} to {last}").format(first=i18n.day(first), last=i18n.day(last))
