"""What askers say of answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db.tables.base import Base, own_id, to


def _one(name: str, *columns: str, of: str) -> Index:
    """One active row per ``columns``: of people, or of the users of outside systems (no person)."""
    who = {"people": "person_id IS NOT NULL", "users": "person_id IS NULL AND user_id <> ''"}[of]
    holds = sql(f"withdrawn_at IS NULL AND {who}")
    return Index(name, *columns, unique=True, sqlite_where=holds, postgresql_where=holds)


class Feedback(Base):
    """What the asker says of one answer. One active row per person and message.

    ``user_id`` is an outside system's id of who said it, where it is nobody of ours (no person).
    """

    __tablename__ = "feedback"
    id: Mapped[str] = own_id()
    message_id: Mapped[str] = to("messages.id", index=True)
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    rating: Mapped[str] = mapped_column(String(4))
    reasons: Mapped[list[str]] = mapped_column(default=list)
    comment: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[str] = mapped_column(String(200), default="", server_default="")
    channel: Mapped[str] = mapped_column(String(20), default="web")
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("rating IN ('up','down')", name="feedback_rating"),
        Index(
            "ratings_that_hold",
            "rating",
            "created_at",
            "message_id",
            sqlite_where=sql("withdrawn_at IS NULL"),
            postgresql_where=sql("withdrawn_at IS NULL"),
        ),
        Index(
            "one_rating_of_a_person",
            "message_id",
            "person_id",
            unique=True,
            sqlite_where=sql("withdrawn_at IS NULL"),
            postgresql_where=sql("withdrawn_at IS NULL"),
        ),
        _one("one_rating_of_a_user", "message_id", "user_id", of="users"),
    )


class Flag(Base):
    """A named problem with an answer. One active row per message, problem and whoever flagged it.

    ``version_id`` is the version in which it was corrected, once there is one.
    """

    __tablename__ = "problem_flags"
    id: Mapped[str] = own_id()
    message_id: Mapped[str] = to("messages.id", index=True)
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL", index=True)
    user_id: Mapped[str] = mapped_column(String(200), default="")
    problem: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[str] = mapped_column(String(20), default="web")
    version_id: Mapped[str | None] = to("versions.id", ondelete="SET NULL")
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        _one("one_flag_of_a_person", "message_id", "problem", "person_id", of="people"),
        _one("one_flag_of_a_user", "message_id", "problem", "user_id", of="users"),
    )


class ConversationRating(Base):
    """Stars (1 to 5) and "was your question solved?" of a conversation; each may be left out."""

    __tablename__ = "conversation_ratings"
    id: Mapped[str] = own_id()
    conversation_id: Mapped[str] = to("conversations.id", index=True)
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    user_id: Mapped[str] = mapped_column(String(200), default="")
    stars: Mapped[int | None]
    solved: Mapped[bool | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[str] = mapped_column(String(20), default="web")
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="conversation_stars"),
        _one("one_conversation_rating_of_a_person", "conversation_id", "person_id", of="people"),
        _one("one_conversation_rating_of_a_user", "conversation_id", "user_id", of="users"),
    )


class IdempotencyKey(Base):
    """A request that was answered: the same key again gets the same answer, done once.

    ``digest`` is the SHA-256 of what was asked, so that a key for something else is told.
    """

    __tablename__ = "idempotency_keys"
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    place: Mapped[str] = mapped_column(String(80), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
