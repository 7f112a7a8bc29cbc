"""What grouping remembers between its turns, and that one process at a time is at it.

In ``settings``: under "topics" who is at it and up to which change questions are placed, under
"topics:<assistant>" what its last grouping has learned. Always holds: a process that died keeps others
from it for BUSY at most.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import clock, db
from core.db.tables import Assistant, Setting, new_id

BUSY = timedelta(minutes=15)
TURN = "topics"


@contextmanager
def turn() -> Iterator[bool]:
    """Within the block nobody else is at it; False: somebody is."""
    token = new_id()
    mine = db.settled(lambda session: _taken(session, token))
    try:
        yield mine
    finally:
        if mine:
            db.settled(lambda session: _given_back(session, token))


def _taken(session: Session, token: str) -> bool:
    row = _row(session, TURN)
    busy = row.value.get("busy_until")
    if busy and datetime.fromisoformat(busy) > clock.now():
        return False
    row.value = row.value | {"busy_until": (clock.now() + BUSY).isoformat(), "token": token}
    return True


def _given_back(session: Session, token: str) -> None:
    row = _row(session, TURN)
    if row.value.get("token") == token:
        row.value = row.value | {"busy_until": "", "token": ""}


def remember(name: str, **values: Any) -> None:
    """Keep these values under a name; others that are there stay."""

    def change(session: Session) -> None:
        row = _row(session, name)
        row.value = row.value | values

    db.settled(change)


def _row(session: Session, name: str) -> Setting:
    row = session.get(Setting, name, with_for_update=True)
    if row is None:
        row = Setting(name=name, value={})
        session.add(row)
    return row


def value(session: Session, name: str) -> dict[str, Any]:
    """What is kept under a name."""
    row = session.get(Setting, name)
    return row.value if row else {}


def name(assistant_id: Any) -> Any:
    """The name in ``settings`` of what the last grouping of an assistant has learned; of an id or a column."""
    return TURN + ":" + assistant_id


def forget_gone() -> None:
    """Forget what was learned of assistants that are there no longer."""
    gone = Setting.name.like(f"{TURN}:%"), Setting.name.not_in(select(name(Assistant.id)))
    with db.session() as session:
        if session.scalar(select(Setting.name).where(*gone).limit(1)) is None:
            return
    with db.writing() as session:
        session.execute(delete(Setting).where(*gone))
