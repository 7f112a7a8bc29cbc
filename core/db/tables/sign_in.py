"""How people and programs prove who they are. No secret is stored, only hashes of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db.tables.base import Base, own_id, to

IDENTIFIED = sql("subject <> ''")


class Account(Base):
    """How a person signs in: by ``login`` and password, or as somebody whom ``issuer`` vouches for.

    ``login`` is in small letters; ``password_hash`` (argon2id) is "" where there is no password.
    """

    __tablename__ = "accounts"
    person_id: Mapped[str] = to("people.id", primary_key=True)
    login: Mapped[str] = mapped_column(String(200), unique=True)
    password_hash: Mapped[str] = mapped_column(Text, default="")
    issuer: Mapped[str] = mapped_column(String(300), default="")
    subject: Mapped[str] = mapped_column(String(255), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    password_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "one_account_of_a_subject",
            "issuer",
            "subject",
            unique=True,
            sqlite_where=IDENTIFIED,
            postgresql_where=IDENTIFIED,
        ),
    )


class SignIn(Base):
    """A browser in which somebody is signed in, until it ends. ``secret_hash``: SHA-256 of the cookie."""

    __tablename__ = "sign_ins"
    id: Mapped[str] = own_id()
    person_id: Mapped[str] = to("people.id", index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    method: Mapped[str] = mapped_column(String(8))
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(20), default="")
    __table_args__ = (
        CheckConstraint("method IN ('password','link','oidc')", name="sign_in_method"),
    )


class OneTimeLink(Base):
    """A link that works once: the first admin's (nobody's yet), an invitation, a new password."""

    __tablename__ = "one_time_links"
    id: Mapped[str] = own_id()
    kind: Mapped[str] = mapped_column(String(12))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str | None] = to("people.id", index=True)
    made_by: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("kind IN ('first_admin','invitation','reset')", name="link_kind"),
    )


class SignInFailures(Base):
    """Wrong tries since the last right one, per account and per address (``key`` says of which)."""

    __tablename__ = "sign_in_failures"
    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    n: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(default=clock.now)
    blocked_until: Mapped[datetime | None]


class ApiToken(Base):
    """What a program shows in a person's place. ``scopes`` are deeds, ``assistants`` ids ([]: all).

    ``prefix`` are the first letters of the token, by which people know it again.
    """

    __tablename__ = "api_tokens"
    id: Mapped[str] = own_id()
    person_id: Mapped[str] = to("people.id", index=True)
    name: Mapped[str] = mapped_column(String(120))
    prefix: Mapped[str] = mapped_column(String(16))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(default=list)
    assistants: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    last_address: Mapped[str] = mapped_column(String(64), default="")
    revoked_at: Mapped[datetime | None]


class Secret(Base):
    """A key that Ciclo uses towards others, sealed with the machine's own key (``core.secrets``)."""

    __tablename__ = "secrets"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(default=clock.now)
    set_by: Mapped[str | None] = to("people.id", ondelete="SET NULL")


class AuditEvent(Base):
    """Who did what, when, from where; append-only, which triggers keep.

    ``person_id`` is no arrow: the line stays when the person is gone. ``before`` and ``after`` hold the
    fields that changed.
    """

    __tablename__ = "audit_events"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    person_id: Mapped[str] = mapped_column(String(36), default="", index=True)
    door: Mapped[str] = mapped_column(String(10), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    token_id: Mapped[str] = mapped_column(String(36), default="")
    action: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[str] = mapped_column(String(120), default="")
    assistant_id: Mapped[str] = mapped_column(String(36), default="")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    __table_args__ = (
        Index("audit_of_an_object", "kind", "object_id"),
        {"sqlite_autoincrement": True},
    )


class Erasure(Base):
    """That all that was held about somebody was erased: what of it, and what could not be reached.

    One without ``done_at`` goes on at the next turn. ``user_id`` is an outside system's id of whom it
    is about; it goes with the rest, at the end.
    """

    __tablename__ = "erasures"
    id: Mapped[str] = own_id()
    person_id: Mapped[str] = mapped_column(String(36), default="")
    user_id: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[str | None] = to("people.id", ondelete="SET NULL")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    erased: Mapped[dict[str, Any]] = mapped_column(default=dict)
    unreached: Mapped[dict[str, Any]] = mapped_column(default=dict)
