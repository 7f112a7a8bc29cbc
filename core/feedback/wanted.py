"""Which feedback is meant, and how each kind of it is found: ratings, flags, whole conversations.

In: a ``Wanted``. Out: selects over one kind, joined with the answer it is about (of a conversation:
the last one). Always holds: what was withdrawn and what belongs to removed conversations is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import aliased

from core import access
from core.db.tables import (
    Citation,
    Conversation,
    ConversationRating,
    Feedback,
    Flag,
    Message,
    Passage,
)

BETWEEN = " › "
RATINGS = ("up", "down", "problem", "solved", "not_solved", "5", "4", "3", "2", "1")
Question = aliased(Message)
_Removed = aliased(Message)
UNSEEN = select(_Removed.id).where(
    _Removed.conversation_id.in_(
        select(Conversation.id).where(Conversation.removed_at.is_not(None)).correlate(None)
    )
)


@dataclass(frozen=True)
class Wanted:
    """Which feedback; what is left out does not matter.

    ``rating``: one of RATINGS (a thumb, a problem flag, a conversation's stars or "solved?").
    ``reason``: a reason of a thumb, or a problem. ``topic``: see ``topic_of``. ``text``: words in what
    was written or in the question. ``since`` is included, ``until`` is not; ``sample``: sample data
    alone (True) or none of it.
    """

    assistant_id: str | None = None
    version_id: str | None = None
    rating: str | None = None
    reason: str | None = None
    topic: str | None = None
    channel: str | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sample: bool | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of feedback: its table, the answer it is about, and what was written."""

    name: str
    table: type[Any]
    answer: ColumnElement[Any]
    words: ColumnElement[Any]


THUMB = Kind("rating", Feedback, Feedback.message_id, Feedback.comment)  # type: ignore[arg-type]
FLAG = Kind("problem", Flag, Flag.message_id, Flag.text)  # type: ignore[arg-type]
WHOLE = Kind(
    "conversation",
    ConversationRating,
    Conversation.leaf_id,  # type: ignore[arg-type]
    ConversationRating.comment,  # type: ignore[arg-type]
)


def kinds(wanted: Wanted) -> Iterator[Kind]:
    """The kinds that may hold what is wanted."""
    rating = wanted.rating
    if rating in (None, "up", "down"):
        yield THUMB
    if rating in (None, "problem"):
        yield FLAG
    if rating not in ("up", "down", "problem") and wanted.reason is None:
        yield WHOLE


def found(kind: Kind, wanted: Wanted, *columns: Any, whose: str = "") -> Any:
    """``columns`` of the feedback of one kind that is wanted.

    Joined is only what is looked at, for one more table takes longer than all the rest: ``whose`` is
    "version" where the answer's own columns are among those asked for, "assistant" where the
    conversation's are, "all" where the question's are too.
    """
    table, words = kind.table, wanted.text.strip()
    talk = whose in ("assistant", "all") or wanted.assistant_id or wanted.sample is not None
    talk = talk or not access.sees_all()
    answer = talk or whose == "version" or wanted.version_id or words
    query: Any = select(*columns).select_from(table).where(table.withdrawn_at.is_(None))
    if kind is WHOLE:
        query = query.join(Conversation, Conversation.id == ConversationRating.conversation_id)
        query = query.outerjoin(Message, Message.id == kind.answer) if answer else query
        query = query.where(looked_at(Conversation.removed_at).is_(None))
    else:
        query = query.join(Message, Message.id == kind.answer) if answer else query
        on = Conversation.id == Message.conversation_id
        query = query.join(Conversation, on) if talk else query
        query = query.where(kind.answer.not_in(UNSEEN))
    if words or whose == "all":
        query = query.outerjoin(Question, Question.id == Message.parent_id)
    if not access.sees_all():
        query = query.where(access.seen(Conversation.assistant_id))
    return _narrowed(query, kind, wanted).where(*_rated(kind, wanted))


def looked_at(column: Any) -> Any:
    """The column as no index knows it: rows are read newest first until there are enough, where an
    index of their assistants or versions would have all of them sorted first."""
    return func.coalesce(column, column)


def topic_of(answer: Any) -> Any:
    """The topic of an answer: the section ("document › heading") that it cites most, of several the
    first cited; NULL where it cites none."""
    name = func.max(Passage.document_name)
    heading = func.max(Passage.heading)
    return (
        select(func.rtrim(name + BETWEEN + heading, BETWEEN))
        .select_from(Citation)
        .join(Passage, Passage.id == Citation.passage_id)
        .where(Citation.message_id == answer)
        .group_by(Passage.document_name, Passage.heading)
        .order_by(func.count().desc(), func.min(Citation.answer_start))
        .limit(1)
        .correlate_except(Citation, Passage)
        .scalar_subquery()
    )


def _narrowed(query: Any, kind: Kind, wanted: Wanted) -> Any:
    at = kind.table.created_at
    same = {
        Conversation.assistant_id: wanted.assistant_id,
        Message.version_id: wanted.version_id,
        kind.table.channel: wanted.channel,
        Conversation.is_sample: wanted.sample,
    }
    for column, value in same.items():
        if value is not None:
            query = query.where(looked_at(column) == value)
    if wanted.since is not None:
        query = query.where(at >= wanted.since)
    if wanted.until is not None:
        query = query.where(at < wanted.until)
    if words := wanted.text.strip():
        written = kind.words.icontains(words, autoescape=True)
        query = query.where(or_(written, Question.text.icontains(words, autoescape=True)))
    if wanted.topic is not None:
        query = query.where(func.coalesce(topic_of(kind.answer), "") == wanted.topic)
    return query


def _rated(kind: Kind, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    rating, reason = wanted.rating, wanted.reason
    if kind is THUMB and rating:
        yield Feedback.rating == rating
    if kind is THUMB and reason is not None:
        yield cast(Feedback.reasons, String).contains(f'"{reason}"', autoescape=True)
    if kind is FLAG and reason is not None:
        yield Flag.problem == reason
    if kind is WHOLE and rating in ("solved", "not_solved"):
        yield ConversationRating.solved.is_(rating == "solved")
    elif kind is WHOLE and rating:
        yield ConversationRating.stars == int(rating)
