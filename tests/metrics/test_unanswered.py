"""The questions that found no answer: like ones together, the most asked first."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from core import access, db, metrics
from core.db.tables import Conversation
from core.errors import NotAllowed
from core.metrics.views import View
from tests.conftest import ENGINES
from tests.metrics.made import NOON, assistant, talk

pytestmark = pytest.mark.usefixtures("now")
both = pytest.mark.parametrize("engine", ENGINES)
VIEW = View(period="7d")
verb_module = sys.modules["core.metrics.unanswered"]  # the package offers the verb by this name


@pytest.fixture
def shop() -> str:
    return assistant()


def _missed(
    of: str,
    text: str,
    *,
    by: str = "ana",
    at: datetime = NOON,
    outcome: str = "not_found",
    **more: str,
) -> str:
    """A question that found no answer; its conversation's id."""
    turn = {"asked": text, "search_query": text, "language": "pt-BR", "outcome": outcome} | more
    return talk(of, turn, at=at, user_id=by)


def _texts(view: View = VIEW, limit: int = 50) -> list[tuple[str, int]]:
    return [(one.text, one.n) for one in metrics.unanswered(view, limit)]


@both
def test_the_same_question_in_other_letters_and_like_words_is_one_group(shop: str) -> None:
    _missed(shop, "Vocês entregam em Belém?", by="ana")
    _missed(shop, "voces entregam em belem", by="bia", at=NOON + timedelta(minutes=1))
    last = _missed(
        shop, "entregam em Belém", by="bia", outcome="related", at=NOON + timedelta(hours=1)
    )
    _missed(shop, "Tem vale-presente?")
    first, second = metrics.unanswered(VIEW)
    assert (first.n, first.people, first.assistant_id) == (3, 2, shop)
    assert first.outcomes == {"not_found": 2, "related": 1}
    assert (first.first_at, first.last_at) == (
        NOON + timedelta(seconds=1),
        NOON + timedelta(hours=1, seconds=1),
    )
    assert first.examples[0].conversation_id == last
    assert (second.text, second.n) == ("Tem vale-presente?", 1)


def test_the_text_is_how_it_is_mostly_asked(shop: str) -> None:
    for text in (
        "Tem estacionamento?",
        "tem estacionamento",
        "Tem estacionamento?",
        "estacionamento",
    ):
        _missed(shop, text)
    assert _texts() == [("Tem estacionamento?", 4)]


def test_questions_that_differ_in_a_number_are_different(shop: str) -> None:
    _missed(shop, "o que é o erro 310?")
    _missed(shop, "o que é o erro 999?")
    assert len(_texts()) == 2


def test_answered_questions_thanks_and_failures_are_not_in_it(shop: str) -> None:
    _missed(shop, "oi, tudo bem?")
    _missed(shop, "obrigado!")
    _missed(shop, "tem desconto?", outcome="answered")
    _missed(shop, "tem cupom?", outcome="error")
    assert _texts() == []


def test_what_out_of_scope_answers_were_asked_is_not_in_it(shop: str) -> None:
    talk(shop, {"asked": "tem desconto?", "down": 1, "reasons": ["out_of_scope"]})
    assert _texts() == []


def test_a_follow_up_that_names_nothing_is_told_with_what_came_before(shop: str) -> None:
    _missed(shop, "e agora?", search_query="e agora? (tabela de preços)")
    assert _texts() == [("e agora? (tabela de preços)", 1)]


def test_a_follow_up_that_names_something_is_a_question_of_its_own(shop: str) -> None:
    _missed(shop, "tem canal de telegram?")
    _missed(shop, "e instagram?", search_query="e instagram? (canal telegram)")
    assert len(_texts()) == 2


def test_the_same_question_to_two_assistants_is_on_the_list_of_each(shop: str) -> None:
    other = assistant("Shop")
    _missed(shop, "tem cupom?")
    _missed(other, "tem cupom?")
    assert [one.n for one in metrics.unanswered(VIEW)] == [1, 1]
    assert _texts(View(period="7d", assistant=other)) == [("tem cupom?", 1)]


def test_a_view_counts_only_what_is_in_it(shop: str) -> None:
    _missed(shop, "tem cupom?")
    _missed(shop, "tem cupom?", at=NOON - timedelta(days=30))
    _missed(shop, "tem cupom?", outcome="related")
    assert _texts() == [("tem cupom?", 2)]
    assert _texts(View(period="90d")) == [("tem cupom?", 3)]
    assert _texts(View(period="90d", outcome="related")) == [("tem cupom?", 1)]
    assert _texts(View(period="7d", channel="api")) == []


def test_a_conversation_that_is_removed_is_out_of_it_at_once(shop: str) -> None:
    _missed(shop, "tem cupom?")
    assert _texts() == [("tem cupom?", 1)]
    with db.writing() as session:
        session.execute(update(Conversation).values(removed_at=NOON))
    assert _texts() == []


def test_an_answer_that_comes_is_in_it_at_once(shop: str) -> None:
    _missed(shop, "tem cupom?")
    assert _texts() == [("tem cupom?", 1)]
    _missed(shop, "cupom")
    assert _texts()[0][1] == 2


def test_no_more_than_the_limit_are_told(shop: str) -> None:
    for text in ("tem cupom?", "tem frete?", "tem brinde?"):
        _missed(shop, text)
    assert len(_texts(limit=2)) == 2
    assert _texts(limit=0) == _texts(limit=-1) == []


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "=HYPERLINK(1)", "?", "🙂", "x" * 5000, "a\u0301 \u200b"]
)
def test_whatever_is_asked_is_listed_as_text_of_bounded_length(shop: str, text: str) -> None:
    _missed(shop, text)
    _missed(shop, text)
    (one,) = metrics.unanswered(VIEW)
    assert one.n == 2
    assert 0 < len(one.text) <= verb_module.LONGEST


def test_rarer_wordings_than_are_compared_join_the_group_they_are_like(
    shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb_module, "MOST_COMPARED", 2)
    for text in (
        "tem cupom?",
        "tem cupom?",
        "tem brinde?",
        "tem brinde?",
        "cupom desconto",
        "anel",
    ):
        _missed(shop, text)
    assert [n for _text, n in _texts()] == [3, 2, 1]


@pytest.fixture
def stranger() -> Iterator[None]:
    access.person("vera")
    access.set_roles(access.find("vera").id, ["viewer"])
    with access.as_person(access.find("vera")):
        yield


def test_the_words_of_others_are_for_who_may_read_them(shop: str, stranger: None) -> None:
    with pytest.raises(NotAllowed):
        metrics.unanswered(VIEW)
    with pytest.raises(NotAllowed):
        metrics.unanswered_rows(VIEW)


def test_rows_are_flat_and_tell_the_newest_conversation(shop: str) -> None:
    talk_id = _missed(shop, "tem cupom?")
    (row,) = metrics.unanswered_rows(VIEW)
    assert row == {
        "question": "tem cupom?",
        "times": 1,
        "people": 1,
        "nothing_found": 1,
        "only_related": 0,
        "first_at": "2026-03-10T15:00:01+00:00",
        "last_at": "2026-03-10T15:00:01+00:00",
        "assistant_id": shop,
        "conversation_id": talk_id,
    }
