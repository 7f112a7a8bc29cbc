"""What people said, newest first: a page of it at a time, of all kinds together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import func, literal, null
from sqlalchemy.orm import Session

from core import audit, db
from core.access import allowed
from core.db.tables import (
    Conversation,
    ConversationRating,
    Feedback,
    Flag,
    Message,
    Person,
    Version,
)
from core.feedback.wanted import FLAG, THUMB, Kind, Question, Wanted, found, kinds, topic_of

EXCERPT = 400  # characters of question and answer in a list


@dataclass(frozen=True)
class Entry:
    """One thing that was said. ``kind``: rating (``rating``, ``reasons``), problem (``problem``),
    conversation (``stars``, ``solved``); ``text`` is what was written to it.

    ``message_id`` is the answer it is about, of a conversation its last message; ``question`` and
    ``answer`` begin as those do; ``topic`` is the section the answer cites most, "" for none.
    """

    kind: str
    id: str
    created_at: datetime
    rating: str | None
    reasons: list[str]
    problem: str | None
    stars: int | None
    solved: bool | None
    text: str
    channel: str
    person: str | None
    user_id: str
    message_id: str | None
    conversation_id: str
    assistant_id: str
    version_id: str | None
    version: int | None
    question: str
    answer: str
    topic: str
    sample: bool


@allowed("read")
def listing(
    wanted: Wanted | None = None, *, limit: int = 50, after: tuple[datetime, str] | None = None
) -> list[Entry]:
    """The feedback that fits, newest first; ``after`` is (created_at, id) of the last one seen."""
    chosen = wanted or Wanted()
    with db.session() as session:
        parts = [_page(session, kind, chosen, limit, after) for kind in kinds(chosen)]
    newest = merge(*parts, key=lambda row: (row.created_at, row.id), reverse=True)
    found = [_entry(row) for row in islice(newest, limit)]
    if not all(one.sample for one in found):
        audit.looked("feedback", chosen.assistant_id or "", chosen.assistant_id or "")
    return found


def every(wanted: Wanted, at_once: int) -> Iterator[Entry]:
    """All the feedback that fits, newest first; each kind is read ``at_once`` rows at a time."""
    parts = [_all_of(kind, wanted, at_once) for kind in kinds(wanted)]
    newest = merge(*parts, key=lambda row: (row.created_at, row.id), reverse=True)
    return (_entry(row) for row in newest)


def _all_of(kind: Kind, wanted: Wanted, at_once: int) -> Iterator[Any]:
    after = None
    while True:
        with db.session() as session:
            rows = _page(session, kind, wanted, at_once, after)
        yield from rows
        if len(rows) < at_once:
            return
        after = rows[-1].created_at, rows[-1].id


def _page(
    session: Session, kind: Kind, wanted: Wanted, limit: int, after: tuple[datetime, str] | None
) -> Sequence[Any]:
    """First which ones they are, then all that is told of these."""
    table = kind.table
    query = found(kind, wanted, table.id)
    if after:
        at, id_ = after
        same = (table.created_at == at) & (table.id < id_)
        # the first condition follows from the second, and is one that an index knows how to begin at
        query = query.where(table.created_at <= at, (table.created_at < at) | same)
    ids = session.scalars(query.order_by(*_newest(table)).limit(limit)).all()
    whole = found(kind, Wanted(), *_columns(kind), whose="all").where(table.id.in_(ids))
    whole = whole.outerjoin(Person, Person.id == table.person_id)
    whole = whole.outerjoin(Version, Version.id == Message.version_id)
    return session.execute(whole.order_by(*_newest(table))).all()


def _newest(table: Any) -> tuple[Any, Any]:
    return table.created_at.desc(), table.id.desc()


def _columns(kind: Kind) -> list[Any]:
    table = kind.table
    of_kind = {
        "rating": Feedback.rating if kind is THUMB else null(),
        "reasons": Feedback.reasons if kind is THUMB else null(),
        "problem": Flag.problem if kind is FLAG else null(),
        "stars": ConversationRating.stars if table is ConversationRating else null(),
        "solved": ConversationRating.solved if table is ConversationRating else null(),
    }
    return [
        literal(kind.name).label("kind"),
        *(table.id, table.created_at, table.channel, table.user_id),
        kind.words.label("text"),
        *(column.label(name) for name, column in of_kind.items()),
        Message.id.label("message_id"),
        Message.version_id,
        func.substr(Message.text, 1, EXCERPT).label("answer"),
        func.substr(Question.text, 1, EXCERPT).label("question"),
        Conversation.id.label("conversation_id"),
        Conversation.assistant_id,
        Conversation.is_sample.label("sample"),
        Person.name.label("person"),
        Version.number.label("version"),
        topic_of(kind.answer).label("topic"),
    ]


def _entry(row: Any) -> Entry:
    facts = {name: row._mapping[name] for name in Entry.__dataclass_fields__}
    for name in ("question", "answer", "topic"):
        facts[name] = facts[name] or ""
    return Entry(**facts | {"reasons": list(row.reasons or [])})
