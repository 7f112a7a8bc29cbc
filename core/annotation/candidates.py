"""The conversations that a queue may take: whole ones, at rest, that nobody removed.

In: a queue, and how long nothing must have been said. Out: ids, the oldest first. Always holds:
one in which an answer is being written is never among them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, union
from sqlalchemy.orm import Session

from core.db.tables import Conversation, ConversationRating, Feedback, Flag, Message


def resting(
    session: Session,
    assistant_id: str,
    *,
    until: datetime,
    since: datetime | None = None,
    changed: datetime | None = None,
) -> list[str]:
    """Ids of conversations in which nothing was said after ``until``.

    ``since``: something was said at or after it. ``changed``: something was said at or after it, or
    a rating or flag was given.
    """
    query = select(Conversation.id).where(
        Conversation.assistant_id == assistant_id,
        Conversation.removed_at.is_(None),
        Conversation.updated_at <= until,
    )
    if since:
        query = query.where(Conversation.updated_at >= since)
    if changed:
        query = query.where(Conversation.id.in_(_changed(changed)))
    ordered = query.order_by(Conversation.updated_at, Conversation.id)
    busy = _busy(session)
    return [one for one in session.scalars(ordered) if one not in busy]


def _busy(session: Session) -> set[str]:
    """Where an answer is being written; an index over the leases serves it."""
    written = select(Message.conversation_id).where(
        Message.lease_until.is_not(None), Message.state == "running"
    )
    return set(session.scalars(written))


def _changed(since: datetime) -> Select[Any]:
    of_message = Message.conversation_id
    parts = (
        select(Conversation.id).where(Conversation.updated_at >= since),
        select(of_message).join(Feedback).where(Feedback.created_at >= since),
        select(of_message).join(Flag).where(Flag.created_at >= since),
        select(ConversationRating.conversation_id).where(ConversationRating.created_at >= since),
    )
    return select(union(*parts).subquery().c[0])
