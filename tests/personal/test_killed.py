"""kill -9 in the middle of an erasure or a retention: what is left is true, and the next turn ends it."""

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core import access, assistants, clock, db, personal
from core.db.tables import Assistant, Conversation, Erasure, Message
from core.metrics import keeping
from tests.personal.full import WORD, holding
from tests.test_kills import TIMES, _killed, _sound

TALKS = 60
ERASING = """
import sys
from core import personal
from core.personal import letting_go
letting_go.AT_ONCE = 2
print("begins", flush=True)
personal.erase(personal.subject(sys.argv[1]))
"""
KEEPING = ERASING.replace(
    "personal.erase(personal.subject(sys.argv[1]))", "personal.keep_retention()"
)


@pytest.fixture
def shop(home: Path) -> Assistant:
    """An assistant with old conversations of Ana, and one of Bia's of today."""
    made, ana, bia = assistants.create("Loja"), access.person("Ana"), access.person("Bia")
    old = clock.now() - timedelta(days=60)
    with db.writing() as session:
        for n in range(TALKS):
            _talk(session, made, ana.id, f"{WORD} {n}", old)
        _talk(session, made, bia.id, "Abre hoje?", clock.now())
    return made


def _talk(session: object, shop: Assistant, person_id: str, text: str, at: object) -> None:
    talk = Conversation(
        id=db.new_id(), assistant_id=shop.id, person_id=person_id, created_at=at, updated_at=at
    )
    asked = Message(id=db.new_id(), conversation_id=talk.id, role="user", text=text, created_at=at)
    answer = Message(
        conversation_id=talk.id,
        parent_id=asked.id,
        role="assistant",
        text=text,
        outcome="answered",
        created_at=at,
    )
    for row in (talk, asked, answer):
        session.add(row)  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]


def _left() -> int:
    with db.session() as session:
        return session.scalar(select(func.count()).select_from(Conversation)) or 0


def _figures_are_true() -> None:
    """The figures count what is there."""
    keeping.keep_current()
    assert len(keeping.current().conversations) == _left()


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(TIMES))
def test_killed_while_erasing(home: Path, shop: Assistant, seed: int) -> None:
    keeping.keep_current()
    ana = access.find("Ana")
    list(_killed(ERASING, ana.id, after=random.Random(seed).uniform(0.0, 1.2)))
    _sound(home)
    _figures_are_true()
    with db.session() as session:
        begun: Sequence[Erasure] = session.scalars(select(Erasure)).all()
    if not begun:  # killed before it was written down that somebody is to be erased
        assert _left() == TALKS + 1
        personal.erase(personal.subject(ana.id))
    assert personal.keep_erasing() <= 1
    (row,) = personal.erasures()
    assert row.done_at
    assert row.erased["conversations"] == TALKS  # each counted once, however often it was begun
    assert row.erased["messages"] == 2 * TALKS
    assert (_left(), set(holding(WORD))) == (1, set())
    _figures_are_true()
    _sound(home)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(TIMES))
def test_killed_while_letting_old_conversations_go(home: Path, shop: Assistant, seed: int) -> None:
    personal.set_retention(shop.id, 30)
    keeping.keep_current()
    list(_killed(KEEPING, after=random.Random(seed).uniform(0.0, 1.2)))
    _sound(home)
    _figures_are_true()
    before = _left()
    assert personal.keep_retention() == before - 1
    assert _left() == 1
    with closing(sqlite3.connect(home / "ciclo.db")) as connection:
        orphans = "SELECT count(*) FROM messages WHERE conversation_id NOT IN (SELECT id FROM conversations)"
        assert connection.execute(orphans).fetchone() == (0,)
    _figures_are_true()
