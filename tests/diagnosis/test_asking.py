"""What a diagnosis asks goes the whole way and leaves nothing."""

import threading
import time

from sqlalchemy import func, select

from core import assistants, chat, db, diagnosis, loop, registry
from core.db.tables import Assistant, CachedAnswer, Conversation, Message, Passage, Trace
from core.diagnosis import asking
from tests.diagnosis.conftest import SATURDAYS
from tests.fake_ollama import FakeOllama


def rows() -> dict[str, int]:
    """How many rows there are of all that an answer leaves."""
    tables = (Conversation, Message, Passage, Trace, CachedAnswer)
    with db.session() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }


def test_an_answer_is_given_and_nothing_of_it_stays(desk: Assistant, ollama: FakeOllama) -> None:
    registry.follow_ollama()
    before = rows()
    found = asking.answer(SATURDAYS, desk.id)
    assert found.message.outcome == "answered"
    assert found.passages
    assert rows() == before


def test_nobody_sees_it_while_it_is_asked(desk: Assistant) -> None:
    with asking.asked(SATURDAYS, desk.id) as found:
        assert found.message.outcome == "answered"
        assert chat.conversations() == []
        assert chat.traces() == []
        assert loop.snapshot().conversations == 0


def test_a_kept_answer_of_people_is_neither_given_nor_replaced(
    desk: Assistant, ollama: FakeOllama
) -> None:
    registry.follow_ollama()
    chat.ask(SATURDAYS, assistant=desk.id)
    asked = len(ollama.bodies("/api/chat"))
    assert not asking.answer(SATURDAYS, desk.id).message.cached
    assert len(ollama.bodies("/api/chat")) == asked + 1
    assert chat.ask(SATURDAYS, assistant=desk.id).message.cached


def test_it_is_deleted_where_the_listener_fails(desk: Assistant) -> None:
    def fail(event: chat.Event) -> None:
        raise RuntimeError("gone")

    try:
        with asking.asked(SATURDAYS, desk.id, listen=fail):
            raise AssertionError("never reached")
    except RuntimeError:
        assert rows()["conversations"] == 0


def test_an_answer_that_takes_too_long_is_stopped(desk: Assistant, ollama: FakeOllama) -> None:
    registry.follow_ollama()
    ollama.faults["/api/chat"] = "stall"
    found = asking.answer(SATURDAYS, desk.id, limit=0.3)
    assert found.message.outcome == "cut_off"
    assert found.message.finish_reason == "stopped"


def test_what_a_killed_check_left_is_deleted_by_a_later_one(desk: Assistant) -> None:
    from core import clock

    with db.writing() as session:
        at = clock.now() - asking.LEFT_BEHIND * 2
        left = Conversation(assistant_id=desk.id, channel=asking.CHANNEL, created_at=at)
        session.add(left)
    asking.forget_left_behind()
    assert rows()["conversations"] == 0
    assert assistants.get(desk.id)


def test_an_answer_nobody_waits_for_is_stopped_at_once_and_deleted(
    desk: Assistant, ollama: FakeOllama
) -> None:
    registry.follow_ollama()
    ollama.faults["/api/chat"] = "stall"
    before = rows()
    found = diagnosis.stress(desk.id, requests=20, concurrency=2)
    next(found)
    while not ollama.bodies("/api/chat"):
        time.sleep(0.01)
    assert rows()["conversations"] in (1, 2)  # there is something to delete
    found.close()  # type: ignore[attr-defined]  # a page that was left, or Ctrl+C
    still_asking = [one.name for one in threading.enumerate() if one.name.startswith("stress")]
    assert still_asking == []
    assert rows() == before
    assert len(ollama.bodies("/api/chat")) in (1, 2)  # the other eighteen are never asked
