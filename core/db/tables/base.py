"""What every table is made of: ids, times in UTC, arrows to other tables."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Self
from uuid import uuid4

from sqlalchemy import JSON, DateTime, ForeignKey, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """A row as it is read back: what was not given is as the table has it by default. As it is
        read back it is made, too: setting each attribute by itself takes ten times as long."""
        made: Self = cls.__mapper__.class_manager.new_instance()
        vars(made).update({name: make() for name, make in _defaults(cls) if name not in values})
        vars(made).update(values)
        return made


@cache
def _defaults(table: type[Base]) -> tuple[tuple[str, Callable[[], Any]], ...]:
    return tuple((column.key, _default(column)) for column in table.__table__.columns)


def _default(column: Any) -> Callable[[], Any]:
    known = column.default
    if known is None:
        return lambda: None
    return (lambda: known.arg) if known.is_scalar else (lambda: known.arg(None))


def own_id() -> Mapped[str]:
    return mapped_column(String(36), primary_key=True, default=new_id)


def to(target: str, **options: Any) -> Mapped[Any]:
    return mapped_column(
        String(36), ForeignKey(target, ondelete=options.pop("ondelete", "CASCADE")), **options
    )
