"""Who asks, reviews, operates; who belongs to an assistant; who agreed to what."""

from datetime import datetime
from json import dumps
from typing import Any

from sqlalchemy import String, UniqueConstraint
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


class Consent(Base):
    """That somebody agreed to an assistant's text on personal data; ``digest`` is that text's SHA-256."""

    __tablename__ = "consents"
    id: Mapped[str] = own_id()
    person_id: Mapped[str] = to("people.id", index=True)
    assistant_id: Mapped[str] = to("assistants.id", index=True)
    digest: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("person_id", "assistant_id", "digest", name="one_consent_to_a_text"),
    )
