"""The first answer of a conversation is handed over as it would be read back."""

from typing import Any

import pytest

from core import access, chat
from core.chat import handing, reading
from core.db.tables import Assistant, Base
from core.errors import ModelFailed, NotAllowed
from core.llm import fake
from tests.conftest import ENGINES

QUESTION = "Qual é o prazo de troca?"


def columns(row: Base) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def whole(answer: chat.Answer) -> dict[str, Any]:
    rows = {
        name: [columns(one) for one in getattr(answer, name)] for name in ("passages", "citations")
    }
    one = {name: columns(getattr(answer, name)) for name in ("message", "question", "conversation")}
    others = (answer.siblings, answer.wordings, answer.feedback, answer.approved)
    return rows | one | {"others": others}


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[chat.Answer | None]:
    """What was handed over, in order."""
    kept: list[chat.Answer | None] = []
    real = handing.answer

    def told(work: Any) -> chat.Answer | None:
        kept.append(real(work))
        return kept[-1]

    monkeypatch.setattr(handing, "answer", told)
    return kept


def same(answer: chat.Answer, handed: list[chat.Answer | None]) -> None:
    assert handed[-1] is not None
    assert answer is handed[-1]
    assert whole(answer) == whole(reading.answer(answer.message.id))


@pytest.mark.parametrize("home", ENGINES, indirect=True)
def test_a_quoted_answer_is_the_one_that_is_stored(
    assistant: Assistant, handed: list[chat.Answer | None]
) -> None:
    found = chat.ask(QUESTION)
    assert found.citations
    same(found, handed)


def test_so_is_one_that_the_documents_do_not_hold(
    assistant: Assistant, handed: list[chat.Answer | None]
) -> None:
    same(chat.ask("Quem descobriu a penicilina em Londres?"), handed)


@pytest.mark.parametrize(
    "reply",
    [
        "O prazo é de 30 dias [1]. A loja abre às 9h [2].",
        "Nada disso [9].",
        fake.Reply("O prazo", cut_off=True),
        fake.Reply(error=ModelFailed("Cheio.", code="refused")),
    ],
)
def test_so_is_what_a_model_said_or_failed_at(
    spoken: Assistant, handed: list[chat.Answer | None], reply: Any
) -> None:
    fake.queue(*[reply] * 5)
    same(chat.ask(QUESTION, user_id="u1", user_tier="gold", channel="api"), handed)


def test_another_answer_to_it_is_read_back_with_those_beside_it(
    assistant: Assistant, handed: list[chat.Answer | None]
) -> None:
    first = chat.ask(QUESTION)
    started = chat.again(first.message.id)
    *_events, done = chat.follow(started.answer_id)
    assert len(done.data["answer"].siblings) == 2
    assert handed[-1] is None


def test_one_given_before_is_read_back(spoken: Assistant, handed: list[chat.Answer | None]) -> None:
    fake.queue("O prazo é de 30 dias [1].")
    chat.ask(QUESTION)
    assert chat.ask(QUESTION).message.cached
    assert handed[-1] is None


def test_nobody_is_handed_what_they_may_not_read(assistant: Assistant) -> None:
    bia, ana = (access.set_roles(access.person(name).id, ["viewer"]) for name in ("Bia", "Ana"))
    with access.as_person(ana), pytest.raises(NotAllowed):
        chat.ask(QUESTION, person_id=bia.id)
