"""What the API takes and gives, as pydantic models with bounds and examples.

This file holds what all subjects share: text that a database can hold, moments, pages of a list,
the error. Always holds: an unknown field is refused, so that a misspelt one never passes silently.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from core import clock
from core.errors import CicloError

Entry = TypeVar("Entry")
NO_TEXT = re.compile("[\x00\ud800-\udfff]")
EXAMPLE_ID = "0b9e6d4e-6f0b-4a43-9a1e-4d1f2b1c7a55"


def no_nul(text: str) -> str:
    """Refuse what no database keeps as text: NUL, and halves of characters (lone surrogates)."""
    if NO_TEXT.search(text):
        raise PydanticCustomError("nul_character", "a NUL character")
    return text


def within(most: int) -> BeforeValidator:
    """Count a text as it was sent: blanks that are then stripped count too, as the schema says."""

    def counted(value: Any) -> Any:
        if isinstance(value, str) and len(value) > most:
            raise PydanticCustomError("string_too_long", "too long", {"max_length": most})
        return value

    return BeforeValidator(counted)


def _as_utc(at: datetime) -> datetime:
    """A moment without a zone is UTC; one that no database can hold, or of the future, is refused."""
    try:
        moment = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        raise PydanticCustomError("moment_range", "out of range") from None
    if moment.year < 1970 or moment > clock.now() + timedelta(days=1):
        raise PydanticCustomError("moment_range", "out of range")
    return moment


def _written(at: Any) -> Any:
    """A moment is written out (ISO 8601); a bare number could count anything."""
    if isinstance(at, str) and not at.strip().replace(".", "").lstrip("+-").isdigit():
        return at
    raise PydanticCustomError("datetime_type", "no written time")


def _written_day(at: Any) -> Any:
    """A day is written out: 2026-03-01, no moment and no number."""
    if isinstance(at, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", at, re.ASCII):
        return at
    raise PydanticCustomError("date_type", "no written day")


def _id_text(value: Any) -> Any:
    """An outside id may come as a number; it is kept as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


# JSON has numbers and truth values: "1" and true are no numbers
Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Text = Annotated[str, AfterValidator(no_nul)]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    within(200),
    AfterValidator(no_nul),
]
Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=36),
    AfterValidator(no_nul),
    Field(examples=[EXAMPLE_ID]),
]
Named = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120),
    AfterValidator(no_nul),
    Field(description="An assistant, by id or by name.", examples=["Suporte"]),
]
OutsideId = Annotated[
    str,
    BeforeValidator(_id_text),
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(no_nul),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1, "maxLength": 200},
                {"type": "integer"},
            ]
        }
    ),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_written),
    AfterValidator(_as_utc),
    Field(examples=["2026-11-20T14:30:00Z"]),
]

Day = Annotated[date, BeforeValidator(_written_day), Field(examples=["2026-03-01"])]


class Given(BaseModel):
    """A body that comes in."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Shown(BaseModel):
    """A body that goes out; read from a row or dataclass by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class List(Shown, Generic[Entry]):
    """All there is, in ``data``."""

    data: list[Entry]


class Page(Shown, Generic[Entry]):
    """A page of a list; ``next_cursor`` is null on the last one."""

    data: list[Entry]
    next_cursor: str | None = Field(
        None, description="Hand it back as `cursor` for the page that follows."
    )


class Error(Shown):
    """What went wrong: a stable code, a sentence, and the way out."""

    code: str = Field(examples=["not_found"])
    message: str = Field(examples=["There is no conversation with the id “42”."])
    hint: str = Field("", examples=["List the conversations to find its id."])

    @classmethod
    def of(cls, error: CicloError) -> "Error":
        """The public face of one of our errors."""
        return cls(code=error.code, message=error.message, hint=error.hint)
