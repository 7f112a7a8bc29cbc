"""Traces read back: one answer step by step, many by what they have in common; and the sweeping.

In: an answer's id, or a ``Wanted``. Out: ``Traced``. Always holds: a prompt is shown as it was sent,
personal data masked, until it is swept after ``CICLO_TRACE_DAYS``; the steps and their times stay with
the answer.
"""

import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import aliased

from core import access, audit, clock, db
from core.access import allowed
from core.chat import looking
from core.chat.covering import covered
from core.chat.reading import no_answer
from core.config import settings
from core.db.tables import Conversation, Message, Trace, Version

SWEPT_AT_ONCE = 500  # rows a transaction: nobody waits long for the write lock


@dataclass(frozen=True)
class Wanted:
    """Which answers; what is left out does not matter.

    ``reason`` is a routing reason or its first word ("fallback" is every fallback);
    ``slower_than`` in seconds; ``since`` is included, ``until`` is not; ``sample``: sample data alone
    (True) or none of it.
    """

    assistant_id: str | None = None
    outcome: str | None = None
    version_id: str | None = None
    provider: str | None = None
    model_name: str | None = None
    reason: str | None = None
    error_code: str | None = None
    slower_than: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    sample: bool | None = None


@dataclass(frozen=True)
class Traced:
    """An answer, the question it answers, and how it came about.

    ``spans`` are empty where the answer was given before there were traces; ``prompt`` is None once
    swept, and in lists.
    """

    answer: Message
    question: str
    assistant_id: str
    sample: bool
    spans: list[dict[str, Any]]
    prompt: list[dict[str, Any]] | None = None
    dropped: list[Any] | None = None


@access.there
def trace(answer_id: str) -> Traced:
    """How the answer with this id came about; NotFound where there is none, NotAllowed where it is of
    somebody else's conversation."""
    wanted = _answers(Trace.prompt, Trace.dropped, Conversation.person_id).where(
        Message.id == answer_id
    )
    with db.session() as session:
        row = session.execute(wanted).first()
    if row is None:
        raise no_answer(answer_id)
    access.demand_unless_own(row.person_id)
    if _unmasked(row.Message) and not row.is_sample:
        looking.theirs("trace", answer_id, row.assistant_id, row.person_id)
    prompt = unpacked(row.prompt) if row.prompt else None
    found = Traced(
        row.Message,
        row.question,
        row.assistant_id,
        row.is_sample,
        row.spans or [],
        prompt,
        row.dropped,
    )
    return covered(found)


@allowed("read")
def traces(
    wanted: Wanted | None = None, *, limit: int = 50, after: tuple[datetime, str] | None = None
) -> list[Traced]:
    """The ended answers that fit, newest first; ``after`` is (created_at, id) of the last one seen."""
    query = _narrowed(_answers(), wanted or Wanted())
    query = query.where(Message.state == "done", Conversation.removed_at.is_(None))
    query = query.where(access.seen(Conversation.assistant_id))
    if after:
        at, id_ = after
        same = (Message.created_at == at) & (Message.id < id_)
        # the first condition follows from the second, and is one that an index knows how to begin at
        query = query.where(Message.created_at <= at, (Message.created_at < at) | same)
    newest = query.order_by(Message.created_at.desc(), Message.id.desc()).limit(limit)
    with db.session() as session:
        rows = session.execute(newest).all()
    if settings().show_personal_data and not all(row.is_sample for row in rows):
        of = (wanted or Wanted()).assistant_id or ""
        audit.looked("traces", of, of)
    return [
        covered(Traced(row.Message, row.question, row.assistant_id, row.is_sample, row.spans or []))
        for row in rows
    ]


def _unmasked(answer: Message) -> bool:
    """Whether its trace shows words as they were: how a model thought is shown as it thought."""
    return settings().show_personal_data or bool(answer.reasoning)


def speakers() -> list[tuple[str, str]]:
    """(provider, model) of everybody who ever answered, by name."""
    asked = select(Message.provider, Message.model_name).where(Message.version_id.is_not(None))
    if not access.sees_all():
        theirs = select(Version.id).where(access.seen(Version.assistant_id))
        asked = asked.where(Message.version_id.in_(theirs))
    with db.session() as session:
        return sorted((row.provider, row.model_name) for row in session.execute(asked.distinct()))


def sweep() -> int:
    """Let go of the prompts that are older than ``CICLO_TRACE_DAYS``; how many there were."""
    oldest = clock.now() - timedelta(days=settings().trace_days)
    old = select(Trace.message_id).where(Trace.prompt.is_not(None), Trace.created_at < oldest)
    swept = 0
    while True:
        with db.session() as session:
            ids = session.scalars(old.limit(SWEPT_AT_ONCE)).all()
        if not ids:
            return swept
        with db.writing() as session:
            session.execute(update(Trace).where(Trace.message_id.in_(ids)).values(prompt=None))
        swept += len(ids)


def unpacked(prompt: bytes) -> list[dict[str, Any]]:
    """The messages as they were sent: [{"role", "content"}]."""
    said: list[dict[str, Any]] = json.loads(zlib.decompress(prompt))
    return said


def _answers(*more: Any) -> Select[Any]:
    question = aliased(Message)
    columns = (
        question.text.label("question"),
        Conversation.assistant_id,
        Conversation.is_sample,
        Trace.spans,
        *more,
    )
    chosen: Any = select(Message, *columns)
    return (
        chosen.join(question, question.id == Message.parent_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(Trace, Trace.message_id == Message.id)
        .where(Message.role == "assistant", Message.version_id.is_not(None))
    )


def _looked_at(column: Any) -> Any:
    """The column as no index knows it: the newest are read in order until there are enough, where an
    index of their outcomes or assistants would have all of them sorted first."""
    return func.coalesce(column, column)


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    same = {
        Conversation.assistant_id: wanted.assistant_id,
        Message.outcome: wanted.outcome,
        Message.version_id: wanted.version_id,
        Message.provider: wanted.provider,
        Message.model_name: wanted.model_name,
        Conversation.is_sample: wanted.sample,
        Message.error_code: wanted.error_code,
    }
    for column, value in same.items():
        if value is not None:
            query = query.where(_looked_at(column) == value)
    if wanted.reason is not None:
        parts = Message.routing_reason.startswith(f"{wanted.reason}:", autoescape=True)
        query = query.where((Message.routing_reason == wanted.reason) | parts)
    if wanted.slower_than is not None:
        query = query.where(Message.total_seconds > wanted.slower_than)
    if wanted.since is not None:
        query = query.where(Message.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Message.created_at < wanted.until)
    return query
