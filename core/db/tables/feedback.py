"""What askers say of answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db.tables.base import Base, own_id, to


class Feedback(Base):
    """What the asker says of one answer. One active row per person and message."""

    __tablename__ = "feedback"
    id: Mapped[str] = own_id()
    message_id: Mapped[str] = to("messages.id", index=True)
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    rating: Mapped[str] = mapped_column(String(4))
    reasons: Mapped[list[str]] = mapped_column(default=list)
    comment: Mapped[str] = mapped_column(Text, default="")
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
    )
