"""Which conversations and answers the figures are of: a period and what narrows it.

In: words, as they stand in an address (``?period=30d&assistant=...``). Out: a ``View``, and its
``Span`` in time. Always holds: a view is a value, equal views give equal figures; days are days of
the reader's time zone, also those that have 23 or 25 hours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from core import clock, i18n
from core.errors import InvalidInput
from core.i18n import N_, _

PERIODS = {
    "24h": N_("last 24 hours"),
    "7d": N_("last 7 days"),
    "30d": N_("last 30 days"),
    "90d": N_("last 90 days"),
    "365d": N_("last 365 days"),
    "this-month": N_("this month"),
    "last-month": N_("last month"),
    "all": N_("all"),
}
USUAL = "30d"
BETWEEN = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
DATA = ("", "real", "sample")


@dataclass(frozen=True)
class Span:
    """From ``since`` (included) to ``until`` (not)."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.until - self.since


@dataclass(frozen=True)
class View:
    """What is left out ("") does not matter. ``period``: one of PERIODS, or 2026-03-01..2026-03-31,
    the last day included. Ids for assistant and version; ``topic`` and ``document`` too; ``mode``,
    ``channel``, ``tier``, ``language`` (of the answer) as stored; ``outcome`` of the answer;
    ``weekday`` 0 (Monday) to 6 and ``hour`` 0 to 23 in the reader's zone; ``data``: real or sample."""

    period: str = USUAL
    assistant: str = ""
    version: str = ""
    channel: str = ""
    mode: str = ""
    tier: str = ""
    language: str = ""
    data: str = ""
    topic: str = ""
    document: str = ""
    outcome: str = ""
    weekday: str = ""
    hour: str = ""

    def __post_init__(self) -> None:
        span(self.period)
        if self.data not in DATA:
            raise InvalidInput(
                _("“{value}” is neither real nor sample.").format(value=self.data), field="data"
            )
        for name, most in (("weekday", 6), ("hour", 23)):
            told = getattr(self, name)
            if told and not (told.isdecimal() and int(told) <= most):
                raise InvalidInput(
                    _("“{value}” is no number from 0 to {most}.").format(value=told, most=most),
                    field=name,
                )

    def span(self) -> Span:
        """Its period in time, as of now."""
        return span(self.period)

    def before(self) -> "View | None":
        """The same of the time before, of the same length; None where there is none."""
        if self.period == "all":
            return None
        return replace(self, period=_before(self.period))

    def narrowed(self, **more: str) -> "View":
        """The same, narrower."""
        return replace(self, **more)

    def said(self) -> dict[str, str]:
        """What is not as usual, as it stands in an address."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in told.items() if value and value != _USUAL[name]}


_USUAL = {one.name: one.default for one in fields(View)}
NAMES = tuple(_USUAL)


def view(said: Mapping[str, str]) -> View:
    """The view that an address names; what it says of other things is left alone.

    Raises InvalidInput, naming what cannot be.
    """
    return View(**{name: said[name] for name in NAMES if said.get(name)})


def span(period: str) -> Span:
    """A period in time. Raises InvalidInput for one that cannot be."""
    zone, now = i18n.zone(), clock.now()
    today = now.astimezone(zone).date()
    if period == "all":
        return Span(datetime(1970, 1, 1, tzinfo=UTC), now + timedelta(seconds=1))
    if found := re.fullmatch(r"([1-9]\d{0,3})h", period):
        return Span(now - timedelta(hours=int(found[1])), now + timedelta(seconds=1))
    if found := re.fullmatch(r"([1-9]\d{0,3})d", period):
        return _days(today - timedelta(days=int(found[1]) - 1), today, zone)
    if period == "this-month":
        return _days(today.replace(day=1), today, zone)
    if period == "last-month":
        last = today.replace(day=1) - timedelta(days=1)
        return _days(last.replace(day=1), last, zone)
    if found := BETWEEN.fullmatch(period):
        return _between(found[1], found[2], zone)
    raise _no_period(period)


def _between(first: str, last: str, zone: tzinfo) -> Span:
    period = f"{first}..{last}"
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise _no_period(period) from None
    if days[0] > days[1] or not 1970 <= days[0].year <= days[1].year <= 9000:
        raise _no_period(period)
    return _days(*days, zone)


def _no_period(period: str) -> InvalidInput:
    return InvalidInput(
        _("“{value}” is no period.").format(value=period[:60]),
        field="period",
        hint=_("Take one of {periods}, or two days such as 2026-03-01..2026-03-31.").format(
            periods=", ".join(PERIODS)
        ),
    )


def _days(first: date, last: date, zone: tzinfo) -> Span:
    begin = datetime.combine(first, time(), zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    return Span(begin, end)


def _before(period: str) -> str:
    """The period before, as two days; hours have none as words, so they are told by days."""
    zone, told = i18n.zone(), span(period)
    first = told.since.astimezone(zone).date()
    if period in ("this-month", "last-month"):
        last = first - timedelta(days=1)
        return f"{last.replace(day=1)}..{last}"
    days = max(1, (told.until.astimezone(zone).date() - first).days)
    return f"{first - timedelta(days=days)}..{first - timedelta(days=1)}"
