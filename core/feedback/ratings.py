"""Thumbs: give, change and withdraw a rating with reasons and a comment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import clock, db
from core.access import allowed, seen, sees_all, there
from core.db.tables import Conversation, Feedback, Message
from core.feedback.asker import Asker, answered, asker, reader
from core.feedback.kinds import check_channel, check_comment, check_rating


@dataclass(frozen=True)
class Summary:
    """How many answers were rated up and down."""

    up: int
    down: int


@allowed("rate")
def give(
    message_id: str,
    rating: str,
    *,
    person_id: str | None,
    reasons: Sequence[str] = (),
    comment: str = "",
    channel: str = "web",
    user_id: str = "",
    created_at: datetime | None = None,
) -> Feedback:
    """Rate an answer "up" or "down"; the same again does nothing, another rating replaces it.

    ``user_id`` is an outside system's id of who rates, in place of a person. Raises InvalidInput
    for an unknown rating, reason or channel, NotFound for an unknown answer.
    """
    who = asker(person_id, user_id)
    said = {"reasons": reasons, "comment": comment, "channel": channel, "created_at": created_at}
    return db.settled(lambda session: store(session, message_id, rating, who, **said))  # type: ignore[arg-type]


def store(
    session: Session,
    message_id: str,
    rating: str,
    who: Asker,
    *,
    reasons: Sequence[str] = (),
    comment: str = "",
    channel: str = "web",
    created_at: datetime | None = None,
) -> Feedback:
    """``give`` within a transaction."""
    check_rating(rating, reasons)
    check_comment(comment)
    check_channel(channel)
    answered(session, message_id)
    words = (rating, list(dict.fromkeys(reasons)), comment.strip())
    before = active(session, message_id, who)
    if before and (before.rating, list(before.reasons), before.comment) == words:
        return before
    moment = created_at or clock.now()
    if before:
        before.withdrawn_at = moment
        session.flush()
    given = Feedback(
        message_id=message_id,
        rating=rating,
        reasons=words[1],
        comment=words[2],
        channel=channel,
        created_at=moment,
        **who.facts(),
    )
    session.add(given)
    session.flush()
    return given


@allowed("rate")
def withdraw(message_id: str, *, person_id: str | None, user_id: str = "") -> None:
    """Take the active rating back; nothing happens where there is none."""
    who = asker(person_id, user_id)
    with db.writing() as session:
        take_back(session, message_id, who)


def take_back(session: Session, message_id: str, who: Asker) -> None:
    """``withdraw`` within a transaction."""
    held = (Feedback.message_id == message_id) & who.active(Feedback)
    session.execute(update(Feedback).where(held).values(withdrawn_at=clock.now()))


@there
def of(message_id: str, *, person_id: str | None, user_id: str = "") -> Feedback | None:
    """The asker's active rating of an answer."""
    who = reader(person_id, user_id)
    with db.session() as session:
        return active(session, message_id, who)


def active(session: Session, message_id: str, who: Asker) -> Feedback | None:
    """The same within a session."""
    held = (Feedback.message_id == message_id) & who.active(Feedback)
    return session.scalar(select(Feedback).where(held))


@allowed("read")
def summary(*, assistant_id: str | None = None) -> Summary:
    """How many active ratings there are, of one assistant or of all."""
    query = select(Feedback.rating, func.count()).where(Feedback.withdrawn_at.is_(None))
    if assistant_id or not sees_all():
        query = query.join(Message, Message.id == Feedback.message_id)
        query = query.join(Conversation, Conversation.id == Message.conversation_id)
        query = query.where(seen(Conversation.assistant_id))
    if assistant_id:
        query = query.where(Conversation.assistant_id == assistant_id)
    with db.session() as session:
        counts = dict(session.execute(query.group_by(Feedback.rating)).all())
    return Summary(up=counts.get("up", 0), down=counts.get("down", 0))
