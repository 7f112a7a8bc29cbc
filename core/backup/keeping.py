"""Which backups stay: the newest of each of the last days, weeks and months. Pure."""

from collections.abc import Iterable
from datetime import datetime


def kept(times: Iterable[datetime], daily: int, weekly: int, monthly: int) -> set[datetime]:
    """The times that stay: of the last ``daily`` days with a backup the newest of each, so of ISO weeks
    and of months. The newest of all always stays."""
    newest = sorted(times, reverse=True)
    stay = set(newest[:1])
    rounds = ((daily, _day), (weekly, _week), (monthly, _month))
    for most, period in rounds:
        firsts: dict[tuple[int, ...], datetime] = {}
        for at in newest:
            firsts.setdefault(period(at), at)
        stay |= set(list(firsts.values())[:most])
    return stay


def _day(at: datetime) -> tuple[int, ...]:
    return (at.year, at.month, at.day)


def _week(at: datetime) -> tuple[int, ...]:
    return tuple(at.isocalendar()[:2])


def _month(at: datetime) -> tuple[int, ...]:
    return (at.year, at.month)
