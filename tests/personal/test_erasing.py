"""Erasure: nothing of somebody is left in any table, in any file; what is others' stays true."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from core import access, assistants, chat, db, feedback, personal, registry
from core.db.tables import ApprovedAnswer, Conversation, Judgement, Seat, SignInFailures, Vote
from core.errors import NotFound
from core.llm import fake
from core.llm.fake import Reply
from core.personal import erasing
from core.personal.places import OF_PEOPLE
from tests.conftest import ENGINES
from tests.personal.full import WORD, Full, asked, full, holding, store


def _left(*words: str) -> set[str]:
    """Where the words stand, but for the audit log."""
    return {place for place in holding(*words) if not place.startswith("audit_events.")}


pytestmark = pytest.mark.slow  # a world in which somebody is everywhere takes a while to make


@pytest.fixture
def world(home: Path) -> Full:
    return full()


@pytest.mark.parametrize("engine", ENGINES)
def test_after_an_erasure_no_table_holds_their_id_name_or_words(world: Full) -> None:
    before = holding(world.ana.id)
    assert {place.name for place in OF_PEOPLE if place.name != "erasures.person_id"} <= (
        before | {"audit_events.person_id"}
    )
    assert holding(WORD)
    personal.erase(personal.subject(world.ana.id))
    assert _left(world.ana.id) == {"erasures.person_id"}
    assert _left(WORD, "Jacarandá") == set()


def test_what_is_others_and_what_a_team_learned_stays_without_the_name(world: Full) -> None:
    personal.erase(personal.subject(world.ana.id))
    with db.session() as session:
        (judged,) = session.scalars(select(Judgement)).all()  # Ana's, of Bia's conversation
        assert (judged.person_id, judged.note, judged.correction) == (None, "", "Sete dias.")
        vote = session.scalars(select(Vote)).one()
        assert (vote.person_id, vote.comment) == (None, "")
        assert session.scalar(select(func.count()).where(Conversation.person_id == world.bia.id))
        seat = session.scalars(select(Seat)).one()
        assert (seat.state, seat.person_id) in {("open", None), ("judged", None)}


def test_the_memory_keeps_what_others_asked_and_empties_what_the_person_did(world: Full) -> None:
    from core.retrieval import likeness

    assert likeness.like(world.assistant.id, f"Onde fica a {WORD}?")
    personal.erase(personal.subject(world.ana.id))
    assert likeness.like(world.assistant.id, f"Onde fica a {WORD}?") == []
    assert likeness.like(world.assistant.id, "Qual é o prazo?")
    with db.session() as session:
        emptied = session.scalars(select(ApprovedAnswer).where(ApprovedAnswer.question == ""))
        assert [row.answer for row in emptied] == [""]


def test_an_answer_that_is_being_written_leaves_nothing(home: Path) -> None:
    ana, shop = access.person("Ana"), assistants.create("Loja")
    registry.choose_model(shop.id, "fake:echo")
    fake.queue(Reply(f"{WORD} " * 40, pause=0.02))
    started = chat.start(f"Onde fica a {WORD}?", assistant=shop.id, person_id=ana.id)
    personal.erase(personal.subject(ana.id))
    chat.wait(started.answer_id)
    assert _left(WORD, started.conversation_id) <= {"conversation_changes.conversation_id"}
    with pytest.raises(NotFound):
        chat.answer(started.answer_id)


def test_wrong_tries_of_others_stay(world: Full) -> None:
    personal.erase(personal.subject(world.ana.id))
    with db.session() as session:
        assert session.scalars(select(SignInFailures.key)).all() == ["account:other@casa.br"]


def test_figures_follow_an_erasure(world: Full) -> None:
    from core.metrics import keeping

    before = len(keeping.current().answers)
    personal.erase(personal.subject(world.ana.id))
    keeping.keep_current()
    assert len(keeping.current().answers) == before - 1


def test_the_plan_says_what_the_erasure_does(world: Full) -> None:
    who = personal.subject(world.ana.id)
    planned = personal.plan(who)
    done = personal.erase(who)
    goes, loses = personal.split(done.erased)
    assert goes == planned.goes
    assert goes["approved_answers"] == 1
    assert {key: n for key, n in loses.items() if key != "annotation_items.known"} == planned.loses
    assert personal.told(goes)
    assert personal.unreached_in_words(done.unreached)


def test_an_erasure_that_died_goes_on_at_the_next_turn(
    world: Full, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "STEPS", (*erasing.STEPS[:3], dies))
        with pytest.raises(KeyboardInterrupt):
            personal.erase(personal.subject(world.ana.id))
    assert holding(WORD)
    assert personal.keep_erasing() == 1
    assert (_left(WORD), personal.keep_erasing()) == (set(), 0)


def test_erasing_somebody_twice_at_once_is_one_erasure(world: Full) -> None:
    who = personal.subject(world.ana.id)
    begun = erasing._begun(who)
    assert personal.erase(who).id == begun.id


def test_the_user_of_an_outside_system_is_erased_by_their_id(world: Full) -> None:
    talk = Conversation(assistant_id=world.assistant.id, user_id="u-77", channel="api")
    store(talk)
    personal.erase(personal.subject(user_id="u-77"))
    assert _left("u-77", talk.id) <= {"conversation_changes.conversation_id"}


def test_no_file_of_the_home_holds_what_was_erased(home: Path) -> None:
    ana, shop = access.person("Ana"), assistants.create("Loja")
    answer = asked(shop, ana, " ".join(f"{WORD}{n}" for n in range(250)))  # more than a page
    said = feedback.Saying(answer.message.id, rating="up", comment=WORD)
    feedback.say(said, person_id=ana.id)
    assert _files(home)
    personal.erase(personal.subject(ana.id))
    assert _files(home) == []


def _files(home: Path) -> list[str]:
    files = [file for file in home.rglob("*") if file.is_file()]
    return [file.name for file in files if WORD.encode() in file.read_bytes()]
