"""What another bot has already said enters the loop: one by one or in bulk, twice is harmless."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, db
from core.chat.conversations import conversation, create
from core.db.tables import Conversation, Message
from core.errors import InvalidInput
from core.i18n import _

ROLES = ("user", "assistant", "system")
MAX_TEXT = 100_000


@dataclass(frozen=True)
class Said:
    """One message of an outside conversation; ``latency`` in seconds."""

    role: str
    text: str
    created_at: datetime | None = None
    external_id: str | None = None
    model: str = ""
    latency: float | None = None


@dataclass(frozen=True)
class Imported:
    """What an import did: conversations touched, messages added, messages already there."""

    conversations: int
    added: int
    known: int


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
    key = row["external_id"]
    talk = create(
        assistant,
        channel=str(row.get("channel") or "import"),
        external_id=key,
        user_id=row.get("user_id") and str(row["user_id"]),
        user_tier=row.get("user_tier"),
        title=str(row.get("title") or ""),
    )
    said = [_said(raw, f"{key}:{i}", number) for i, raw in enumerate(row["messages"])]
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
    if one.role not in ROLES:
        raise InvalidInput(
            _("Message {n}: the role “{value}” is not one of {roles}.").format(
                n=number, value=one.role, roles=", ".join(ROLES)
            ),
            field="role",
        )
    if not one.text.strip() or len(one.text) > MAX_TEXT:
        raise InvalidInput(
            _("Message {n}: the text has {length} characters; 1 to {most} fit.").format(
                n=number, length=len(one.text), most=MAX_TEXT
            ),
            field="text",
        )
    if one.latency is not None and not 0 <= one.latency < 86_400:
        raise InvalidInput(
            _("Message {n}: the latency {value} is not a number of seconds in a day.").format(
                n=number, value=one.latency
            ),
            field="latency",
        )


def _parsed(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise _bad_line(number, str(error)) from None
    if not isinstance(row, dict) or not isinstance(row.get("messages"), list):
        raise _bad_line(number, _("“messages” must be a list"))
    if not isinstance(row.get("external_id"), str) or not row["external_id"]:
        raise _bad_line(number, _("“external_id” must be a text"))
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
        model=str(raw.get("model") or ""),
        latency=float(latency) if isinstance(latency, int | float) else None,
    )


def _time(value: Any, number: int) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise _bad_line(number, _("“{value}” is not a time").format(value=value)) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _bad_line(number: int, why: str) -> InvalidInput:
    return InvalidInput(
        _("Line {n} cannot be imported: {why}.").format(n=number, why=why),
        field="line",
        hint=_("The lines before it are imported; mend it and import the file again."),
    )
