"""The facts are those of the database, whatever has changed, whoever changed it, and after a restart."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from core import clock, db, feedback, metrics
from core.access import local_person
from core.db.tables import Conversation, Message
from core.metrics import keeping, snapshot
from core.metrics.facts import FRAMES, Facts
from tests.conftest import ENGINES
from tests.metrics.made import assistant, talk


def same(one: Facts, other: Facts) -> bool:
    """Whether two facts say the same, in whatever order and by whatever codes."""
    return all(_rows(one, name) == _rows(other, name) for name in FRAMES)


def _rows(facts: Facts, name: str) -> list[str]:
    frame = getattr(facts, name)
    columns = []
    for column, (_kind, words) in FRAMES[name].items():
        if column not in ("key", "answer"):
            known = facts.names.get(words, [])
            columns.append([known[v] if words else str(v) for v in frame[column]])
    return sorted(map(str, zip(*columns, strict=True)))


@pytest.mark.parametrize("engine", ENGINES)
def test_facts_follow_every_change_as_if_they_were_read_anew(now: None, engine: str) -> None:
    shop = assistant()
    one, other = talk(shop, {"up": 1}, {}), talk(shop, {"outcome": "error"}, channel="site")
    keeping.current()
    talk(shop, {"cost": 0.5})
    with db.session() as session:
        answers = session.query(Message).filter_by(role="assistant").all()
    feedback.give(answers[0].id, "down", person_id=local_person().id)
    for step in (
        update(Conversation).where(Conversation.id == one).values(removed_at=clock.now()),
        update(Message).where(Message.role == "assistant").values(state="done", outcome="related"),
        update(Conversation).where(Conversation.id == one).values(removed_at=None),
        delete(Conversation).where(Conversation.id == other),
    ):
        with db.writing() as session:
            session.execute(step)
        followed = keeping.current()
        keeping.forget()
        assert same(followed, keeping.current())


def test_a_start_from_the_file_has_what_changed_while_nobody_looked(now: None, home: Path) -> None:
    shop = assistant()
    talk(shop, {"up": 1})
    snapshot.save(keeping.current())
    keeping.forget()
    talk(shop, {"down": 1})
    begun = keeping.current()
    keeping.forget()
    snapshot.place().unlink()
    assert same(begun, keeping.current())
    assert len(begun.answers) == 2


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 half a file", b"\x80\x04K\x01."], ids=["empty", "half", "pickle"]
)
def test_a_damaged_file_costs_time_and_nothing_else(now: None, content: bytes) -> None:
    talk(assistant(), {})
    snapshot.place().parent.mkdir(parents=True)
    snapshot.place().write_bytes(content)
    assert len(keeping.current().answers) == 1


def test_a_file_of_another_database_is_not_believed(now: None) -> None:
    shop = assistant()
    talk(shop, {})
    gone = talk(shop, {})
    snapshot.save(keeping.current())
    keeping.forget()
    with db.writing() as session:  # as if the database had been put back to an earlier day
        session.execute(delete(Conversation).where(Conversation.id == gone))
        session.execute(db.tables.ConversationChange.__table__.delete())  # type: ignore[attr-defined]
    assert len(keeping.current().answers) == 1


def test_answers_still_being_written_are_no_facts(now: None) -> None:
    talk(assistant(), {"state": "running", "outcome": None})
    assert len(keeping.current().answers) == 0
    with db.writing() as session:
        session.execute(update(Message).values(state="done"))
    assert len(keeping.current().answers) == 1


def test_two_at_once_read_the_facts_once(now: None, monkeypatch: pytest.MonkeyPatch) -> None:
    talk(assistant(), {})
    reads, whole = [], keeping._everything

    def counted(session: object) -> Facts:
        reads.append(1)
        return whole(session)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping, "_everything", counted)
    threads = [threading.Thread(target=keeping.current) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reads == [1]


def test_what_is_kept_is_never_older_than_the_facts(now: None) -> None:
    shop, view = assistant(), metrics.View(period="7d")
    talk(shop, {"up": 1})
    assert metrics.figure("satisfaction", view).n == 1
    talk(shop, {"up": 1})
    assert metrics.figure("satisfaction", view).n == 2


def test_a_long_first_reading_is_not_done_again_by_the_next_process(
    now: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "WORTH_SAVING", 2)
    shop = assistant()
    talk(shop, {})
    keeping.current()
    assert not snapshot.place().exists()  # a few are read faster than a file
    keeping.forget()
    talk(shop, {})
    keeping.current()
    assert snapshot.place().exists()
