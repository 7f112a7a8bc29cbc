"""What was asked and answered, from which passages, and how it came about."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db.tables.base import Base, own_id, to


class Conversation(Base):
    """One person's exchange with an assistant. ``leaf_id`` is the last message of the branch shown.

    ``external_id`` is the outside system's name for it; ``user_id`` that system's id of the asker.
    """

    __tablename__ = "conversations"
    id: Mapped[str] = own_id()
    assistant_id: Mapped[str] = to("assistants.id", index=True)
    person_id: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    title: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[str] = mapped_column(String(20), default="web")
    external_id: Mapped[str | None] = mapped_column(String(200))
    user_id: Mapped[str | None] = mapped_column(String(200))
    user_tier: Mapped[str | None] = mapped_column(String(20))
    leaf_id: Mapped[str | None] = mapped_column(String(36))
    is_sample: Mapped[bool] = mapped_column(default=False, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    removed_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("channel", "external_id", name="one_conversation_of_an_external_id"),
        Index("conversations_of_a_person", "person_id", "updated_at", "id"),
        Index(
            "conversations_removed",  # few, so counts leave these out, not look each one up
            "id",
            sqlite_where=sql("removed_at IS NOT NULL"),
            postgresql_where=sql("removed_at IS NOT NULL"),
        ),
    )


class Message(Base):
    """One utterance. Siblings (asked again, edited) share a ``parent_id``.

    An answer's ``state`` is running until its end is stored: then ``outcome`` is one of answered,
    related, not_found, cut_off, error. ``lease_until`` is renewed while it is being written, so
    that one whose process died can be told and is closed as cut_off.
    ``groundedness`` is the share (0 to 1) of supported sentences, NULL for quoted answers;
    ``as_of`` is the day whose documents were searched, where the question names one.
    ``sentences`` holds ``[start, end, supported]`` per sentence. Times in seconds, cost in US dollars.
    ``attempts`` counts the calls of models; ``breaks`` tells in order where in ``text`` another model
    took over from one that failed: {"at": offset, "before": "provider:model", "reason" it had been
    chosen for, "after", "code", "message", "hint"}; ``at`` 0 where it had not said a word.
    """

    __tablename__ = "messages"
    id: Mapped[str] = own_id()
    conversation_id: Mapped[str] = to("conversations.id", index=True)
    parent_id: Mapped[str | None] = to("messages.id", ondelete="SET NULL", index=True)
    role: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="done")
    language: Mapped[str] = mapped_column(String(8), default="")
    channel: Mapped[str] = mapped_column(String(20), default="")
    external_id: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    lease_until: Mapped[datetime | None]
    # what follows belongs to answers
    outcome: Mapped[str | None] = mapped_column(String(12))
    version_id: Mapped[str | None] = to("versions.id", ondelete="SET NULL", index=True)
    provider: Mapped[str] = mapped_column(String(40), default="")
    model_name: Mapped[str] = mapped_column(String(200), default="")
    routing_reason: Mapped[str] = mapped_column(String(80), default="")
    mode: Mapped[str] = mapped_column(String(40), default="", server_default="")
    level: Mapped[str] = mapped_column(String(40), default="", server_default="")
    search_query: Mapped[str] = mapped_column(Text, default="")
    as_of: Mapped[date | None]
    reasoning: Mapped[str] = mapped_column(Text, default="")
    search_seconds: Mapped[float | None]
    first_token_seconds: Mapped[float | None]
    total_seconds: Mapped[float | None]
    load_seconds: Mapped[float | None]
    generation_seconds: Mapped[float | None]
    tokens_in: Mapped[int | None]
    tokens_out: Mapped[int | None]
    cached_tokens: Mapped[int | None]
    cost: Mapped[float | None]
    cached: Mapped[bool] = mapped_column(default=False)
    cached_from: Mapped[str | None] = mapped_column(
        ForeignKey("messages.id", name="answer_given_before", ondelete="SET NULL"), index=True
    )
    attempts: Mapped[int] = mapped_column(default=0)
    breaks: Mapped[list[Any]] = mapped_column(default=list)
    finish_reason: Mapped[str] = mapped_column(String(40), default="")
    error_code: Mapped[str] = mapped_column(String(40), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    groundedness: Mapped[float | None]
    quoted: Mapped[bool] = mapped_column(default=False)
    sentences: Mapped[list[Any]] = mapped_column(default=list)
    removed_citations: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        CheckConstraint("role IN ('user','assistant','system')", name="message_role"),
        CheckConstraint("state IN ('running','done')", name="message_state"),
        CheckConstraint(
            "outcome IN ('answered','related','not_found','cut_off','error')",
            name="message_outcome",
        ),
        UniqueConstraint("conversation_id", "external_id", name="one_message_of_an_external_id"),
        Index(
            "messages_by_external_id",
            "external_id",
            sqlite_where=sql("external_id IS NOT NULL"),
            postgresql_where=sql("external_id IS NOT NULL"),
        ),
        Index("answers_by_outcome", "outcome", "conversation_id", "role"),
        Index(
            "answers_by_route",
            "routing_reason",
            "provider",
            "model_name",
            sqlite_where=sql("version_id IS NOT NULL"),
            postgresql_where=sql("version_id IS NOT NULL"),
        ),
        Index(
            "answers_under_lease",
            "lease_until",
            sqlite_where=sql("lease_until IS NOT NULL"),
            postgresql_where=sql("lease_until IS NOT NULL"),
        ),
    )


class Trace(Base):
    """How one answer came about, step by step (see ``core.tracing``).

    ``prompt`` is the zlib-compressed JSON of the messages as they were sent, NULL once it is swept;
    ``dropped`` what had to be left out of it so that it fits.
    """

    __tablename__ = "traces"
    message_id: Mapped[str] = to("messages.id", primary_key=True)
    spans: Mapped[list[Any]] = mapped_column(default=list)
    prompt: Mapped[bytes | None] = mapped_column(deferred=True)
    dropped: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        Index(
            "prompts_kept",
            "created_at",
            sqlite_where=sql("prompt IS NOT NULL"),
            postgresql_where=sql("prompt IS NOT NULL"),
        ),
    )


class CachedAnswer(Base):
    """Which answer was given to what: ``key`` stands for all that an answer depends on."""

    __tablename__ = "cached_answers"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    message_id: Mapped[str] = to("messages.id", index=True)
    assistant_id: Mapped[str] = to("assistants.id", index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Passage(Base):
    """A chunk as retrieved for one answer: a copy, so that it outlives the document.

    ``score`` is the fused score; ``lexical`` and ``vector`` are its shares. ``start`` and ``end``
    are offsets into the text of that version of the document. ``created_at`` is the answer's time.
    """

    __tablename__ = "passages"
    id: Mapped[str] = own_id()
    message_id: Mapped[str] = to("messages.id", index=True)
    rank: Mapped[int]
    document_id: Mapped[str | None] = to("documents.id", ondelete="SET NULL")
    document_version: Mapped[int | None]
    chunk_id: Mapped[str | None] = mapped_column(String(36))
    document_name: Mapped[str] = mapped_column(String(300))
    heading: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    page: Mapped[int | None]
    start: Mapped[int]
    end: Mapped[int]
    score: Mapped[float]
    lexical: Mapped[float] = mapped_column(default=0.0)
    vector: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        UniqueConstraint("message_id", "rank", name="one_passage_of_a_rank"),
        # covers what counts a document's use
        Index("passages_used", "document_id", "message_id", "created_at"),
    )


class Citation(Base):
    """A mark [number] in the answer pointing at a passage and the cited words in the document.

    ``answer_start``/``answer_end`` are offsets of the mark in the answer's text;
    ``start``/``end`` those of the cited words in the document's text.
    """

    __tablename__ = "citations"
    id: Mapped[str] = own_id()
    message_id: Mapped[str] = to("messages.id", index=True)
    passage_id: Mapped[str] = to("passages.id", index=True)
    document_id: Mapped[str | None] = mapped_column(
        ForeignKey("documents.id", name="document_of_a_citation", ondelete="SET NULL")
    )
    number: Mapped[int]
    answer_start: Mapped[int]
    answer_end: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    page: Mapped[int | None]
    quote: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("citations_of_a_document", "document_id", "message_id"),)
