"""What somebody asked is theirs to read and to change; others' takes the role for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from core import access, annotation, assistants, chat, db, feedback
from core.annotation import drafts
from core.chat import Said
from core.db.tables import Assistant, Conversation, Person
from core.errors import NotAllowed, NotFound
from core.metrics import outcomes
from tests.access.test_guarded import OWN
from tests.access.test_roles import somebody

Use = Callable[[chat.Answer], Any]
READ: dict[str, Use] = {
    "core.chat.answer": lambda one: chat.answer(one.message.id),
    "core.chat.conversation": lambda one: chat.conversation(one.conversation.id),
    "core.chat.conversations": lambda one: chat.conversations(person_id=one.conversation.person_id),
    "core.chat.export_json": lambda one: chat.export_json(one.conversation.id),
    "core.chat.export_markdown": lambda one: chat.export_markdown(one.conversation.id),
    "core.chat.follow": lambda one: chat.follow(one.message.id),
    "core.chat.messages": lambda one: chat.messages(one.conversation.id),
    "core.chat.path": lambda one: chat.path(one.conversation.id),
    "core.chat.trace": lambda one: chat.trace(one.message.id),
    "core.feedback.conversation_rating": lambda one: feedback.conversation_rating(
        one.conversation.id, person_id=one.conversation.person_id
    ),
    "core.feedback.flags": lambda one: feedback.flags(
        one.message.id, person_id=one.conversation.person_id
    ),
    "core.feedback.history": lambda one: feedback.history(
        one.message.id, person_id=one.conversation.person_id
    ),
    "core.feedback.of": lambda one: feedback.of(
        one.message.id, person_id=one.conversation.person_id
    ),
    "core.metrics.outcomes.outcomes": lambda one: outcomes.outcomes(one.conversation.id),
    "core.feedback.told": lambda one: feedback.told(
        one.message.id, person_id=one.conversation.person_id
    ),
}
CHANGE: dict[str, Use] = {
    "again": lambda one: chat.again(one.message.id),
    "edit_message": lambda one: chat.edit_message(one.question.id, "Outra?"),
    "record": lambda one: chat.record(one.conversation.id, [Said("user", "Oi.")]),
    "remove": lambda one: chat.remove(one.conversation.id),
    "remove_message": lambda one: chat.remove_message(one.question.id),
    "rename": lambda one: chat.rename(one.conversation.id, "Outro"),
    "rephrase": lambda one: chat.rephrase(one.question.id, "Como?"),
    "restore": lambda one: chat.restore(one.conversation.id),
    "show_branch": lambda one: chat.show_branch(one.message.id),
    "start": lambda one: chat.start("E?", conversation_id=one.conversation.id),
    "stop": lambda one: chat.stop(one.message.id),
}


@pytest.fixture
def desk(home: Path) -> Assistant:
    return assistants.create("Loja")


@pytest.fixture
def bia(home: Path) -> Person:
    return somebody("Bia", "viewer")


@pytest.fixture
def asked(desk: Assistant, bia: Person) -> chat.Answer:
    """What Bia, who asks and no more, asked."""
    with access.as_person(bia):
        return chat.ask("Qual é o horário?", assistant=desk.id, person_id=bia.id)


def test_every_verb_that_looks_whose_it_is_is_walked_here() -> None:
    assert set(READ) == {f"{name}.{verb}" for name in OWN for verb in OWN[name].split()}


@pytest.mark.parametrize("use", READ.values(), ids=READ)
def test_ones_own_is_read_by_any_asker_and_others_by_those_who_may(
    asked: chat.Answer, bia: Person, use: Use
) -> None:
    for reader in (None, bia, access.local_person(), somebody("Léo", "analyst")):
        with access.as_person(reader):
            use(asked)
    for other in (somebody("Ana", "viewer"), somebody("Rui", "reviewer"), somebody("Zé")):
        with access.as_person(other), pytest.raises(NotAllowed, match=other.name):
            use(asked)


@pytest.mark.parametrize("use", CHANGE.values(), ids=CHANGE)
def test_in_somebody_elses_conversation_nobody_asks_or_changes_anything(
    asked: chat.Answer, use: Use
) -> None:
    before = [(one.id, one.text) for one in chat.messages(asked.conversation.id)]
    with access.as_person(somebody("Ana", "viewer")), pytest.raises(NotAllowed):
        use(asked)
    assert [(one.id, one.text) for one in chat.messages(asked.conversation.id)] == before
    assert chat.conversation(asked.conversation.id).title == asked.conversation.title


@pytest.mark.parametrize("use", CHANGE.values(), ids=CHANGE)
def test_in_ones_own_everybody_who_asks_does(asked: chat.Answer, bia: Person, use: Use) -> None:
    with access.as_person(bia):
        done = use(asked)
        if isinstance(done, chat.Started):
            *_events, last = chat.follow(done.answer_id)
            assert last.data["answer"].message.state == "done"
    with db.session() as session:
        talk = session.get_one(Conversation, asked.conversation.id)
    assert talk.person_id == bia.id
    assert bool(talk.removed_at) == (use is CHANGE["remove"])


def test_without_the_role_the_list_is_ones_own(asked: chat.Answer, desk: Assistant) -> None:
    ana = somebody("Ana", "viewer")
    with access.as_person(ana):
        assert chat.conversations() == []
        mine = chat.create(desk.id, person_id=ana.id)
        assert [one.id for one in chat.conversations()] == [mine.id]
    assert len(chat.conversations()) == 2


def test_what_nobody_asked_is_for_those_who_read_others(desk: Assistant) -> None:
    imported = chat.create(desk.id, external_id="wa-1", channel="whatsapp")
    with access.as_person(somebody("Ana", "viewer")):
        with pytest.raises(NotAllowed):
            chat.conversation(imported.id)
        with pytest.raises(NotAllowed):
            chat.create(desk.id, external_id="wa-1", channel="whatsapp")


def test_what_is_not_there_is_told_as_missing_to_everybody(home: Path) -> None:
    with access.as_person(somebody("Ana", "viewer")):
        for use in (chat.answer, chat.path, chat.conversation, chat.trace, chat.stop):
            with pytest.raises(NotFound):
                use("nope")


def test_a_reviewer_reads_with_the_claim_what_they_may_not_read_without(
    asked: chat.Answer, desk: Assistant
) -> None:
    queue = annotation.create_queue(desk.id, "Fila")
    annotation.add(queue.id, [asked.conversation.id])
    rui = somebody("Rui", "reviewer")
    with access.as_person(rui):
        with pytest.raises(NotAllowed):
            chat.path(asked.conversation.id)
        claim = annotation.claim_next(queue.id, rui.id)
    assert claim
    assert claim.answer.question.text == asked.question.text


def test_a_reviewer_asks_for_their_own_drafts_alone(desk: Assistant) -> None:
    queue = annotation.create_queue(desk.id, "Fila")
    rui = somebody("Rui", "reviewer")
    with access.as_person(rui):
        assert drafts.kept_drafts(queue.id, rui.id) == []
        with pytest.raises(NotAllowed):
            drafts.kept_drafts(queue.id, "another")
        with pytest.raises(NotAllowed):
            annotation.compared("an item", "another")


def test_whose_it_is_costs_those_who_may_read_all_no_look_at_the_database(
    asked: chat.Answer, bia: Person
) -> None:
    def looks(person: Person | None) -> int:
        with access.as_person(person), counted() as said:
            list(chat.follow(asked.message.id))
            chat.path(asked.conversation.id)
        return sum("JOIN members" not in one for one in said)  # that is looked up once a second

    nobody = looks(None)
    assert looks(access.local_person()) == nobody
    assert looks(bia) == nobody + 1  # whose answer is followed


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of the block."""
    said: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
