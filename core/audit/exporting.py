"""The log as a file: CSV that a spreadsheet opens right, JSONL for programs. Piece by piece.

CSV is in the reader's language and has before and after as JSON in a cell; JSONL keeps our own words.
Always holds: that the log was exported is a line of the log, written before the first piece is given.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from core.access import allowed
from core.audit import words
from core.audit.reading import Event, Wanted, told
from core.audit.saying import did
from core.errors import InvalidInput
from core.i18n import N_, _, zone
from core.i18n.sheets import MARK, lines, safe

FORMATS = ("csv", "jsonl")
AT_ONCE = 1_000  # lines a query


@allowed("operate")
def export(format: str, wanted: Wanted | None = None) -> Iterator[str]:
    """The lines that fit, newest first, in pieces of a file; ``format`` is csv or jsonl."""
    if format not in FORMATS:
        raise InvalidInput(
            _("The audit log is not exported as “{value}”.").format(value=format),
            field="format",
            hint=_("Use one of: {formats}.").format(formats=", ".join(FORMATS)),
        )
    which = wanted or Wanted()
    did("export", "audit", after={"format": format} | _said(which))
    return _csv(which) if format == "csv" else _jsonl(which)


def plain(event: Event) -> dict[str, Any]:
    """A line as plain data; its time in ISO 8601, UTC."""
    return asdict(event) | {"at": event.at.isoformat()}


def _said(wanted: Wanted) -> dict[str, Any]:
    given = {name: value for name, value in asdict(wanted).items() if value is not None}
    return {n: value if isinstance(value, str) else value.isoformat() for n, value in given.items()}


def _jsonl(wanted: Wanted) -> Iterator[str]:
    for rows in _pages(wanted):
        yield "".join(json.dumps(plain(row), ensure_ascii=False) + "\n" for row in rows)


def _csv(wanted: Wanted) -> Iterator[str]:
    yield MARK + lines([[_(head) for head in COLUMNS]])
    for rows in _pages(wanted):
        yield lines([safe(cell(row)) for cell in COLUMNS.values()] for row in rows)


def _pages(wanted: Wanted) -> Iterator[list[Event]]:
    before = None
    while rows := told(wanted, before, AT_ONCE):
        yield rows
        before = rows[-1].number


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


COLUMNS: dict[str, Callable[[Event], Any]] = {
    N_("Line"): lambda one: one.number,
    N_("When"): lambda one: f"{one.at.astimezone(zone()):%Y-%m-%d %H:%M:%S}",
    N_("Who"): lambda one: words.who(one.person, one.person_id, one.door),
    N_("Where from"): lambda one: words.door(one.door),
    N_("Address"): lambda one: one.address,
    N_("What"): lambda one: words.action(one.action),
    N_("Of what"): lambda one: words.kind(one.kind),
    N_("Called"): lambda one: one.title,
    N_("Assistant"): lambda one: one.assistant,
    N_("Before"): lambda one: _json(one.before),
    N_("After"): lambda one: _json(one.after),
    "action": lambda one: one.action,
    "kind": lambda one: one.kind,
    "person_id": lambda one: one.person_id,
    "token_id": lambda one: one.token_id,
    "object_id": lambda one: one.object_id,
    "assistant_id": lambda one: one.assistant_id,
}
