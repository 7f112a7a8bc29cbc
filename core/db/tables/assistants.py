"""Assistants, and which version of which model answers for them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint, false, true
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db.tables.base import Base, own_id, to


class Assistant(Base):
    """Persona, language, rules, documents, starters, rubric, and who answers.

    ``routing``: {"fallbacks": [...], "rules": [...], "challenger_share": 0 to 1}, each where set.
    ``memory_revision`` counts the changes of its approved answers, in the order of their commits.
    ``members_only``: nobody else but admins finds it. ``consent``: what askers agree to first.
    ``retention_days``: how long conversations are kept; None is for good.
    """

    __tablename__ = "assistants"
    id: Mapped[str] = own_id()
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
    memory_revision: Mapped[int] = mapped_column(default=0, server_default="0")
    sample: Mapped[str] = mapped_column(String(64), default="")
    members_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    consent: Mapped[str] = mapped_column(Text, default="", server_default="")
    retention_days: Mapped[int | None]
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


class Model(Base):
    """What a provider runs. Prices are per million tokens, in US dollars."""

    __tablename__ = "models"
    id: Mapped[str] = own_id()
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
    id: Mapped[str] = own_id()
    assistant_id: Mapped[str] = to("assistants.id", index=True)
    number: Mapped[int]
    model_id: Mapped[str] = to("models.id", ondelete="RESTRICT")
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
    assistant_id: Mapped[str] = to("assistants.id")
    name: Mapped[str] = mapped_column(String(40))
    version_id: Mapped[str] = to("versions.id")
    reason: Mapped[str] = mapped_column(String(80), default="")
    moved_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        Index("alias_now", "assistant_id", "name", "number"),
        {"sqlite_autoincrement": True},
    )
