"""What tests of the review queue begin with: an assistant, conversations, people, a queue."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from core import access, annotation, assistants, clock, db, i18n
from core.db.tables import Assistant, Conversation, Message, Queue, new_id

Talks = Callable[[int], list[str]]
Made = Callable[..., Queue]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are told in English."""
    with i18n.speaking("en"):
        yield


@pytest.fixture
def assistant(home: Path) -> Assistant:
    return assistants.create("Loja")


@pytest.fixture
def talks(assistant: Assistant) -> Talks:
    """Make so many conversations of one question and its answer; their ids."""
    return lambda n: conversations(assistant.id, n)


@pytest.fixture
def made(assistant: Assistant, talks: Talks) -> Made:
    """Make a queue with so many items: ``made(3, reviewers_per_item=2)``."""

    def make(n: int, **facts: int) -> Queue:
        queue = annotation.create_queue(assistant.id, f"Fila {new_id()}", **facts)  # type: ignore[arg-type]
        annotation.add(queue.id, talks(n))
        return queue

    return make


@pytest.fixture
def ana(home: Path) -> str:
    return access.person("Ana").id


@pytest.fixture
def bia(home: Path) -> str:
    return access.person("Bia").id


def conversations(assistant_id: str, n: int) -> list[str]:
    """Conversations written straight into the tables, one second after the other."""
    start = clock.now() - timedelta(days=1)
    talks, messages = [], []
    for i in range(n):
        talk, question, answer = new_id(), new_id(), new_id()
        moment = start + timedelta(seconds=i)
        at = {"created_at": moment}
        facts = {"assistant_id": assistant_id, "title": f"Conversa {i}", "updated_at": moment}
        talks.append({"id": talk, "leaf_id": answer, **facts, **at})
        of = {"conversation_id": talk, **at}
        asked = {"id": question, "role": "user", "text": f"Pergunta {i}?", "parent_id": None}
        given = {"id": answer, "role": "assistant", "text": f"Resposta {i}.", "parent_id": question}
        messages += [
            {**of, **asked, "outcome": None},
            {**of, **given, "outcome": "answered"},
        ]
    with db.writing() as session:
        for table, rows in ((Conversation, talks), (Message, messages)):
            if rows:
                session.execute(insert(table), rows)
    return [str(talk["id"]) for talk in talks]
