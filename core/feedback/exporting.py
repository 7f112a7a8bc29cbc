"""Feedback as a file: CSV that Excel opens right, JSONL for programs. Row by row, however many.

CSV is in the reader's language (words, times, separator), begins with a byte order mark, and no cell
of it can be taken for a formula. JSONL keeps our own words, and times in UTC.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from core import audit
from core.access import allowed
from core.errors import InvalidInput
from core.feedback.kinds import title
from core.feedback.listing import Entry, every
from core.feedback.wanted import Wanted
from core.i18n import N_, _, zone
from core.i18n.sheets import MARK, lines, safe

FORMATS = ("csv", "jsonl")
AT_ONCE = 2_000  # rows a query: a few MB
SAID = {
    "up": N_("This helped"),
    "down": N_("This did not help"),
    "problem": N_("Problem"),
    "conversation": N_("Whole conversation"),
}


@allowed("read")
def export(format: str, wanted: Wanted | None = None) -> Iterator[str]:
    """The feedback that fits, newest first, in pieces of a file; ``format`` is csv or jsonl."""
    if format not in FORMATS:
        raise InvalidInput(
            _("Feedback is not exported as “{value}”.").format(value=format),
            field="format",
            hint=_("Use one of: {reasons}.").format(reasons=", ".join(FORMATS)),
        )
    audit.did("export", "feedback", assistant_id=(wanted or Wanted()).assistant_id or "")
    return _csv(wanted) if format == "csv" else _jsonl(wanted)


def plain(row: Entry) -> dict[str, Any]:
    """An entry as plain data; its time in ISO 8601, UTC."""
    return asdict(row) | {"created_at": row.created_at.isoformat()}


def said(row: Entry) -> str:
    """What kind of word it is, in the reader's language."""
    return _(SAID[row.rating or row.kind])


def _jsonl(wanted: Wanted | None) -> Iterator[str]:
    for rows in _pages(wanted):
        yield "".join(json.dumps(plain(row), ensure_ascii=False) + "\n" for row in rows)


def _csv(wanted: Wanted | None) -> Iterator[str]:
    yield MARK + lines([[_(head) for head in COLUMNS]])
    for rows in _pages(wanted):
        yield lines([safe(cell(row)) for cell in COLUMNS.values()] for row in rows)


def _pages(wanted: Wanted | None) -> Iterator[list[Entry]]:
    found = every(wanted or Wanted(), AT_ONCE)
    while rows := list(islice(found, AT_ONCE)):
        yield rows


COLUMNS: dict[str, Callable[[Entry], Any]] = {
    N_("When"): lambda row: f"{row.created_at.astimezone(zone()):%Y-%m-%d %H:%M:%S}",
    N_("Feedback"): said,
    N_("Reasons"): lambda row: ", ".join(title(name) for name in row.reasons),
    N_("Problem"): lambda row: title(row.problem or ""),
    N_("Stars"): lambda row: row.stars,
    N_("Solved"): lambda row: row.solved,
    N_("Comment"): lambda row: row.text,
    N_("Question"): lambda row: row.question,
    N_("Answer"): lambda row: row.answer,
    N_("Section most cited"): lambda row: row.topic,
    N_("Version"): lambda row: row.version,
    N_("Channel"): lambda row: row.channel,
    N_("Who"): lambda row: row.person or row.user_id,
    N_("Sample data"): lambda row: row.sample,
    "assistant_id": lambda row: row.assistant_id,
    "conversation_id": lambda row: row.conversation_id,
    "message_id": lambda row: row.message_id,
}
