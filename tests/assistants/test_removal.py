"""Sample data goes in one step; what people have added stays."""

from datetime import timedelta
from pathlib import Path

import pytest

from core import access, assistants, clock, db, retrieval
from core.db.tables import Assistant, Conversation, Document, Feedback, Message, Person
from core.errors import NotFound


def talk(assistant: Assistant, *, is_sample: bool, person: Person | None = None) -> str:
    """A conversation with one rated answer; the answer's id."""
    with db.writing() as session:
        begun = Conversation(
            assistant_id=assistant.id, is_sample=is_sample, person_id=person.id if person else None
        )
        session.add(begun)
        session.flush()
        answer = Message(conversation_id=begun.id, role="assistant", text="Sim.")
        session.add(answer)
        session.flush()
        session.add(Feedback(message_id=answer.id, rating="up"))
        return answer.id


def count(table: type) -> int:
    with db.session() as session:
        return session.query(table).count()


def stored_files(home: Path) -> int:
    return len(list((home / "documents").iterdir()))


@pytest.mark.slow
def test_nothing_of_the_samples_is_left(home: Path) -> None:
    loaded = assistants.load_sample("bookstore")
    ana = access.person("Ana", is_sample=True)
    talk(loaded, is_sample=True, person=ana)
    assert assistants.remove_samples() == 1
    assert assistants.all() == []
    assert [count(t) for t in (Assistant, Document, Conversation, Message, Feedback)] == [0] * 5
    assert count(Person) == 0
    assert stored_files(home) == 0


@pytest.mark.slow
def test_the_search_no_longer_finds_them(home: Path) -> None:
    loaded = assistants.load_sample("bookstore")
    question = loaded.starters[0]
    assert retrieval.search(question, assistant_id=loaded.id).passages
    assistants.remove_samples()
    assert not retrieval.search(question, assistant_id=loaded.id).passages


@pytest.mark.slow
def test_removing_twice_is_harmless(home: Path) -> None:
    assistants.load_sample("bookstore")
    assistants.remove_samples()
    assert assistants.remove_samples() == 0


@pytest.mark.slow
def test_they_can_be_loaded_again_afterwards(home: Path) -> None:
    assistants.load_sample("bookstore")
    assistants.remove_samples()
    loaded = assistants.load_sample("bookstore")
    assert retrieval.search(loaded.starters[0], assistant_id=loaded.id).passages


@pytest.mark.slow
def test_real_assistants_documents_and_conversations_stay(home: Path) -> None:
    mine = assistants.create("Minha")
    retrieval.add(mine.id, "a.md", b"Texto meu.", now=True)
    talk(mine, is_sample=False)
    assistants.load_sample("bookstore")
    assistants.remove_samples()
    assert [a.id for a in assistants.all()] == [mine.id]
    assert retrieval.search("texto", assistant_id=mine.id).passages
    assert count(Feedback) == 1


@pytest.mark.slow
def test_another_assistant_becomes_the_default(home: Path) -> None:
    assistants.load_sample("bookstore")
    mine = assistants.create("Minha")
    assistants.remove_samples()
    assert assistants.chosen().id == mine.id


@pytest.mark.slow
def test_a_sample_that_a_person_added_documents_to_stays_as_theirs(home: Path) -> None:
    loaded = assistants.load_sample("bookstore")
    retrieval.add(loaded.id, "mine.md", b"My own text.", now=True)
    assistants.remove_samples()
    assert assistants.get(loaded.id).sample == ""
    assert [d.name for d in retrieval.documents(loaded.id)] == ["mine.md"]


@pytest.mark.slow
def test_what_a_kept_assistant_proposes_to_ask_no_longer_comes_from_the_sample(home: Path) -> None:
    loaded = assistants.load_sample("bookstore")
    assistants.update(loaded.id, starters=["What is mine?", *loaded.starters])
    retrieval.add(loaded.id, "mine.md", b"My own text.", now=True)
    assistants.remove_samples()
    assert assistants.get(loaded.id).starters == ["What is mine?"]


@pytest.mark.slow
def test_a_persons_own_conversation_with_a_sample_stays_readable(home: Path) -> None:
    loaded = assistants.load_sample("bookstore")
    answer = talk(loaded, is_sample=False)
    assistants.remove_samples()
    with pytest.raises(NotFound):
        assistants.get(loaded.id)
    with db.session() as session:
        assert session.get_one(Message, answer).text == "Sim."


def test_a_person_who_has_talked_for_real_stays(home: Path) -> None:
    mine = assistants.create("Minha")
    ana = access.person("Ana", is_sample=True)
    talk(mine, is_sample=False, person=ana)
    assistants.remove_samples()
    assert count(Person) == 1


def test_the_local_person_stays(home: Path) -> None:
    access.local_person()
    assistants.remove_samples()
    assert count(Person) == 1


def test_a_removed_assistant_is_kept_while_it_can_be_brought_back(home: Path) -> None:
    mine = assistants.create("Minha")
    retrieval.add(mine.id, "a.md", b"Texto meu.")
    assistants.remove(mine.id)
    assert assistants.purge() == 0
    assistants.restore(mine.id)
    assert len(retrieval.documents(mine.id)) == 1


def test_after_the_undo_has_lapsed_a_removed_assistant_and_its_files_go(home: Path) -> None:
    mine = assistants.create("Minha")
    retrieval.add(mine.id, "a.md", b"Texto meu.")
    assistants.remove(mine.id)
    with clock.held(clock.now() + timedelta(days=2)):
        assert assistants.purge() == 1
    assert count(Assistant) == count(Document) == stored_files(home) == 0


def test_a_file_that_another_document_needs_stays(home: Path) -> None:
    mine, other = assistants.create("Minha"), assistants.create("Outra")
    for assistant in (mine, other):
        retrieval.add(assistant.id, "a.md", b"Texto.")
    assistants.remove(mine.id)
    with clock.held(clock.now() + timedelta(days=2)):
        assistants.purge()
    assert retrieval.content(retrieval.documents(other.id)[0].id) == b"Texto."
