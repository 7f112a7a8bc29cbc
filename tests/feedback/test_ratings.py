"""One active rating per person and answer; what was said before stays as history."""

import threading

import pytest
from sqlalchemy import func, select

from core import access, assistants, chat, db, feedback
from core.db.tables import Feedback
from core.errors import InvalidInput, NotFound
from tests.conftest import ENGINES

pytestmark = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture
def answer(home: object) -> str:
    made = assistants.create("Loja")
    return chat.ask("Que horas abre?", assistant=made.id).message.id


def _rows() -> int:
    with db.session() as session:
        return session.scalar(select(func.count()).select_from(Feedback)) or 0


def test_the_same_rating_twice_is_one_row(answer: str) -> None:
    ana = access.person("Ana").id
    first = feedback.give(answer, "up", person_id=ana, reasons=["clear"])
    second = feedback.give(answer, "up", person_id=ana, reasons=["clear"])
    assert (first.id, _rows()) == (second.id, 1)


def test_another_rating_replaces_and_keeps_the_old_as_history(answer: str) -> None:
    ana = access.person("Ana").id
    feedback.give(answer, "up", person_id=ana)
    feedback.give(answer, "down", person_id=ana, reasons=["wrong_fact"], comment=" não é isso ")
    now = feedback.of(answer, person_id=ana)
    assert now
    assert (now.rating, now.comment) == ("down", "não é isso")
    assert _rows() == 2


def test_two_people_rate_apart(answer: str) -> None:
    feedback.give(answer, "up", person_id=access.person("Ana").id)
    feedback.give(answer, "down", person_id=access.person("Bia").id)
    assert feedback.summary() == feedback.ratings.Summary(up=1, down=1)


def test_withdrawn_counts_no_longer(answer: str) -> None:
    ana = access.person("Ana").id
    feedback.give(answer, "up", person_id=ana)
    feedback.withdraw(answer, person_id=ana)
    feedback.withdraw(answer, person_id=ana)
    assert feedback.of(answer, person_id=ana) is None
    assert feedback.summary().up == 0


def test_a_double_click_from_two_threads_is_one_rating(answer: str) -> None:
    ana = access.person("Ana").id
    clicks = [
        threading.Thread(target=feedback.give, args=(answer, "up"), kwargs={"person_id": ana})
        for _ in range(8)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert _rows() == 1


def test_nobody_rates_for_nobody_s_word_could_be_kept_once(answer: str) -> None:
    for say in (feedback.give, feedback.of, feedback.withdraw):
        with pytest.raises(InvalidInput) as refused:
            say(answer, *(["up"] if say is feedback.give else []), person_id=None)
        assert refused.value.field == "user"
    assert _rows() == 0


def test_a_user_of_an_outside_system_has_one_rating_whoever_passes_it_on(answer: str) -> None:
    for rating in ("up", "up", "down"):
        feedback.give(answer, rating, person_id=None, user_id="5511", channel="whatsapp")
    feedback.give(answer, "up", person_id=None, user_id="5512", channel="site")
    assert feedback.summary() == feedback.ratings.Summary(up=1, down=1)


@pytest.mark.parametrize(
    ("rating", "reasons", "comment"),
    [("sideways", [], ""), ("up", ["wrong_fact"], ""), ("down", ["?"], ""), ("up", [], "x" * 4001)],
)
def test_bad_feedback_is_refused(
    answer: str, rating: str, reasons: list[str], comment: str
) -> None:
    with pytest.raises(InvalidInput):
        feedback.give(answer, rating, person_id=None, user_id="1", reasons=reasons, comment=comment)
    assert _rows() == 0


def test_an_unknown_answer_cannot_be_rated(home: object) -> None:
    with pytest.raises(NotFound):
        feedback.give("nope", "up", person_id=None, user_id="1")
