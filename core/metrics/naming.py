"""What the keys of a breakdown are called: assistants, versions, documents, topics, weekdays and words.

In: a word of BY and keys of it. Out: a name for each, in the reader's language; a key that nobody knows
any more (its thing was removed) is named so. Always holds: names are plain text, to be escaped by whoever
shows them.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from core import access, db, i18n
from core.annotation import DEFAULT_RUBRIC
from core.db.tables import Assistant, Document, Person, Topic, Version
from core.i18n import N_, _

TITLES = {
    "assistant": N_("Assistant"),
    "version": N_("Version"),
    "model": N_("Model"),
    "channel": N_("Channel"),
    "mode": N_("Way of answering"),
    "tier": N_("Tier"),
    "language": N_("Language"),
    "topic": N_("Topic"),
    "outcome": N_("Outcome"),
    "error": N_("What failed"),
    "fallback": N_("Fallback"),
    "document": N_("Document"),
    "weekday": N_("Weekday"),
    "hour": N_("Hour"),
    "reviewer": N_("Reviewer"),
    "criterion": N_("Criterion"),
    "judge": N_("Judge model"),
}
OUTCOMES = {
    "answered": N_("answered"),
    "related": N_("related passages only"),
    "not_found": N_("not in the documents"),
    "cut_off": N_("cut off"),
    "error": N_("failed"),
}
CHANNELS = {
    "web": N_("this page"),
    "whatsapp": "WhatsApp",
    "site": N_("site"),
    "api": "API",
    "cli": N_("command line"),
    "sample": N_("sample"),
    "import": N_("imported"),
}
CRITERIA = {one["name"]: one["title"] for one in DEFAULT_RUBRIC}  # others are called by their name
NOTHING = {"mode": N_("plain"), "topic": N_("no topic yet"), "tier": N_("no tier told")}
MONDAY = date(2024, 1, 1)
AT_ONCE = 500


def names(by: str, keys: Iterable[str]) -> dict[str, str]:
    """The name of each key."""
    listed = list(dict.fromkeys(keys))
    known = _STORED[by](listed) if by in _STORED else {}
    return {key: known.get(key) or _word(by, key) for key in listed}


def _word(by: str, key: str) -> str:
    if by in _STORED and key:
        return _("(removed)")
    if not key:
        return _(NOTHING.get(by, N_("none")))
    if by == "weekday":
        return weekday(int(key))
    if by == "hour":
        return hour(int(key))
    if by == "language":
        return i18n.LANGUAGES.get(key, key)
    if by == "model":
        return _("Ciclo’s own engine") if key.startswith("embedded:") else key
    words = {"outcome": OUTCOMES, "channel": CHANNELS, "criterion": CRITERIA}.get(by, {})
    return _(words[key]) if key in words else key


def weekday(n: int, short: bool = False) -> str:
    """0 is Monday."""
    from babel.dates import format_date

    pattern = "EEE" if short else "EEEE"
    locale = i18n.language().replace("-", "_")
    return format_date(MONDAY + timedelta(days=n), pattern, locale=locale).rstrip(".")


def hour(n: int) -> str:
    """An hour of the day as the reader says it: "14h", "2 PM"."""
    if i18n.language() == "pt-BR":
        return f"{n}h"
    return f"{n % 12 or 12} {'AM' if n < 12 else 'PM'}"


def _rows(query: Any, column: Any, keys: list[str]) -> list[Any]:
    with db.session() as session:
        pieces = [keys[n : n + AT_ONCE] for n in range(0, len(keys), AT_ONCE)]
        return [row for piece in pieces for row in session.execute(query.where(column.in_(piece)))]


def _assistants(keys: list[str]) -> dict[str, str]:
    query = select(Assistant.id, Assistant.name).where(access.seen(Assistant.id))
    return dict(_rows(query, Assistant.id, keys))


def _versions(keys: list[str]) -> dict[str, str]:
    query = select(Version.id, Assistant.name, Version.number).join(
        Assistant, Assistant.id == Version.assistant_id
    )
    query = query.where(access.seen(Assistant.id))
    called = _("{name}, version {n}")
    return {k: called.format(name=name, n=n) for k, name, n in _rows(query, Version.id, keys)}


def _documents(keys: list[str]) -> dict[str, str]:
    query = select(Document.id, Document.name, Document.removed_at)
    query = query.where(access.seen(Document.assistant_id))
    return {
        key: name if removed is None else _("{name} (removed)").format(name=name)
        for key, name, removed in _rows(query, Document.id, keys)
    }


def _topics(keys: list[str]) -> dict[str, str]:
    query = select(Topic.id, Topic.label).where(access.seen(Topic.assistant_id))
    return dict(_rows(query, Topic.id, keys))


def _reviewers(keys: list[str]) -> dict[str, str]:
    with db.session() as session:
        people = session.scalars(select(Person).where(Person.id.in_(keys)))
        return {person.id: access.called(person) for person in people}


_STORED = {
    "assistant": _assistants,
    "version": _versions,
    "document": _documents,
    "topic": _topics,
    "reviewer": _reviewers,
}
