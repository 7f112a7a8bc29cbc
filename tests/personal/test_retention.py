"""Retention: what is old goes wholly, what is young and what was approved stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core import access, assistants, clock, db, personal
from core.db.tables import ApprovedAnswer, Assistant, Conversation, Message, Trace
from core.errors import InvalidInput, NotAllowed, NotFound
from core.personal import letting_go
from tests.comparison.voting import compared, house
from tests.conftest import ENGINES
from tests.personal.full import asked, holding, store
from tests.retrieval.remembered import answered, judged

OLD = clock.now() - timedelta(days=31)


def _talks(assistant: Assistant, *ages: int) -> list[str]:
    """Conversations with a question each, so many days old."""
    ids = []
    for age in ages:
        at = clock.now() - timedelta(days=age)
        talk = store(Conversation(assistant_id=assistant.id, created_at=at, updated_at=at))
        store(Message(conversation_id=talk.id, role="user", text="Oi", created_at=at))
        ids.append(talk.id)
    return ids


def _left() -> set[str]:
    with db.session() as session:
        return set(session.scalars(select(Conversation.id)))


@pytest.mark.parametrize("engine", ENGINES)
def test_conversations_go_so_many_days_after_their_last_message(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letting_go, "AT_ONCE", 2)
    shop, other = assistants.create("Loja"), assistants.create("Outra")
    young = _talks(shop, 1, 29)
    _talks(shop, 31, 32, 33, 400)
    others = _talks(other, 400)
    personal.set_retention(shop.id, 30)
    assert personal.due(shop.id, 30) == {"conversations": 4, "messages": 4}
    assert personal.keep_retention() == 4
    assert _left() == {*young, *others}
    assert personal.keep_retention() == 0


def test_nothing_goes_where_nothing_is_set(home: Path) -> None:
    shop = assistants.create("Loja")
    _talks(shop, 10_000)
    assert personal.keep_retention() == 0
    personal.set_retention(shop.id, 30)
    personal.set_retention(shop.id, None)
    assert personal.keep_retention() == 0
    assert len(_left()) == 1


@pytest.mark.slow
def test_an_answer_goes_with_its_trace_and_passages_and_what_was_approved_stays(home: Path) -> None:
    shop = assistants.create("Loja")
    asked(shop, access.person("Ana"), "Onde fica?")
    judged(answered(shop.id, "Qual é o prazo?"))
    with db.writing() as session:
        for talk in session.scalars(select(Conversation)):
            talk.updated_at = OLD
    personal.set_retention(shop.id, 30)
    assert personal.keep_retention() == 2
    with db.session() as session:
        assert session.scalar(select(func.count()).select_from(Trace)) == 0
        kept = session.scalars(select(ApprovedAnswer)).one()
    assert (kept.question, kept.message_id, kept.retired_at) == ("Qual é o prazo?", None, None)
    assert holding("Onde fica?") == set()


def test_questions_of_evaluation_runs_stay_and_those_asked_by_hand_go(home: Path) -> None:
    shop = house()
    of_run, by_hand = compared(shop), compared(shop, source="hand")
    with db.writing() as session:
        for row in (of_run, by_hand):
            session.get_one(Conversation, row.conversation_id).updated_at = OLD
    personal.set_retention(shop.assistant.id, 30)
    assert personal.keep_retention() == 1
    assert _left() == {of_run.conversation_id}


def test_a_turn_ends_where_somebody_decides_otherwise_meanwhile(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letting_go, "AT_ONCE", 1)
    shop = assistants.create("Loja")
    _talks(shop, 31, 32, 33)
    personal.set_retention(shop.id, 30)
    changed = lambda _seconds: personal.set_retention(shop.id, None)  # noqa: E731
    monkeypatch.setattr("core.personal.retention.time.sleep", changed)
    assert personal.keep_retention() == 1
    assert len(_left()) == 2


@pytest.mark.parametrize("days", [0, -1, 36_501])
def test_a_retention_is_of_a_day_to_a_century(home: Path, days: int) -> None:
    shop = assistants.create("Loja")
    with pytest.raises(InvalidInput):
        personal.set_retention(shop.id, days)
    with pytest.raises(NotFound):
        personal.set_retention("none", 30)


def test_only_who_operates_decides_how_long_is_kept(home: Path) -> None:
    shop, ana = assistants.create("Loja"), access.person("Ana")
    access.set_roles(ana.id, ["analyst"])
    with access.as_person(access.known(ana.id)), pytest.raises(NotAllowed):
        personal.set_retention(shop.id, 30)
