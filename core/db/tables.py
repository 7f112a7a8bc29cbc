"""Every table, in the order of the loop. Every arrow of the loop is a foreign key.

Ids are 36-character UUID strings; times are UTC. Rows that people may take back carry
``removed_at`` and stay until the undo has lapsed. What was true when an answer was given
(passages, version, prices) is stored with the answer and never follows later changes.
"""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    true,
)
from sqlalchemy import text as sql
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core import clock
from core.text import fold


def new_id() -> str:
    """A fresh 36-character id."""
    return str(uuid4())


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC times on both sides, also where the database drops the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Common types: ``str`` is text, ``datetime`` is UTC, dict and list are JSON."""

    type_annotation_map = {
        datetime: UTCDateTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[Any]: JSON,
    }


def _id() -> Mapped[str]:
    return mapped_column(String(36), primary_key=True, default=new_id)


def _to(target: str, **options: Any) -> Mapped[Any]:
    return mapped_column(
        String(36), ForeignKey(target, ondelete=options.pop("ondelete", "CASCADE")), **options
    )


class Person(Base):
    """Who asks, reviews, operates. In local mode one row with ``is_local``."""

    __tablename__ = "people"
    id: Mapped[str] = _id()
    name: Mapped[str] = mapped_column(String(200), unique=True)
    is_local: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(8), default="")
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Assistant(Base):
    """Persona, language, rules, documents, starters, rubric, and who answers.

    ``routing``: {"fallbacks": [...], "rules": [...], "challenger_share": 0 to 1}, each where set.
    """

    __tablename__ = "assistants"
    id: Mapped[str] = _id()
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(8), default="pt-BR")
    persona: Mapped[str] = mapped_column(Text, default="")
    rules: Mapped[list[str]] = mapped_column(default=list)
    starters: Mapped[list[str]] = mapped_column(default=list)
    rubric: Mapped[list[Any]] = mapped_column(default=list)
    modes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    thoughts: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_default: Mapped[bool] = mapped_column(default=False)
    follows_ollama: Mapped[bool] = mapped_column(default=True)
    routing: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sample: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)
    removed_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "one_assistant_of_a_name",
            "name",
            unique=True,
            sqlite_where=sql("removed_at IS NULL"),
            postgresql_where=sql("removed_at IS NULL"),
        ),
        Index(
            "one_default_assistant",
            "is_default",
            unique=True,
            sqlite_where=sql("is_default AND removed_at IS NULL"),
            postgresql_where=sql("is_default AND removed_at IS NULL"),
        ),
    )


def _folded_name(context: Any) -> str:
    """A document's name in the form in which it is looked for (core.text.fold)."""
    return fold(context.get_current_parameters()["name"])


class Document(Base):
    """A source as added. ``state``: queued -> reading -> ready | failed.

    Name, digest, size, ``state`` and error are those of the ``newest`` version; ``version`` is the
    number of the one that serves (0: none yet), and pages, chunks, language and ``personal``
    (kind of personal data -> how often it was found) are that one's. It holds from ``valid_from``
    to ``valid_to``, both days included, each open where NULL. ``masks`` are the kinds hidden from
    search. ``attempts`` counts the readings begun that nobody has ended.
    """

    __tablename__ = "documents"
    id: Mapped[str] = _id()
    assistant_id: Mapped[str] = _to("assistants.id", index=True)
    name: Mapped[str] = mapped_column(String(300))
    folded: Mapped[str] = mapped_column(Text, default=_folded_name, server_default="")
    media_type: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="queued", index=True)
    error_code: Mapped[str] = mapped_column(String(40), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=0)
    newest: Mapped[int] = mapped_column(default=1)
    pages: Mapped[int] = mapped_column(default=0)
    chunks: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(8), default="")
    personal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    masks: Mapped[list[str]] = mapped_column(default=lambda: ["cpf", "card"])
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    reading_since: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    ready_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("state IN ('queued','reading','ready','failed')", name="document_state"),
        Index(
            "one_document_of_a_name",
            "assistant_id",
            "name",
            unique=True,
            sqlite_where=sql("removed_at IS NULL"),
            postgresql_where=sql("removed_at IS NULL"),
        ),
        Index(
            "documents_with_dates",
            "assistant_id",
            sqlite_where=sql("valid_from IS NOT NULL OR valid_to IS NOT NULL"),
            postgresql_where=sql("valid_from IS NOT NULL OR valid_to IS NOT NULL"),
        ),
    )


class DocumentVersion(Base):
    """What a document said: the text of each content it has had, as it was masked.

    ``number`` counts from 1. Only the newest may be unread or failed; older ones have all served
    once. ``state``: queued -> ready | failed. ``seconds`` is what reading it took.
    """

    __tablename__ = "document_versions"
    document_id: Mapped[str] = _to("documents.id", primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    media_type: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="queued")
    text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    page_starts: Mapped[list[Any]] = mapped_column(default=list, deferred=True)
    pages: Mapped[int] = mapped_column(default=0)
    chunks: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(8), default="")
    personal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    masks: Mapped[list[str]] = mapped_column(default=list)
    seconds: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    ready_at: Mapped[datetime | None] = mapped_column(index=True)
    __table_args__ = (
        CheckConstraint("state IN ('queued','ready','failed')", name="document_version_state"),
    )


def digest_of(heading: str, text: str) -> str:
    """What a chunk's vector is kept under: SHA-256 of all that it is made from."""
    return sha256(f"{heading}\n{text}".encode(errors="surrogatepass")).hexdigest()


def _own_digest(context: Any) -> str:
    given = context.get_current_parameters()
    return digest_of(given.get("heading", ""), given["text"])


class Chunk(Base):
    """A stored piece of a document's version that serves. ``number`` grows forever and is the key in every index.

    ``start`` and ``end`` are character offsets into the document's text: the chunk's own text is
    ``text[start:end]``. ``heading`` is the path of headings above it, for context in search.
    ``digest`` names both, so that equal chunks share their vectors (see Embedding).
    """

    __tablename__ = "chunks"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True, default=new_id)
    document_id: Mapped[str] = _to("documents.id", index=True)
    assistant_id: Mapped[str] = _to("assistants.id", index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    heading: Mapped[str] = mapped_column(Text, default="")
    start: Mapped[int]
    end: Mapped[int]
    page: Mapped[int | None]
    digest: Mapped[str] = mapped_column(
        String(64), default=_own_digest, server_default="", index=True
    )
    __table_args__ = (
        UniqueConstraint("document_id", "position", name="one_chunk_of_a_position"),
        {"sqlite_autoincrement": True},
    )


class IndexChange(Base):
    """What the index must still do, in order: the index is a cache of the database.

    A row is written in the same transaction as the chunks it tells of; an index remembers the
    last ``number`` it has applied and catches up from there.
    """

    __tablename__ = "index_changes"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    document_id: Mapped[str] = mapped_column(String(36))
    change: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        CheckConstraint("change IN ('add','remove')", name="index_change"),
        {"sqlite_autoincrement": True},
    )


class Embedder(Base):
    """What makes the vectors of all chunks. No row serves: the embedded one does.

    ``state``: building -> serving -> retired; building -> failed | retired, and back by choosing it
    again. While one is building, the one before serves. ``digest`` is the model's, so that another
    model under the same name is seen. ``pace``: seconds a chunk took lately. ``holder`` embeds
    until ``lease_until``; ``attempts`` in a row have failed, the next comes at ``retry_at``.
    """

    __tablename__ = "embedders"
    id: Mapped[str] = _id()
    provider: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    dimension: Mapped[int]
    query_prefix: Mapped[str] = mapped_column(Text, default="")
    document_prefix: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(10), default="building")
    error_code: Mapped[str] = mapped_column(String(40), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    pace: Mapped[float | None]
    holder: Mapped[str] = mapped_column(String(36), default="")
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    serving_since: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("state IN ('building','serving','retired','failed')", name="embedder"),
        *(
            Index(
                f"one_{state}_embedder",
                "state",
                unique=True,
                sqlite_where=sql(f"state = '{state}'"),
                postgresql_where=sql(f"state = '{state}'"),
            )
            for state in ("serving", "building")
        ),
    )


class Embedding(Base):
    """A text's vector, made once: the cache from which an index takes the vectors of an outside
    embedder.

    ``digest`` is the chunk's. ``vector`` holds float16, unit length; it is empty where the
    embedder gives none for this very text. ``unneeded_since``: no live chunk has had it since.
    """

    __tablename__ = "embeddings"
    embedder_id: Mapped[str] = _to("embedders.id", primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    unneeded_since: Mapped[datetime | None]


class FusionWeight(Base):
    """How much the words' score weighs for an assistant, measured on its approved pairs.

    ``mrr`` is what ``lexical`` reaches on them, ``mrr_default`` what the default weight does.
    """

    __tablename__ = "fusion_weights"
    assistant_id: Mapped[str] = _to("assistants.id", primary_key=True)
    embedder: Mapped[str] = mapped_column(String(300), primary_key=True)
    lexical: Mapped[float]
    pairs: Mapped[int]
    mrr: Mapped[float]
    mrr_default: Mapped[float]
    measured_at: Mapped[datetime] = mapped_column(default=clock.now)


class Model(Base):
    """What a provider runs. Prices are per million tokens, in US dollars."""

    __tablename__ = "models"
    id: Mapped[str] = _id()
    provider: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    price_in: Mapped[float] = mapped_column(default=0.0)
    price_out: Mapped[float] = mapped_column(default=0.0)
    context_tokens: Mapped[int | None]
    origin: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (UniqueConstraint("provider", "name", name="one_model_of_a_name"),)


class Version(Base):
    """What answers: model + parameters + prompt set + retrieval settings + memory freeze.

    Immutable; ``digest`` is the SHA-256 of its parts. ``number`` counts from 1 per assistant.
    """

    __tablename__ = "versions"
    id: Mapped[str] = _id()
    assistant_id: Mapped[str] = _to("assistants.id", index=True)
    number: Mapped[int]
    model_id: Mapped[str] = _to("models.id", ondelete="RESTRICT")
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    prompt: Mapped[dict[str, Any]] = mapped_column(default=dict)
    retrieval: Mapped[dict[str, Any]] = mapped_column(default=dict)
    memory_freeze: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        UniqueConstraint("assistant_id", "digest", name="one_version_of_a_digest"),
        UniqueConstraint("assistant_id", "number", name="one_version_of_a_number"),
    )


class Alias(Base):
    """A movable name (champion, challenger) for a version of an assistant; append-only.

    The newest row of an (assistant, name) holds; ``reason`` says why it was moved.
    """

    __tablename__ = "aliases"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    assistant_id: Mapped[str] = _to("assistants.id")
    name: Mapped[str] = mapped_column(String(40))
    version_id: Mapped[str] = _to("versions.id")
    reason: Mapped[str] = mapped_column(String(80), default="")
    moved_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        Index("alias_now", "assistant_id", "name", "number"),
        {"sqlite_autoincrement": True},
    )


class Conversation(Base):
    """One person's exchange with an assistant. ``leaf_id`` is the last message of the branch shown.

    ``external_id`` is the outside system's name for it; ``user_id`` that system's id of the asker.
    """

    __tablename__ = "conversations"
    id: Mapped[str] = _id()
    assistant_id: Mapped[str] = _to("assistants.id", index=True)
    person_id: Mapped[str | None] = _to("people.id", ondelete="SET NULL")
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
    ``attempts`` counts the calls of models; ``breaks`` tells where in ``text`` another model took
    over from one that failed: {"at": offset, "before": "provider:model", "after", "code", "message"}.
    """

    __tablename__ = "messages"
    id: Mapped[str] = _id()
    conversation_id: Mapped[str] = _to("conversations.id", index=True)
    parent_id: Mapped[str | None] = _to("messages.id", ondelete="SET NULL", index=True)
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
    version_id: Mapped[str | None] = _to("versions.id", ondelete="SET NULL", index=True)
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
    message_id: Mapped[str] = _to("messages.id", primary_key=True)
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
    message_id: Mapped[str] = _to("messages.id", index=True)
    assistant_id: Mapped[str] = _to("assistants.id", index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Passage(Base):
    """A chunk as retrieved for one answer: a copy, so that it outlives the document.

    ``score`` is the fused score; ``lexical`` and ``vector`` are its shares. ``start`` and ``end``
    are offsets into the text of that version of the document. ``created_at`` is the answer's time.
    """

    __tablename__ = "passages"
    id: Mapped[str] = _id()
    message_id: Mapped[str] = _to("messages.id", index=True)
    rank: Mapped[int]
    document_id: Mapped[str | None] = _to("documents.id", ondelete="SET NULL")
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
    id: Mapped[str] = _id()
    message_id: Mapped[str] = _to("messages.id", index=True)
    passage_id: Mapped[str] = _to("passages.id", index=True)
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


class Feedback(Base):
    """What the asker says of one answer. One active row per person and message."""

    __tablename__ = "feedback"
    id: Mapped[str] = _id()
    message_id: Mapped[str] = _to("messages.id", index=True)
    person_id: Mapped[str | None] = _to("people.id", ondelete="SET NULL")
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


class SizeSample(Base):
    """The database's size once a day, for its growth in ``ciclo status``."""

    __tablename__ = "size_samples"
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    size: Mapped[int]
