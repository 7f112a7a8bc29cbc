"""Figures as people read them and as programs take them: in their unit, with names in place of ids.

In: figures, and keys of a breakdown. Out: texts in the reader's language, or plain values whose unit
stands beside them. Always holds: what cannot be told is "–" or null, never 0.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from core import db, i18n
from core.db.tables import Assistant, Document, Topic, Version
from core.i18n import _, number, percent, seconds
from core.metrics.currency import money
from core.metrics.figures import Figure
from core.metrics.measures import MEASURES

NOTHING = "–"
MONDAY = date(2026, 11, 16)


def value(measure: str, n: float | None, digits: int = 1) -> str:
    """A number of this measure in its unit: "85,3%", "1,4 s", "R$ 0,0012"."""
    if n is None:
        return NOTHING
    unit = MEASURES[measure].unit
    if unit == "share":
        return number(n * 100, digits) + "%"
    if unit == "seconds":
        return seconds(n)
    if unit == "dollars":
        return money(n, 2 if abs(n) >= 1 or not n else 4)
    return number(n, digits)


def interval(one: Figure) -> str:
    """ "82,1% – 88,0%"; empty where none can be told."""
    if one.low is None or one.high is None:
        return ""
    return f"{value(one.measure, one.low)} – {value(one.measure, one.high)}"


def change(one: Figure) -> str:
    """Against the time before: in points of a share, in percent of the rest; empty without one."""
    if one.value is None or one.before is None:
        return ""
    by = one.value - one.before
    sign = "+" if by > 0 else "−" if by < 0 else "±"
    if MEASURES[one.measure].unit == "share":
        return _("{sign}{n} points").format(sign=sign, n=number(abs(by) * 100, 1))
    return f"{sign}{percent(abs(by) / abs(one.before))}" if one.before else ""


def plain(one: Figure) -> dict[str, Any]:
    """A figure for programs, with its unit; money in US dollars as stored."""
    told = MEASURES[one.measure]
    return {
        "measure": one.measure,
        "title": _(told.title),
        "unit": told.unit,
        "better": told.better,
        **{name: getattr(one, name) for name in ("value", "low", "high", "n", "thin")},
        **{name: getattr(one, name) for name in ("before", "before_n", "target", "met")},
    }


def names(by: str, keys: Iterable[str]) -> dict[str, str]:
    """What people call the keys of a breakdown; a key without a name is not in it."""
    wanted = [key for key in keys if key]
    if by == "weekday":
        return {key: _weekday(int(key)) for key in wanted}
    if by == "hour":
        return {key: f"{int(key):02d}:00" for key in wanted}
    return _stored(by, wanted)


def _stored(by: str, keys: list[str]) -> dict[str, str]:
    kinds: dict[str, Any] = {
        "assistant": select(Assistant.id, Assistant.name),
        "version": select(Version.id, Assistant.name, Version.number).join(
            Assistant, Assistant.id == Version.assistant_id
        ),
        "document": select(Document.id, Document.name),
        "topic": select(Topic.id, Topic.label),
    }
    if by not in kinds:
        return {}
    key, found = kinds[by].selected_columns[0], dict[str, str]()
    with db.session() as session:
        for start in range(0, len(keys), 500):
            for row in session.execute(kinds[by].where(key.in_(keys[start : start + 500]))):
                found[row[0]] = f"{row[1]} v{row[2]}" if by == "version" else row[1]
    return found


def _weekday(n: int) -> str:
    from babel.dates import format_date

    locale = i18n.language().replace("-", "_")
    return format_date(MONDAY + timedelta(days=n), "EEEE", locale=locale)
