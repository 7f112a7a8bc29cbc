"""Documents, their versions and chunks, and what their vectors are made by."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db.tables.base import Base, new_id, own_id, to
from core.text import fold


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
    id: Mapped[str] = own_id()
    assistant_id: Mapped[str] = to("assistants.id", index=True)
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
    document_id: Mapped[str] = to("documents.id", primary_key=True)
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
    document_id: Mapped[str] = to("documents.id", index=True)
    assistant_id: Mapped[str] = to("assistants.id", index=True)
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
    id: Mapped[str] = own_id()
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
    embedder_id: Mapped[str] = to("embedders.id", primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    unneeded_since: Mapped[datetime | None]


class FusionWeight(Base):
    """How much the words' score weighs for an assistant, measured on its approved pairs.

    ``mrr`` is what ``lexical`` reaches on them, ``mrr_default`` what the default weight does.
    """

    __tablename__ = "fusion_weights"
    assistant_id: Mapped[str] = to("assistants.id", primary_key=True)
    embedder: Mapped[str] = mapped_column(String(300), primary_key=True)
    lexical: Mapped[float]
    pairs: Mapped[int]
    mrr: Mapped[float]
    mrr_default: Mapped[float]
    measured_at: Mapped[datetime] = mapped_column(default=clock.now)
