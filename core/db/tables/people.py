"""Who asks, reviews, operates."""

from datetime import datetime
from json import dumps
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db.tables.base import Base, own_id

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
