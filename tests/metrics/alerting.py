"""What tests of alerts begin with: answers written straight into the tables, and a clock that is moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from core import clock, db
from core.db.tables import Conversation, Message, new_id

START = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Hand:
    """A clock's hand: ``at`` is what the clock shows."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@contextmanager
def clock_in_hand() -> Iterator[Hand]:
    """Within the block the clock shows what its hand says."""
    hand = Hand()
    with clock.held(hand):
        yield hand


def answers(assistant_id: str, good: int, bad: int, *, hours_ago: float = 0.5) -> list[str]:
    """Conversations of one answer each, the bad ones an error; the ids of the bad ones."""
    at = clock.now() - timedelta(hours=hours_ago)
    talks, messages = [], []
    for i in range(good + bad):
        talk, question, answer = new_id(), new_id(), new_id()
        when = {"created_at": at + timedelta(milliseconds=i)}
        facts = {"assistant_id": assistant_id, "title": f"Conversa {i}", "updated_at": at}
        talks.append({"id": talk, "leaf_id": answer, **facts, **when})
        of = {"conversation_id": talk, **when}
        asked = {"id": question, "role": "user", "text": "E?", "parent_id": None, "outcome": None}
        outcome = "answered" if i < good else "error"
        given = {"id": answer, "role": "assistant", "text": "Sim.", "parent_id": question}
        messages += [
            {**of, **asked, "total_seconds": None},
            {**of, **given, "outcome": outcome, "total_seconds": 1.0 + i % 7},
        ]
    with db.writing() as session:
        for table, rows in ((Conversation, talks), (Message, messages)):
            session.execute(insert(table), rows)
    return [str(talk["id"]) for talk in talks[good:]]
