"""Whatever changes what is told of a conversation is written down, on both engines."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Text, delete, insert, select, update

from core import db
from core.db import changes
from core.db.tables import (
    Assistant,
    Conversation,
    ConversationChange,
    ConversationOutcome,
    ConversationRating,
    Feedback,
    Flag,
    Guideline,
    Item,
    Judgement,
    Message,
    Opinion,
    Queue,
    Topic,
    TopicQuestion,
)
from tests.conftest import ENGINES

pytestmark = pytest.mark.parametrize("engine", ENGINES)
TALK, SAID, LINE = "t" * 36, "m" * 36, "q" * 36
ITEM = {"queue_id": LINE, "conversation_id": TALK, "message_id": SAID}
ABOUT: dict[str, Callable[[], Any]] = {
    "feedback": lambda: Feedback(message_id=SAID, rating="up"),
    "problem_flags": lambda: Flag(message_id=SAID, problem="tone"),
    "conversation_ratings": lambda: ConversationRating(conversation_id=TALK, stars=4),
    "conversation_outcomes": lambda: ConversationOutcome(conversation_id=TALK, name="converted"),
    "topic_questions": lambda: TopicQuestion(message_id=SAID, topic_id="p" * 36),
    "judgements": lambda: Judgement(item_number=1, message_id=SAID, verdict="approved"),
    "annotation_opinions": lambda: Opinion(
        item_number=1, queue_id=LINE, guideline_id="g" * 36, model="fake:judge", seconds=1.0
    ),
}


@pytest.fixture
def talk(home: Path) -> str:
    """A conversation of one message that waits for reviewers; what its making wrote down is
    forgotten again."""
    with db.writing() as session:
        session.add(Assistant(id="a" * 36, name="A"))
        session.flush()
        session.add(Conversation(id=TALK, assistant_id="a" * 36))
        session.add(Topic(id="p" * 36, assistant_id="a" * 36, label="p"))
        session.add(Queue(id=LINE, assistant_id="a" * 36, name="q"))
        session.flush()
        session.add(Message(id=SAID, conversation_id=TALK, role="assistant", state="running"))
        session.add(Guideline(id="g" * 36, queue_id=LINE, number=1))
        session.flush()
        session.add(Item(number=1, **ITEM))
    forget()
    return TALK


def forget() -> None:
    with db.writing() as session:
        session.execute(delete(ConversationChange))


def changed() -> list[str]:
    with db.session() as session:
        return list(session.scalars(select(ConversationChange.conversation_id)))


@pytest.mark.parametrize("table", ABOUT)
def test_what_is_said_of_a_conversation_changed_and_withdrawn_is_a_change(
    talk: str, table: str
) -> None:
    made = ABOUT[table]()
    with db.writing() as session:
        session.add(made)
    assert changed() == [TALK]
    forget()
    kind, key = type(made), made.__mapper__.primary_key[0]
    column = "likeness" if kind is TopicQuestion else "created_at"
    with db.writing() as session:
        session.execute(update(kind).values({column: getattr(kind, column)}))
    assert changed() == [TALK]
    forget()
    with db.writing() as session:
        session.execute(delete(kind).where(key.is_not(None)))
    assert changed() == [TALK]


@pytest.mark.parametrize(
    ("what", "told"), [({"state": "done"}, [TALK]), ({"text": "half a wor"}, [])]
)
def test_the_end_of_an_answer_is_a_change_and_its_text_so_far_is_none(
    talk: str, what: dict[str, str], told: list[str]
) -> None:
    with db.writing() as session:
        session.execute(update(Message).values(what))
    assert changed() == told


def test_an_item_queued_done_decided_and_deleted_is_told_and_its_rank_is_none(talk: str) -> None:
    steps: list[tuple[Callable[[], Any], list[str]]] = [
        (lambda: delete(Item), [TALK]),
        (lambda: insert(Item).values(number=2, **ITEM), [TALK]),
        (lambda: update(Item).values(state="done"), [TALK]),
        (lambda: update(Item).values(gold_id="j" * 36), [TALK]),
        (lambda: update(Item).values(priority=2.0), []),
    ]
    for step, told in steps:
        forget()
        with db.writing() as session:
            session.execute(step())
        assert changed() == told


def test_a_queue_whose_judge_changes_or_that_is_removed_changes_what_is_told_of_its_items(
    talk: str,
) -> None:
    steps: list[tuple[dict[str, Any], list[str]]] = [
        ({"judge": "fake:judge"}, [TALK]),
        ({"removed_at": Queue.created_at}, [TALK]),
        ({"refilled_at": Queue.created_at}, []),
    ]
    for values, told in steps:
        forget()
        with db.writing() as session:
            session.execute(update(Queue).values(values))
        assert changed() == told


def test_a_conversation_removed_brought_back_and_deleted_is_told(talk: str) -> None:
    steps: list[Callable[[], Any]] = [
        lambda: update(Conversation).values(removed_at=Conversation.created_at),
        lambda: update(Conversation).values(removed_at=None),
        lambda: delete(Conversation),
    ]
    for step in steps:
        forget()
        with db.writing() as session:
            session.execute(step())
        assert changed() == [TALK]


def test_putting_the_triggers_into_place_again_changes_nothing(talk: str) -> None:
    with db.writing() as session:
        changes.watch(session.connection())
        session.execute(update(Message).values(state="done"))
    assert changed() == [TALK]


def test_a_migration_that_rebuilds_a_watched_table_leaves_it_watched(
    talk: str, engine: str
) -> None:
    how: Any = "always" if engine == "sqlite" else "never"
    with (
        db.engine().connect().execution_options(ciclo_writes=True) as connection,
        connection.begin(),
    ):
        changes.rest(connection)
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("messages", recreate=how) as table:
            table.add_column(Column("more", Text()))
        changes.watch(connection)
    forget()
    with db.writing() as session:
        session.execute(update(Message).values(state="done"))
    assert changed() == [TALK]
