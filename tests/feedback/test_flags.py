"""Problems reported: once each, changeable, with what came of them."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import access, assistants, chat, clock, db, feedback
from core.db.tables import Assistant, Conversation, Flag, Item, Judgement, Queue, Version
from core.errors import InvalidInput, NotFound
from tests.conftest import ENGINES

pytestmark = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture
def shop(home: object) -> Assistant:
    return assistants.create("Loja")


@pytest.fixture
def answer(shop: Assistant) -> str:
    return chat.ask("Que horas abre?", assistant=shop.id).message.id


@pytest.fixture
def ana(home: object) -> str:
    return access.person("Ana").id


def _rows() -> int:
    with db.session() as session:
        return session.scalar(select(func.count()).select_from(Flag)) or 0


def _judged(answer: str, verdict: str, kind: str = "review") -> None:
    with db.writing() as session:
        talk = session.get_one(Conversation, chat.answer(answer).conversation.id)
        queue = session.scalar(select(Queue)) or Queue(assistant_id=talk.assistant_id, name="q")
        session.add(queue)
        session.flush()
        item = session.scalar(select(Item)) or Item(
            queue_id=queue.id, conversation_id=talk.id, message_id=answer
        )
        session.add(item)
        session.flush()
        session.add(
            Judgement(item_number=item.number, message_id=answer, verdict=verdict, kind=kind)
        )


def test_several_problems_hold_at_once_and_each_once(answer: str, ana: str) -> None:
    for problem in ("tone", "outdated", "tone"):
        feedback.flag(answer, problem, person_id=ana)
    assert [one.problem for one in feedback.flags(answer, person_id=ana)] == ["tone", "outdated"]
    assert _rows() == 2


def test_another_text_replaces_and_keeps_the_old_as_history(answer: str, ana: str) -> None:
    feedback.flag(answer, "other", person_id=ana, text="confuso")
    feedback.flag(answer, "other", person_id=ana, text=" confuso demais ")
    (now,) = feedback.flags(answer, person_id=ana)
    assert now.text == "confuso demais"
    past = feedback.history(answer, person_id=ana)
    assert [getattr(row, "text", "") for row in past] == ["confuso", "confuso demais"]


def test_taken_back_it_holds_no_longer_and_others_stay(answer: str, ana: str) -> None:
    bia = access.person("Bia").id
    for who in (ana, bia):
        feedback.flag(answer, "unsafe", person_id=who)
    feedback.unflag(answer, "unsafe", person_id=ana)
    feedback.unflag(answer, "unsafe", person_id=ana)
    assert feedback.flags(answer, person_id=ana) == []
    assert [one.person_id for one in feedback.flags(answer)] == [bia]


@pytest.mark.parametrize(("problem", "text"), [("other", "  "), ("ugly", ""), ("tone", "x" * 4001)])
def test_what_says_nothing_is_refused(answer: str, ana: str, problem: str, text: str) -> None:
    with pytest.raises(InvalidInput):
        feedback.flag(answer, problem, person_id=ana, text=text)
    assert _rows() == 0


def test_only_an_answer_can_be_flagged(answer: str, ana: str) -> None:
    asked = chat.answer(answer).question.id
    for id_ in (asked, "nope"):
        with pytest.raises(NotFound):
            feedback.flag(id_, "tone", person_id=ana)


def test_a_report_is_stored_whole_or_not_at_all(answer: str, ana: str) -> None:
    feedback.flag(answer, "tone", person_id=ana)
    with pytest.raises(InvalidInput):
        feedback.change_flags(answer, {"outdated": "", "other": ""}, person_id=ana)
    assert [one.problem for one in feedback.flags(answer, person_id=ana)] == ["tone"]
    feedback.change_flags(answer, {"outdated": "", "other": "feio"}, person_id=ana)
    now = {one.problem: one.text for one in feedback.flags(answer, person_id=ana)}
    assert now == {"outdated": "", "other": "feio"}


def test_the_same_report_from_many_threads_is_one(answer: str, ana: str) -> None:
    def report() -> None:
        feedback.flag(answer, "wrong_fact", person_id=None, user_id="5511")
        feedback.flag(answer, "wrong_fact", person_id=ana)

    clicks = [threading.Thread(target=report) for _ in range(8)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(feedback.flags(answer)) == _rows() == 2


def test_what_came_of_it_is_open_then_judged_then_fixed(
    answer: str, ana: str, shop: Assistant
) -> None:
    made = feedback.flag(answer, "wrong_fact", person_id=ana)
    assert feedback.what_came_of(made).state == "open"
    _judged(answer, "approved", kind="calibration")
    assert feedback.what_came_of(made).state == "open"
    with clock.held(clock.now() + timedelta(minutes=1)):
        _judged(answer, "corrected", kind="adjudication")
    with clock.held(clock.now() + timedelta(minutes=2)):
        _judged(answer, "rejected")
    assert feedback.what_came_of(made).state == "corrected"  # the adjudication decides
    with db.writing() as session:
        version = session.scalar(select(Version).where(Version.assistant_id == shop.id))
        assert version
        session.get_one(Flag, made.id).version_id = version.id
    came = feedback.what_came_of(feedback.flags(answer, person_id=ana)[0])
    assert (came.state, came.version) == ("fixed", 1)


def test_a_judgement_from_before_the_flag_is_not_what_came_of_it(answer: str, ana: str) -> None:
    _judged(answer, "approved")
    with clock.held(clock.now() + timedelta(minutes=1)):
        made = feedback.flag(answer, "tone", person_id=ana)
    assert feedback.what_came_of(made).state == "open"
