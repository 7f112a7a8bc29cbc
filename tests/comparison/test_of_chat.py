"""Votes out of normal chat: an answer asked again of another version, and which was better?"""

from pathlib import Path

import pytest

from core import access, assistants, chat, comparison, db, retrieval
from core.comparison import of_chat, ranking, vote_in_chat
from core.db.tables import Assistant, Comparison, Vote
from core.errors import Conflict, InvalidInput, NotFound
from core.llm import fake
from tests.comparison.conftest import HOURS

QUESTION = "Qual é o prazo de troca?"
OTHER = chat.Options(model="fake:echo")


@pytest.fixture
def shop(home: Path) -> Assistant:
    made = assistants.create("Loja", language="pt-BR")
    retrieval.add(made.id, "horarios.md", HOURS.encode(), now=True)
    fake.reset()
    return made


def asked(person_id: str | None = None) -> chat.Answer:
    return chat.ask(QUESTION, person_id=person_id or access.present().id)


def again(first: chat.Answer, options: chat.Options = OTHER) -> chat.Answer:
    begun = chat.again(first.message.id, options)
    chat.wait(begun.answer_id)
    return chat.answer(begun.answer_id)


def rows() -> list[Comparison]:
    with db.session() as session:
        return list(session.query(Comparison))


def test_an_answer_of_another_version_is_held_against_the_one_before(shop: Assistant) -> None:
    first = asked()
    second = again(first)
    pair = of_chat(second)
    assert pair
    assert (pair.answer_id, pair.other_id) == (second.message.id, first.message.id)
    assert pair.other_is_earlier
    back = of_chat(chat.answer(first.message.id))
    assert back
    assert (back.other_id, back.other_is_earlier) == (second.message.id, False)


def test_the_same_version_asked_again_makes_no_pair(shop: Assistant) -> None:
    first = asked()
    second = again(first, chat.Options(fresh=True))
    assert second.message.version_id == first.message.version_id
    assert of_chat(second) is None
    with pytest.raises(Conflict):
        vote_in_chat(second.message.id, first.message.id, "this")
    assert rows() == []


def test_a_vote_makes_the_comparison_and_is_not_blind(shop: Assistant) -> None:
    first = asked()
    second = again(first)
    vote_in_chat(second.message.id, first.message.id, "this")
    told = vote_in_chat(second.message.id, first.message.id, "other")
    (row,) = rows()
    assert (row.source, row.question) == ("chat", QUESTION)
    assert (row.a_answer_id, row.b_answer_id) == (first.message.id, second.message.id)
    assert (told.choice, told.blind) == ("a", False)
    pair = of_chat(second)
    assert pair
    assert pair.choice == "other"
    seen_from_first = of_chat(chat.answer(first.message.id))
    assert seen_from_first
    assert seen_from_first.choice == "this"


def test_votes_of_chats_count_apart_from_blind_ones(shop: Assistant) -> None:
    first = asked()
    vote_in_chat(again(first).message.id, first.message.id, "this")
    blind = ranking(shop.id)
    assert (blind.n, blind.knowing) == (0, 1)
    told = ranking(shop.id, source="chat")
    assert (told.n, told.places[0].wins, told.left, told.sign) == (1, 1, None, None)


def test_a_conversation_that_is_deleted_takes_its_votes_along(shop: Assistant) -> None:
    first = asked()
    second = again(first)
    vote_in_chat(second.message.id, first.message.id, "this")
    chat.remove(first.conversation.id)
    assert ranking(shop.id, source="chat").n == 0
    with pytest.raises(NotFound):
        comparison.ballot(rows()[0].id)
    chat.restore(first.conversation.id)
    assert ranking(shop.id, source="chat").n == 1
    with db.writing() as session:  # and for good
        session.delete(session.get_one(type(first.conversation), first.conversation.id))
    assert rows() == []
    with db.session() as session:
        assert session.query(Vote).count() == 0


def test_nobody_votes_on_anothers_conversation(shop: Assistant) -> None:
    ana, bia = (access.set_roles(access.person(name).id, ["viewer"]) for name in ("Ana", "Bia"))
    with access.as_person(ana):
        first = asked(ana.id)
        second = again(first)
    with access.as_person(bia):
        assert of_chat(second) is None
    with pytest.raises(Conflict):  # who may read it may not vote in the asker's place
        vote_in_chat(second.message.id, first.message.id, "this")
    with access.as_person(ana):
        assert vote_in_chat(second.message.id, first.message.id, "bad").choice == "bad"


def test_an_answer_that_failed_makes_no_pair(shop: Assistant) -> None:
    first = asked()
    second = again(first)
    with db.writing() as session:
        session.get_one(type(second.message), second.message.id).outcome = "error"
    assert of_chat(chat.answer(second.message.id)) is None


@pytest.mark.parametrize("choice", ["left", "", "a"])
def test_another_word_is_no_vote(shop: Assistant, choice: str) -> None:
    first = asked()
    with pytest.raises(InvalidInput):
        vote_in_chat(again(first).message.id, first.message.id, choice)
