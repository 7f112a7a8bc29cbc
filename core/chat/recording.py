"""What another bot has already said enters the loop: one by one or in bulk, twice is harmless."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, db
from core.access import allowed
from core.chat.conversations import conversation, create
from core.db.tables import Conversation, Message
from core.errors import InvalidInput
from core.i18n import _

ROLES = ("user", "assistant", "system")
MAX_TEXT = 100_000
MAX_NAME = 200  # of ids and models: the columns' width
CHANNEL = 20  # that of channels and tiers
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before that no bot spoke; a wrong unit, rather
AHEAD = timedelta(days=1)  # clocks differ; more than that is a mistake


@dataclass(frozen=True)
class Said:
    """One message of an outside conversation; ``latency`` in seconds."""

    role: str
    text: str
    created_at: datetime | None = None
    external_id: str | None = None
    channel: str = ""
    model: str = ""
    latency: float | None = None


@dataclass(frozen=True)
class Imported:
    """What an import did: conversations touched, messages added, messages already there."""

    conversations: int
    added: int
    known: int


@allowed("ask")
def record(conversation_id: str, said: Sequence[Said]) -> list[Message]:
    """Append messages to a conversation; one whose ``external_id`` is known is given back as it is.

    Raises InvalidInput naming the first bad one, and then nothing is stored.
    """
    for number, one in enumerate(said, 1):
        _check(one, number)
    conversation(conversation_id)
    with db.writing() as session:
        talk = session.get_one(Conversation, conversation_id)
        return [_append(session, talk, one) for one in said]


@allowed("change")
def import_jsonl(lines: Iterable[str], assistant: str | None = None) -> Imported:
    """Import conversations, one JSON object a line; the same file twice adds nothing.

    A line: {"external_id", "channel"?, "user_id"?, "user_tier"?, "title"?, "messages": [{"role",
    "text", "created_at"?, "external_id"?, "model"?, "latency"?}]}. Raises InvalidInput naming the
    line; the lines before it stay imported.
    """
    talks = added = known = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        new, old = _import_line(line, number, assistant)
        talks, added, known = talks + 1, added + new, known + old
    return Imported(talks, added, known)


def _import_line(line: str, number: int, assistant: str | None) -> tuple[int, int]:
    row = _parsed(line, number)
    said = [
        _said(raw, f"{row['external_id']}:{i}", number) for i, raw in enumerate(row["messages"])
    ]
    for place, one in enumerate(said, 1):
        _check(one, place)
    talk = create(
        assistant,
        channel=row.get("channel") or "import",
        external_id=row["external_id"],
        user_id=row.get("user_id") and str(row["user_id"]),
        user_tier=row.get("user_tier"),
        title=row.get("title") or "",
    )
    with db.session() as session:
        before = len(_known(session, talk.id, [s.external_id for s in said]))
    record(talk.id, said)
    return len(said) - before, before


def _append(session: Session, talk: Conversation, one: Said) -> Message:
    known = _known(session, talk.id, [one.external_id])
    if known:
        return known[0]
    answers = one.role == "assistant"
    message = Message(
        conversation_id=talk.id,
        parent_id=talk.leaf_id,
        role=one.role,
        text=one.text,
        channel=one.channel or talk.channel,
        external_id=one.external_id,
        created_at=one.created_at or clock.now(),
        outcome="answered" if answers else None,
        provider="external" if answers else "",
        model_name=one.model if answers else "",
        routing_reason="external" if answers else "",
        total_seconds=one.latency if answers else None,
    )
    session.add(message)
    session.flush()
    talk.leaf_id = message.id
    talk.updated_at = max(talk.updated_at, message.created_at)
    talk.title = talk.title or " ".join(one.text.split())[:80]
    return message


def _known(session: Session, conversation_id: str, ids: Sequence[str | None]) -> list[Message]:
    wanted = [id_ for id_ in ids if id_]
    query = select(Message).where(
        Message.conversation_id == conversation_id, Message.external_id.in_(wanted)
    )
    return list(session.scalars(query)) if wanted else []


def _check(one: Said, number: int) -> None:
    """InvalidInput naming the first value of message ``number`` that cannot be taken."""
    at = one.created_at
    checks: list[tuple[str, Any, bool]] = [
        ("role", one.role, one.role in ROLES),
        ("text", f"{one.text[:40]}…", bool(one.text.strip()) and len(one.text) <= MAX_TEXT),
        ("latency", one.latency, one.latency is None or 0 <= one.latency < 86_400),
        ("created_at", at, at is None or EARLIEST <= at <= clock.now() + AHEAD),
        ("external_id", one.external_id, len(one.external_id or "") <= MAX_NAME),
        ("model", one.model, len(one.model) <= MAX_NAME),
        ("channel", one.channel, len(one.channel) <= CHANNEL),
    ]
    for field, value, holds in checks:
        if not holds:
            raise InvalidInput(
                _("Message {n}: “{value}” cannot be taken as {field}.").format(
                    n=number, value=value, field=field
                ),
                field=field,
            )


def _parsed(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
        line.encode()
        json.dumps(row, ensure_ascii=False).encode()  # escaped lone surrogates fail here
    except (ValueError, RecursionError) as error:
        raise _bad_line(number, str(error)) from None
    if not isinstance(row, dict) or not isinstance(row.get("messages"), list):
        raise _bad_line(number, _("“messages” must be a list"))
    for name, most in (("external_id", MAX_NAME), ("channel", CHANNEL), ("user_tier", CHANNEL)):
        value = row.get(name)
        missing = value is None and name != "external_id"
        if not missing and not (isinstance(value, str) and 0 < len(value) <= most):
            why = _("“{name}” must be a text of 1 to {most} characters")
            raise _bad_line(number, why.format(name=name, most=most))
    if not isinstance(row.get("title") or "", str):
        raise _bad_line(number, _("“title” must be a text"))
    return row


def _said(raw: Any, fallback_id: str, number: int) -> Said:
    if not isinstance(raw, dict):
        raise _bad_line(number, _("a message must be an object"))
    latency = raw.get("latency")
    return Said(
        role=str(raw.get("role", "")),
        text=str(raw.get("text", "")).replace("\x00", ""),
        created_at=_time(raw.get("created_at"), number),
        external_id=str(raw.get("external_id") or fallback_id),
        channel=str(raw.get("channel") or ""),
        model=str(raw.get("model") or ""),
        latency=float(latency) if isinstance(latency, int | float) else None,
    )


def _time(value: Any, number: int) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(str(value))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _bad_line(number, _("“{value}” is not a time").format(value=value)) from None


def _bad_line(number: int, why: str) -> InvalidInput:
    return InvalidInput(
        _("Line {n} cannot be imported: {why}.").format(n=number, why=why),
        field="line",
        hint=_("The lines before it are imported; mend it and import the file again."),
    )
