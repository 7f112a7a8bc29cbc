"""Pages of a list: an opaque cursor that says where the last page ended.

A cursor is what the list is ordered by, of its last entry, in base64; it holds no secret and
stays good while entries come and go.
"""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from fastapi import Query

from core.errors import InvalidInput
from core.i18n import _

Row = TypeVar("Row")
Limit = Annotated[int, Query(ge=1, le=200, description="How many entries at most.")]
Cursor = Annotated[
    str | None, Query(max_length=500, description="`next_cursor` of the page before.")
]
LIMIT = 50


def cut(
    rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[str | datetime]]
) -> tuple[list[Row], str | None]:
    """The first ``limit`` of ``rows`` (read with one more) and the cursor for what follows."""
    shown = list(rows[:limit])
    return shown, encode(key(shown[-1])) if len(rows) > limit else None


def encode(parts: Sequence[str | datetime]) -> str:
    """The parts as a cursor."""
    plain = [part.isoformat() if isinstance(part, datetime) else part for part in parts]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def moment_and_id(cursor: str | None) -> tuple[datetime, str] | None:
    """What ``encode([moment, id])`` was given; InvalidInput for anything else."""
    if cursor is None:
        return None
    try:
        moment, id_ = _parts(cursor)
        at = datetime.fromisoformat(moment).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        raise not_ours() from None
    return at, _text(id_)


def only_id(cursor: str | None) -> str | None:
    """What ``encode([id])`` was given; InvalidInput for anything else."""
    if cursor is None:
        return None
    try:
        (id_,) = _parts(cursor)
    except (ValueError, TypeError):
        raise not_ours() from None
    return _text(id_)


def _parts(cursor: str) -> list[str]:
    padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
    parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    if not isinstance(parts, list):
        raise ValueError("no cursor of ours")
    return parts


def _text(id_: object) -> str:
    if not isinstance(id_, str) or not id_.isascii() or "\x00" in id_:
        raise not_ours()
    return id_


def not_ours() -> InvalidInput:
    """The error for a cursor that we have not given out, or whose entry is gone."""
    return InvalidInput(
        _("This cursor is none of ours."),
        field="cursor",
        hint=_("Use the next_cursor of the page before, or leave it out."),
    )
