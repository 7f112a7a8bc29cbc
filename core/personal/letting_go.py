"""Conversations go for good, a bounded number at a time, with all that hangs on them.

In: a session that writes, ids of conversations. Out: how many rows of which kind went. Always holds:
the foreign keys take messages, passages, traces, ratings, review items and comparisons along in the
same transaction, triggers tell the figures, and what the memory of approved questions keeps of them
stands by itself, or is emptied where nothing may stay. Freed pages of SQLite are overwritten.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Text, cast, delete, func, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from core import clock, db
from core.db.tables import ApprovedAnswer, Assistant, Conversation, IdempotencyKey, Message
from core.i18n import N_

AT_ONCE = 20  # conversations a transaction: others wait for it some tens of milliseconds
ERASED = "erased"  # why an approved answer is retired of which nothing may stay
TITLES = {
    "conversations": N_("conversations"),
    "messages": N_("messages"),
    "approved_answers": N_("approved answers to what they asked"),
}


@contextmanager
def overwriting() -> Iterator[Session]:
    """A session that writes; what it frees in SQLite's file is overwritten with zeros.

    https://www.sqlite.org/pragma.html#pragma_secure_delete
    """
    with db.writing() as session:
        if db.engine().dialect.name != "sqlite":
            yield session
            return
        connection = session.connection()
        connection.execute(sql("PRAGMA secure_delete = ON"))
        try:
            yield session
        finally:
            connection.execute(sql("PRAGMA secure_delete = OFF"))


def flush_log() -> None:
    """Bring SQLite's write-ahead log into the file and empty it: its old pages are read no more."""
    if db.engine().dialect.name == "sqlite":
        with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sql("PRAGMA wal_checkpoint(TRUNCATE)"))


def let_go(session: Session, ids: Sequence[str], *, wholly: bool) -> Counter[str]:
    """Delete conversations. ``wholly``: what was approved of them is emptied too."""
    counts = counted(session, ids)
    if wholly:
        _forget_approved(session, ids)
        _forget_replays(session, ids)
    else:
        del counts["approved_answers"]
    session.connection().execute(delete(Conversation).where(Conversation.id.in_(ids)))
    return +counts


def counted(session: Session, ids: Any) -> Counter[str]:
    """How much there is of these conversations (ids, or a query of them)."""
    said = select(func.count()).where(Message.conversation_id.in_(ids))
    taught = select(func.count()).where(_approved_of(ids))
    talks = select(func.count()).where(Conversation.id.in_(ids))
    return Counter(
        conversations=session.scalar(talks) or 0,
        messages=session.scalar(said) or 0,
        approved_answers=session.scalar(taught) or 0,
    )


def _approved_of(ids: Any) -> Any:
    said = select(Message.id).where(Message.conversation_id.in_(ids))
    return ApprovedAnswer.message_id.in_(said) & (ApprovedAnswer.retired_why != ERASED)


def _forget_approved(session: Session, ids: Sequence[str]) -> None:
    """Empty what was approved of them. The row stays and has changed, for every process learns by the
    number of the change that it is retired."""
    found = select(ApprovedAnswer.id, ApprovedAnswer.assistant_id).where(_approved_of(ids))
    rows = session.execute(found).all()
    for assistant_id in sorted({row.assistant_id for row in rows}):
        emptied = {
            "question": "",
            "answer": "",
            "passages": [],
            "retired_at": clock.now(),
            "retired_why": ERASED,
            "revision": _revision(session, assistant_id),
        }
        of_it = [row.id for row in rows if row.assistant_id == assistant_id]
        session.connection().execute(
            update(ApprovedAnswer).where(ApprovedAnswer.id.in_(of_it)).values(emptied)
        )


def _revision(session: Session, assistant_id: str) -> int:
    up = (
        update(Assistant)
        .where(Assistant.id == assistant_id)
        .values(memory_revision=Assistant.memory_revision + 1, updated_at=Assistant.updated_at)
        .returning(Assistant.memory_revision)
    )
    return int(session.connection().execute(up).scalar_one())


def _forget_replays(session: Session, ids: Sequence[str]) -> None:
    """The stored answers to requests about them: they repeat comments."""
    about = or_(*(cast(IdempotencyKey.answer, Text).contains(id_, autoescape=True) for id_ in ids))
    session.connection().execute(delete(IdempotencyKey).where(about))
