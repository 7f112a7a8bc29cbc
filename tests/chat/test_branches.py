"""Questions asked in other words: the old branch stays and can be shown again."""

import pytest

from core import chat
from core.db.tables import Assistant
from core.errors import InvalidInput, NotFound


def rephrased(question_id: str, text: str) -> chat.Answer:
    """The answer to a question asked in other words."""
    *_events, done = chat.follow(chat.rephrase(question_id, text).answer_id)
    answer: chat.Answer = done.data["answer"]
    return answer


def texts(conversation_id: str) -> list[str]:
    """The questions of the branch shown."""
    shown = (turn.message for turn in chat.path(conversation_id))
    return [one.text for one in shown if one.role == "user"]


def test_the_new_wording_stands_beside_the_old_one(assistant: Assistant) -> None:
    first = chat.ask("Quando abre?")
    talk = first.conversation.id
    chat.ask("E aos sábados?", conversation_id=talk)
    other = rephrased(first.question.id, "A que horas a loja abre?")
    assert texts(talk) == ["A que horas a loja abre?"]
    assert other.wordings == [first.question.id, other.question.id]
    assert chat.answer(first.message.id).wordings == other.wordings


def test_the_old_branch_is_shown_again_to_its_end(assistant: Assistant) -> None:
    first = chat.ask("Quando abre?")
    talk = first.conversation.id
    chat.ask("E aos sábados?", conversation_id=talk)
    rephrased(first.question.id, "A que horas a loja abre?")
    chat.show_branch(first.question.id)
    assert texts(talk) == ["Quando abre?", "E aos sábados?"]


def test_a_later_question_keeps_what_came_before_it(assistant: Assistant) -> None:
    first = chat.ask("Quando a loja abre?")
    second = chat.ask("E o prazo de troca?", conversation_id=first.conversation.id)
    other = rephrased(second.question.id, "E aos sábados?")
    assert other.question.parent_id == first.message.id
    assert texts(first.conversation.id) == ["Quando a loja abre?", "E aos sábados?"]


def test_an_only_question_has_no_other_wording(assistant: Assistant) -> None:
    answer = chat.ask("Quando a loja abre?")
    assert answer.wordings == [answer.question.id]


def test_what_is_no_question_cannot_be_rephrased(assistant: Assistant) -> None:
    answer = chat.ask("Quando a loja abre?")
    with pytest.raises(NotFound):
        chat.rephrase(answer.message.id, "Outra?")
    with pytest.raises(InvalidInput):
        chat.rephrase(answer.question.id, "  ")
