"""The review queue: items that wait, seats at them, what reviewers judged, what was learnt from it.

An item has as many seats as it takes reviewers. A claim is a seat that is held for a while; each
claim raises the seat's ``token``, so that whoever held it before can be told from who holds it now.
That an item is never judged by more than its seats, nor twice by one person, is kept by constraints.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db.tables.base import Base, new_id, own_id, to

WAITING = sql("state IN ('open','held')")
HELD = sql("state = 'held'")
TAKEN = sql("person_id IS NOT NULL")
SAID = sql("verdict <> ''")
MODEL = 241  # a provider, a colon, a model's name


def _of_item(**options: Any) -> Mapped[int]:
    return mapped_column(ForeignKey("annotation_items.number", ondelete="CASCADE"), **options)


class Queue(Base):
    """A review queue of an assistant. ``rules`` is what core.annotation.rules reads.

    ``random_share`` (0 to 1) of the conversations is drawn before the rules and protected;
    ``calibration_share`` of the claims are items whose answer is known. ``judge`` is the model that
    is asked beforehand ("provider:model", "": none), by one process until ``judging_until``.
    """

    __tablename__ = "annotation_queues"
    id: Mapped[str] = own_id()
    assistant_id: Mapped[str] = to("assistants.id", index=True)
    name: Mapped[str] = mapped_column(String(120))
    reviewers_per_item: Mapped[int] = mapped_column(default=1)
    lease_seconds: Mapped[int] = mapped_column(default=600)
    blind: Mapped[bool] = mapped_column(default=False)
    random_share: Mapped[float] = mapped_column(default=0.1)
    calibration_share: Mapped[float] = mapped_column(default=0.0)
    rules: Mapped[list[Any]] = mapped_column(default=list)
    is_sample: Mapped[bool] = mapped_column(default=False)
    judge: Mapped[str] = mapped_column(String(MODEL), default="", server_default="")
    judging_until: Mapped[datetime | None]
    refilled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)
    removed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("reviewers_per_item BETWEEN 1 AND 5", name="queue_reviewers"),
        Index(
            "one_queue_of_a_name",
            "assistant_id",
            "name",
            unique=True,
            sqlite_where=sql("removed_at IS NULL"),
            postgresql_where=sql("removed_at IS NULL"),
        ),
    )


class Guideline(Base):
    """What a queue's reviewers go by: a text (Markdown) and a rubric. The highest number holds.

    ``rubric``: [{"name", "title", "required", "scale": [{"value", "anchor"}, ...]}, ...].
    """

    __tablename__ = "guidelines"
    id: Mapped[str] = own_id()
    queue_id: Mapped[str] = to("annotation_queues.id")
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    rubric: Mapped[list[Any]] = mapped_column(default=list)
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (UniqueConstraint("queue_id", "number", name="one_guideline_of_a_number"),)


class Item(Base):
    """A conversation with one answer in focus (``message_id``), waiting for judgements.

    ``reasons`` and ``priority`` are frozen at selection: [{"name", "weight", ...facts}, ...] and the
    sum of the weights. ``protected``: of the random share. ``known`` is the judgement a calibration
    item is compared with; ``gold_id`` the judgement that decides.
    """

    __tablename__ = "annotation_items"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True, default=new_id)
    queue_id: Mapped[str] = to("annotation_queues.id")
    conversation_id: Mapped[str] = to("conversations.id", index=True)
    message_id: Mapped[str] = to("messages.id", index=True)
    state: Mapped[str] = mapped_column(String(12), default="pending")
    priority: Mapped[float] = mapped_column(default=0.0)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    protected: Mapped[bool] = mapped_column(default=False)
    known: Mapped[dict[str, Any]] = mapped_column(default=dict)
    gold_id: Mapped[str | None] = mapped_column(String(36))
    removed_by: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("state IN ('pending','done','removed','unavailable')", name="item_state"),
        UniqueConstraint("queue_id", "message_id", name="one_item_of_an_answer"),
        Index("items_of_a_queue", "queue_id", "state", "number"),
        {"sqlite_autoincrement": True},
    )


class Seat(Base):
    """One of the places in which an item is judged. ``state``: open -> held -> judged; closed.

    A held seat whose ``expires_at`` has passed may be taken by another; until then, and as long as
    nobody has, who holds it may still submit. ``rank`` is minus the item's priority: the lowest
    is next.
    """

    __tablename__ = "annotation_seats"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    item_number: Mapped[int] = _of_item()
    queue_id: Mapped[str] = to("annotation_queues.id")
    place: Mapped[int]
    rank: Mapped[float] = mapped_column(default=0.0)
    state: Mapped[str] = mapped_column(String(8), default="open")
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    token: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    judgement_id: Mapped[str | None] = to("judgements.id", ondelete="SET NULL")
    __table_args__ = (
        CheckConstraint("state IN ('open','held','judged','closed')", name="seat_state"),
        UniqueConstraint("item_number", "place", name="one_seat_of_a_place"),
        Index(
            "one_seat_of_a_person",
            "item_number",
            "person_id",
            unique=True,
            sqlite_where=TAKEN,
            postgresql_where=TAKEN,
        ),
        Index(
            "one_claim_of_a_person",
            "queue_id",
            "person_id",
            unique=True,
            sqlite_where=HELD,
            postgresql_where=HELD,
        ),
        Index(
            "seats_waiting",
            "queue_id",
            "rank",
            "item_number",
            "place",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        {"sqlite_autoincrement": True},
    )


class PassedOn(Base):
    """An item that a reviewer did not want: ``kind`` is skipped, not_for_me or postponed.

    They do not get it again before ``until`` (None: never); the others do.
    """

    __tablename__ = "annotation_passed_on"
    item_number: Mapped[int] = _of_item(primary_key=True)
    person_id: Mapped[str] = to("people.id", primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Draft(Base):
    """A judgement not yet submitted, as its reviewer left it; one refused as superseded stays too."""

    __tablename__ = "annotation_drafts"
    item_number: Mapped[int] = _of_item(primary_key=True)
    person_id: Mapped[str] = to("people.id", primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    superseded: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


class Judgement(Base):
    """What a reviewer judged of an item's answer. Append-only: a later one names what it supersedes.

    ``kind``: review, adjudication (it decides) or calibration. ``scores``: {criterion: value};
    ``passages``: {passage id: right | wrong | outdated}; ``missing``: ids of documents that should
    have been found; ``seconds`` the time it took. One that was undone has ``withdrawn_at``.
    """

    __tablename__ = "judgements"
    id: Mapped[str] = own_id()
    item_number: Mapped[int] = _of_item(index=True)
    message_id: Mapped[str] = to("messages.id", index=True)
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL", index=True)
    guideline_id: Mapped[str | None] = to("guidelines.id", ondelete="SET NULL")
    kind: Mapped[str] = mapped_column(String(12), default="review")
    seat_id: Mapped[int | None]
    token: Mapped[int | None]
    verdict: Mapped[str] = mapped_column(String(12))
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stars: Mapped[int | None]
    failure_type: Mapped[str] = mapped_column(String(12), default="")
    problems: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    correction: Mapped[str] = mapped_column(Text, default="")
    passages: Mapped[dict[str, Any]] = mapped_column(default=dict)
    missing: Mapped[list[str]] = mapped_column(default=list)
    suggestion: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seconds: Mapped[float | None]
    supersedes_id: Mapped[str | None] = to("judgements.id", ondelete="SET NULL")
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("verdict IN ('approved','corrected','rejected')", name="judgement_verdict"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="judgement_stars"),
        UniqueConstraint("seat_id", "token", name="one_judgement_of_a_claim"),
    )


class Opinion(Base):
    """What a judge model said of an item's answer, by a guideline; a suggestion, never a judgement.

    Append-only. ``verdict`` is "" where it gave none that can be used: then ``failed`` says why as a
    code and ``detail`` in words. ``why`` is the model's own sentence, ``seconds`` the time it took.
    """

    __tablename__ = "annotation_opinions"
    id: Mapped[str] = own_id()
    item_number: Mapped[int] = _of_item(index=True)
    queue_id: Mapped[str] = to("annotation_queues.id")
    guideline_id: Mapped[str] = to("guidelines.id")
    model: Mapped[str] = mapped_column(String(MODEL))
    verdict: Mapped[str] = mapped_column(String(12), default="")
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)
    failure_type: Mapped[str] = mapped_column(String(12), default="")
    why: Mapped[str] = mapped_column(Text, default="")
    failed: Mapped[str] = mapped_column(String(40), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    seconds: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        CheckConstraint(
            "verdict IN ('','approved','corrected','rejected')", name="opinion_verdict"
        ),
        Index(
            "one_opinion_of_a_model",
            "item_number",
            "model",
            "guideline_id",
            unique=True,
            sqlite_where=SAID,
            postgresql_where=SAID,
        ),
        Index("opinions_of_a_queue", "queue_id", "created_at"),
    )


class ApprovedAnswer(Base):
    """A question whose answer reviewers approved or corrected, kept for when it is asked again.

    ``answer`` is the approved text, ``passages`` the chunks it rests on: [{"document_id", "version",
    "digest", "text"}, ...]. ``hits`` counts how often it lifted a passage, ``served`` how often it
    was given. Retired, it does neither; with ``unserved_why`` it only lifts. ``revision`` is the
    assistant's ``memory_revision`` at the last change of any of this but the counts.
    """

    __tablename__ = "approved_answers"
    id: Mapped[str] = own_id()
    assistant_id: Mapped[str] = to("assistants.id", index=True)
    judgement_id: Mapped[str | None] = to("judgements.id", ondelete="SET NULL", unique=True)
    message_id: Mapped[str | None] = to("messages.id", ondelete="SET NULL", index=True)
    person_id: Mapped[str | None] = mapped_column(
        ForeignKey("people.id", name="who_approved", ondelete="SET NULL")
    )
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    corrected: Mapped[bool] = mapped_column(default=False)
    passages: Mapped[list[Any]] = mapped_column(default=list)
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    hits: Mapped[int] = mapped_column(default=0)
    served: Mapped[int] = mapped_column(default=0)
    served_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    unserved_why: Mapped[str] = mapped_column(String(40), default="", server_default="")
    retired_at: Mapped[datetime | None]
    retired_why: Mapped[str] = mapped_column(String(200), default="")
    __table_args__ = (
        Index(
            "approved_answers_in_use",
            "assistant_id",
            "created_at",
            sqlite_where=sql("retired_at IS NULL"),
            postgresql_where=sql("retired_at IS NULL"),
        ),
        Index("approved_answers_changed", "assistant_id", "revision"),
    )


class ServedAnswer(Base):
    """Which answer was an approved one, given again at once."""

    __tablename__ = "served_answers"
    message_id: Mapped[str] = to("messages.id", primary_key=True)
    approved_id: Mapped[str] = to("approved_answers.id", index=True)
