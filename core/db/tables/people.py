"""Who asks, reviews, operates; who belongs to an assistant; who agreed to what."""

from datetime import datetime
from json import dumps
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db.tables.base import Base, own_id, to

ROLES = ("viewer", "analyst", "reviewer", "admin")


class Person(Base):
    """Who asks, reviews, operates. ``is_local``: who sits at a machine without sign-in."""

    __tablename__ = "people"
    id: Mapped[str] = own_id()
    name: Mapped[str] = mapped_column(String(200), unique=True)
    is_local: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(8), default="")
    roles: Mapped[list[str]] = mapped_column(
        default=lambda: list(ROLES), server_default=dumps(ROLES)
    )
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Member(Base):
    """Who belongs to an assistant that is for its members only."""

    __tablename__ = "members"
    assistant_id: Mapped[str] = to("assistants.id", primary_key=True)
    person_id: Mapped[str] = to("people.id", primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


def _one(name: str, who: str, holds: str) -> Index:
    columns = (who, "assistant_id", "digest")
    return Index(name, *columns, unique=True, sqlite_where=sql(holds), postgresql_where=sql(holds))


class Consent(Base):
    """That somebody agreed to an assistant's text on personal data; ``digest`` is that text's SHA-256.

    ``user_id`` is an outside system's id of who agreed, where it is nobody of ours (no person).
    """

    __tablename__ = "consents"
    id: Mapped[str] = own_id()
    person_id: Mapped[str | None] = to("people.id", index=True)
    user_id: Mapped[str] = mapped_column(String(200), default="")
    assistant_id: Mapped[str] = to("assistants.id", index=True)
    digest: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        _one("one_consent_of_a_person", "person_id", "person_id IS NOT NULL"),
        _one("one_consent_of_a_user", "user_id", "person_id IS NULL"),
    )
