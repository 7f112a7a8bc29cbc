"""A disk that runs full: what is new is refused whole, what was begun is ended."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from core import assistants, chat, db, retrieval
from core.db import room
from core.db.tables import Conversation, Document
from core.errors import Unavailable
from core.llm import fake


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def left(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Bytes that are free, to be changed."""
    free = [10 * room.LEAST]
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Disk(0, 0, free[0]))
    monkeypatch.setattr(room, "LOOK_EVERY", -1.0)
    yield free
    room._seen.clear()


def test_without_room_no_question_and_no_document_is_taken(left: list[int]) -> None:
    desk = assistants.create("Loja")
    left[0] = room.LEAST - 1
    for verb in (
        lambda: chat.ask("Qual é o prazo?"),
        lambda: retrieval.add(desk.id, "a.md", b"# A\n\nTexto.\n"),
    ):
        with pytest.raises(Unavailable) as refused:
            verb()
        assert refused.value.code == "disk_full"
        assert refused.value.hint
    with db.session() as session:
        assert (session.query(Conversation).count(), session.query(Document).count()) == (0, 0)


def test_what_was_begun_is_ended_and_room_can_be_made(left: list[int]) -> None:
    from core import registry

    desk = assistants.create("Loja")
    document = retrieval.add(desk.id, "a.md", b"# A\n\nO prazo e de 30 dias.\n", now=True)
    registry.choose_model(desk.id, "fake:echo")
    fake.reset()
    fake.queue(fake.Reply("O prazo é de 30 dias [1].", delay=0.2))
    started = chat.start("Qual é o prazo?")
    left[0] = room.LEAST - 1
    *_events, done = chat.follow(started.answer_id)
    assert done.data["answer"].message.outcome == "answered"
    retrieval.remove(document.id)
    left[0] = room.LEAST
    assert chat.ask("E agora?").message.state == "done"
    fake.reset()
