"""The hours, days, weeks and months of a chart, as the reader's calendar has them.

In: two moments. Out: where each begins, oldest first. Always holds: a day begins at midnight of the
reader's zone and may have 23 or 25 hours; a week begins on Monday.
"""

from datetime import UTC, date, datetime, time, timedelta

from core import i18n

GRAINS = ("hour", "day", "week", "month")
MOST = 92  # points in a chart: more are drawn by the next longer time
HOURS = 49  # up to two days are drawn by the hour


def fitting(since: float, until: float) -> str:
    """The shortest time that gives no more than MOST points."""
    hours = (until - since) / 3600
    if hours <= HOURS:
        return "hour"
    days = hours / 24
    return "day" if days <= MOST else "week" if days <= 7 * MOST else "month"


def starts(since: float, until: float, grain: str = "") -> list[datetime]:
    """Where each time begins from the one that holds ``since`` to the last before ``until`` (seconds
    since 1970)."""
    grain = grain or fitting(since, until)
    if grain == "hour":
        first = int(since // 3600)
        last = max(first, int((until - 0.001) // 3600))
        return [datetime.fromtimestamp(3600 * n, UTC) for n in range(first, last + 1)]
    zone = i18n.zone()
    at = _first(datetime.fromtimestamp(since, zone).date(), grain)
    found: list[datetime] = []
    while not found or _midnight(at).timestamp() < until:
        found.append(_midnight(at))
        at = _next(at, grain)
    return found


def _first(day: date, grain: str) -> date:
    if grain == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == "month" else day


def _next(day: date, grain: str) -> date:
    if grain == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if grain == "week" else 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), i18n.zone()).astimezone(UTC)
