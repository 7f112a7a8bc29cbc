"""Thumbs: give, change and withdraw a rating with reasons and a comment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from core import clock, db
from core.db.tables import Conversation, Feedback, Message
from core.errors import InvalidInput, NotFound
from core.i18n import _

UP_REASONS = ("correct", "clear", "complete", "good_sources", "fast", "other")
DOWN_REASONS = (
    "wrong_fact",
    "incomplete",
    "out_of_scope",
    "wrong_source",
    "hard_to_read",
    "outdated",
    "tone",
    "slow",
    "other",
)
MAX_COMMENT = 4000


@dataclass(frozen=True)
class Summary:
    """How many answers were rated up and down."""

    up: int
    down: int


def give(
    message_id: str,
    rating: str,
    *,
    person_id: str | None,
    reasons: Sequence[str] = (),
    comment: str = "",
    channel: str = "web",
    created_at: datetime | None = None,
) -> Feedback:
    """Rate an answer "up" or "down"; the same again does nothing, another rating replaces it.

    Raises InvalidInput for an unknown rating or reason, NotFound for an unknown answer.
    """
    _check(rating, reasons, comment)
    with db.writing() as session:
        _check_answer(session, message_id)
        before = _active(session, message_id, person_id)
        if before and _same(before, rating, reasons, comment):
            return before
        moment = created_at or clock.now()
        if before:
            before.withdrawn_at = moment
            session.flush()
        given = Feedback(
            message_id=message_id,
            person_id=person_id,
            rating=rating,
            reasons=list(reasons),
            comment=comment.strip(),
            channel=channel,
            created_at=moment,
        )
        session.add(given)
    return given


def withdraw(message_id: str, *, person_id: str | None) -> None:
    """Take the active rating back; nothing happens where there is none."""
    with db.writing() as session:
        session.execute(
            update(Feedback)
            .where(_is_active(message_id, person_id))
            .values(withdrawn_at=clock.now())
        )


def of(message_id: str, *, person_id: str | None) -> Feedback | None:
    """The person's active rating of an answer."""
    with db.session() as session:
        return _active(session, message_id, person_id)


def summary(*, assistant_id: str | None = None) -> Summary:
    """How many active ratings there are, of one assistant or of all."""
    query = select(Feedback.rating, func.count()).where(Feedback.withdrawn_at.is_(None))
    if assistant_id:
        query = (
            query.join(Message, Message.id == Feedback.message_id)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(Conversation.assistant_id == assistant_id)
        )
    with db.session() as session:
        counts = dict(session.execute(query.group_by(Feedback.rating)).all())
    return Summary(up=counts.get("up", 0), down=counts.get("down", 0))


def _is_active(message_id: str, person_id: str | None) -> ColumnElement[bool]:
    return (
        (Feedback.message_id == message_id)
        & (Feedback.person_id == person_id)
        & Feedback.withdrawn_at.is_(None)
    )


def _active(session: Session, message_id: str, person_id: str | None) -> Feedback | None:
    return session.scalar(select(Feedback).where(_is_active(message_id, person_id)))


def _same(given: Feedback, rating: str, reasons: Sequence[str], comment: str) -> bool:
    return (given.rating, list(given.reasons), given.comment) == (
        rating,
        list(reasons),
        comment.strip(),
    )


def _check(rating: str, reasons: Sequence[str], comment: str) -> None:
    if rating not in ("up", "down"):
        raise InvalidInput(
            _("A rating is “up” or “down”, not “{value}”.").format(value=rating), field="rating"
        )
    fitting = UP_REASONS if rating == "up" else DOWN_REASONS
    for reason in reasons:
        if reason not in fitting:
            raise InvalidInput(
                _("“{value}” is not a reason for this rating.").format(value=reason),
                field="reasons",
                hint=_("Use one of: {reasons}.").format(reasons=", ".join(fitting)),
            )
    if len(comment) > MAX_COMMENT:
        raise InvalidInput(
            _("The comment has {n} characters; at most {most} fit.").format(
                n=len(comment), most=MAX_COMMENT
            ),
            field="comment",
        )


def _check_answer(session: Session, message_id: str) -> None:
    role = session.scalar(select(Message.role).where(Message.id == message_id))
    if role != "assistant":
        raise NotFound(
            _("There is no answer with the id “{id}”.").format(id=message_id),
            hint=_("Take the message_id that came with the answer."),
        )
