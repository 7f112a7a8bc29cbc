"""Two versions side by side: what both answered, who liked which better, and whether one may take over.

A comparison is one question with two answers, a and b, both ordinary messages of a conversation that
no list shows. It comes from somebody's hand, from an evaluation run over many questions, or from a
chat in which a question was asked again.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db.tables.base import Base, new_id, own_id, to

STANDING = sql("withdrawn_at IS NULL")
USABLE = sql("failed = ''")
MODEL = 241  # a provider, a colon, a model's name


class EvaluationRun(Base):
    """Both versions answer every question of a file. ``source`` says in words where these come from,
    ``digest`` is the SHA-256 of them, ``n`` how many they are.

    ``settings``: {"same_passages", "in_turn", "parallel", "scorers", "judge", "repetitions",
    "smallest" (the smallest difference that matters, 0 to 1)}. One process works on it until
    ``lease_until``; another takes over when that has passed.
    """

    __tablename__ = "evaluation_runs"
    id: Mapped[str] = own_id()
    assistant_id: Mapped[str] = to("assistants.id", index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    a_version_id: Mapped[str] = to("versions.id")
    b_version_id: Mapped[str] = to("versions.id")
    source: Mapped[str] = mapped_column(String(300), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    n: Mapped[int] = mapped_column(default=0)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    error: Mapped[str] = mapped_column(Text, default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    lease_until: Mapped[datetime | None]
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting','running','cancelled','done','failed')", name="evaluation_state"
        ),
    )


class Comparison(Base):
    """One question, answered by two versions. ``a_answer_id`` and ``b_answer_id`` are the ids of the
    messages, given before these exist; ``question_id`` is that of the question.

    ``reference`` is what is known of the right answer (``core.comparison.types.Reference``);
    ``settings``: {"same_passages", "in_turn", "a": {"mode", "level", "temperature", "max_tokens"},
    "b": {...}}; ``learned`` says which versions learned from this very question ("", a, b, both);
    ``scores``: {"a": {scorer: value or null}, "b": {...}}.
    """

    __tablename__ = "comparisons"
    id: Mapped[str] = own_id()
    assistant_id: Mapped[str] = to("assistants.id")
    run_id: Mapped[str | None] = to("evaluation_runs.id")
    position: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(8), default="hand")
    conversation_id: Mapped[str] = to("conversations.id", index=True)
    question_id: Mapped[str] = to("messages.id", index=True)
    question: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8), default="")
    topic: Mapped[str] = mapped_column(String(120), default="")
    reference: Mapped[dict[str, Any]] = mapped_column(default=dict)
    a_version_id: Mapped[str] = to("versions.id")
    b_version_id: Mapped[str] = to("versions.id")
    a_answer_id: Mapped[str] = mapped_column(String(36), index=True)
    b_answer_id: Mapped[str] = mapped_column(String(36), index=True)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    learned: Mapped[str] = mapped_column(String(4), default="")
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("source IN ('hand','run','chat')", name="comparison_source"),
        CheckConstraint("learned IN ('','a','b','both')", name="comparison_learned"),
        UniqueConstraint("run_id", "position", name="one_comparison_of_a_position"),
        UniqueConstraint("a_answer_id", "b_answer_id", name="one_comparison_of_two_answers"),
        Index("comparisons_of_an_assistant", "assistant_id", "created_at", "id"),
        Index("comparisons_by_source", "assistant_id", "source", "created_at", "id"),
    )


class Vote(Base):
    """Which of two answers somebody liked better; ``blind``: without knowing whose they were.

    ``left_side`` is the side that stood left, or first. One person's standing vote on a comparison is
    one; changing it withdraws the one before.
    """

    __tablename__ = "votes"
    id: Mapped[str] = own_id()
    comparison_id: Mapped[str] = to("comparisons.id", index=True)
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL", index=True)
    choice: Mapped[str] = mapped_column(String(4))
    left_side: Mapped[str] = mapped_column(String(1), default="a")
    blind: Mapped[bool] = mapped_column(default=True)
    reasons: Mapped[list[str]] = mapped_column(default=list)
    comment: Mapped[str] = mapped_column(Text, default="")
    seconds: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("choice IN ('a','b','tie','bad')", name="vote_choice"),
        CheckConstraint("left_side IN ('a','b')", name="vote_left"),
        Index(
            "one_vote_of_a_person",
            "comparison_id",
            "person_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )


class JudgeOpinion(Base):
    """What a judge model said of a comparison: scores of one side by a rubric, or which is better.

    ``kind`` rubric has a ``side``, ``scores`` {criterion: value} and ``score``, their mean from 0 (the
    lowest point of each scale) to 1; pairwise has ``first`` (the side that was shown first) and a
    ``choice``. ``failed`` is a code where nothing usable came.
    """

    __tablename__ = "judge_opinions"
    id: Mapped[str] = own_id()
    comparison_id: Mapped[str] = to("comparisons.id", index=True)
    model: Mapped[str] = mapped_column(String(MODEL))
    kind: Mapped[str] = mapped_column(String(8))
    side: Mapped[str] = mapped_column(String(1), default="")
    first: Mapped[str] = mapped_column(String(1), default="")
    repetition: Mapped[int] = mapped_column(default=1)
    choice: Mapped[str] = mapped_column(String(4), default="")
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)
    score: Mapped[float | None]
    why: Mapped[str] = mapped_column(Text, default="")
    failed: Mapped[str] = mapped_column(String(40), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    seconds: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        CheckConstraint("kind IN ('rubric','pairwise')", name="judge_kind"),
        Index(
            "one_opinion_of_a_repetition",
            "comparison_id",
            "model",
            "kind",
            "side",
            "first",
            "repetition",
            unique=True,
            sqlite_where=USABLE,
            postgresql_where=USABLE,
        ),
    )


class Gate(Base):
    """What a version must show before it may take over; append-only, an assistant's newest holds.

    ``rules`` is what ``core.comparison.gate`` reads.
    """

    __tablename__ = "gates"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True, default=new_id)
    assistant_id: Mapped[str] = to("assistants.id", index=True)
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = ({"sqlite_autoincrement": True},)


class GateResult(Base):
    """Whether a run's version passed a gate, and why: [{"rule", "passed", ...facts}, ...]."""

    __tablename__ = "gate_results"
    id: Mapped[str] = own_id()
    gate_id: Mapped[str] = to("gates.id", index=True)
    run_id: Mapped[str] = to("evaluation_runs.id", index=True)
    passed: Mapped[bool]
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
