"""What the metrics rest on beside conversations and feedback: outcomes, topics, alerts, settings.

``ConversationChange`` is written by triggers alone: whoever keeps figures of conversations learns
there which ones have changed, whoever changed them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db.tables.base import Base, own_id, to

LIVE = sql("state <> 'resolved'")


class Setting(Base):
    """What people have set, by name: ``metrics.targets``, ``metrics.rates``, ..."""

    __tablename__ = "settings"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


class ConversationOutcome(Base):
    """What an outside system says has become of a conversation: "converted", and what it was worth."""

    __tablename__ = "conversation_outcomes"
    id: Mapped[str] = own_id()
    conversation_id: Mapped[str] = to("conversations.id", index=True)
    name: Mapped[str] = mapped_column(String(40))
    value: Mapped[float | None]
    currency: Mapped[str] = mapped_column(String(3), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    happened_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (UniqueConstraint("conversation_id", "name", name="one_outcome_of_a_name"),)


class ConversationChange(Base):
    """The last change of a conversation or of what is said of it, in milliseconds since 1970.

    Outlives the conversation: its end is a change too, so nothing here points at it.
    """

    __tablename__ = "conversation_changes"
    conversation_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    changed_ms: Mapped[int] = mapped_column(BigInteger, index=True)


class Topic(Base):
    """What a group of questions is about. ``weights`` is its centre: term to weight; ``terms`` are
    the most telling ones, which make the ``label`` unless a person has named it."""

    __tablename__ = "topics"
    id: Mapped[str] = own_id()
    assistant_id: Mapped[str] = to("assistants.id", index=True)
    label: Mapped[str] = mapped_column(String(200))
    named: Mapped[bool] = mapped_column(default=False)
    terms: Mapped[list[str]] = mapped_column(default=list)
    weights: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    retired_at: Mapped[datetime | None]


class TopicQuestion(Base):
    """Which topic a question (a person's message) belongs to; ``likeness`` 0 to 1 with its centre."""

    __tablename__ = "topic_questions"
    message_id: Mapped[str] = to("messages.id", primary_key=True)
    topic_id: Mapped[str] = to("topics.id", index=True)
    likeness: Mapped[float] = mapped_column(default=0.0)


class AlertRule(Base):
    """What to be told of: a measure (with filters) beyond a bound, or worse than in the time before.

    ``kind`` threshold compares with ``bound``; change with the same time before, by a test.
    ``side``: above or below is bad. An alert ends once the measure is back by ``margin``. A change
    has both as shares of the value before (0.2: a fifth). The time is that of the last ``hours``.
    """

    __tablename__ = "alert_rules"
    id: Mapped[str] = own_id()
    name: Mapped[str] = mapped_column(String(120))
    measure: Mapped[str] = mapped_column(String(60))
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    kind: Mapped[str] = mapped_column(String(10), default="threshold")
    side: Mapped[str] = mapped_column(String(5), default="above")
    bound: Mapped[float] = mapped_column(default=0.0)
    margin: Mapped[float] = mapped_column(default=0.0)
    minimum: Mapped[int] = mapped_column(default=30)
    hours: Mapped[int] = mapped_column(default=24)
    every_minutes: Mapped[int] = mapped_column(default=15)
    channels: Mapped[list[str]] = mapped_column(default=list)
    silent_until: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    checking_until: Mapped[datetime | None]
    paused: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    removed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("kind IN ('threshold','change')", name="alert_kind"),
        CheckConstraint("side IN ('above','below')", name="alert_side"),
    )


class Alert(Base):
    """A rule that has spoken. ``value`` of ``n`` when it did, beyond ``bound``; ``before`` (of
    ``before_n``) is what a change is compared with, and ``p`` of its test; ``conversations`` are ids
    of those behind it. ``seen_at``: when it was last found beyond; ``back_at``: since when it is back.
    Resolved by nobody is resolved by itself."""

    __tablename__ = "alerts"
    id: Mapped[str] = own_id()
    rule_id: Mapped[str] = to("alert_rules.id", index=True)
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    value: Mapped[float]
    n: Mapped[int]
    bound: Mapped[float] = mapped_column(default=0.0)
    before: Mapped[float | None]
    before_n: Mapped[int] = mapped_column(default=0)
    p: Mapped[float | None]
    conversations: Mapped[list[str]] = mapped_column(default=list)
    reopened: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    back_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("state IN ('open','acknowledged','resolved')", name="alert_state"),
        Index(
            "one_alert_of_a_rule",
            "rule_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
    )


class Delivery(Base):
    """An alert on its way out by one channel: tried again until it is sent or given up."""

    __tablename__ = "alert_deliveries"
    id: Mapped[str] = own_id()
    alert_id: Mapped[str] = to("alerts.id", index=True)
    channel: Mapped[str] = mapped_column(String(10))
    event: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    leased_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("state IN ('waiting','sent','failed')", name="delivery_state"),
    )
