"""How often a document was used, cited and called wrong; and which were not used at all."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from core import clock, db, retrieval
from core.db.tables import Citation, Conversation, Feedback, Message, Passage
from core.retrieval.usage import Usage

NOTE = b"O prazo de entrega e de 5 dias."
FIELDS = {"start": 0, "end": 5, "document_name": "a.md", "text": "O prazo", "score": 0.5}


def answered(assistant_id: str, *document_ids: str, cited: int = 0, days_ago: float = 0) -> str:
    """Store an answer that had a passage of each document, of which the first are cited."""
    at = clock.now() - timedelta(days=days_ago)
    with db.writing() as session:
        conversation = Conversation(assistant_id=assistant_id)
        session.add(conversation)
        session.flush()
        answer = Message(conversation_id=conversation.id, role="assistant", created_at=at)
        session.add(answer)
        session.flush()
        for rank, id_ in enumerate(document_ids, 1):
            passage = Passage(
                message_id=answer.id, rank=rank, document_id=id_, created_at=at, **FIELDS
            )
            session.add(passage)
            session.flush()
            if rank <= cited:
                session.add(_mark(answer.id, passage.id, id_))
        return answer.id


def _mark(answer_id: str, passage_id: str, document_id: str) -> Citation:
    places = {"answer_start": 0, "answer_end": 3, "start": 0, "end": 5, "number": 1}
    return Citation(
        message_id=answer_id, passage_id=passage_id, document_id=document_id, quote="O", **places
    )


def rated(answer_id: str, *reasons: str, rating: str = "down") -> None:
    with db.writing() as session:
        session.add(Feedback(message_id=answer_id, rating=rating, reasons=list(reasons)))


@pytest.fixture
def two(assistant: str) -> tuple[str, str]:
    first = retrieval.add(assistant, "a.md", NOTE, now=True)
    second = retrieval.add(assistant, "b.md", NOTE, now=True)
    return first.id, second.id


def test_answers_with_a_passage_and_those_that_cite_are_counted(
    assistant: str, two: tuple[str, str]
) -> None:
    answered(assistant, *two, cited=1, days_ago=2)
    answered(assistant, two[0], cited=1, days_ago=1)
    counted = retrieval.usage(assistant)
    assert (counted[two[0]].used, counted[two[0]].cited) == (2, 2)
    assert (counted[two[1]].used, counted[two[1]].cited) == (1, 0)
    last = counted[two[0]].last_used
    assert last
    assert clock.now() - last < timedelta(days=1, seconds=30)


def test_an_answer_counts_once_however_often_it_has_or_cites_a_document(
    assistant: str, two: tuple[str, str]
) -> None:
    rated(answered(assistant, two[0], two[0], two[0], cited=2), "wrong_fact", "outdated")
    counted = retrieval.usage(assistant)[two[0]]
    assert (counted.used, counted.cited, counted.wrong) == (1, 1, 1)


def test_a_document_nobody_used_is_counted_as_such(assistant: str, two: tuple[str, str]) -> None:
    assert retrieval.usage(assistant)[two[0]] == Usage(two[0], 0, 0, 0, None)


def test_wrong_is_what_was_cited_in_an_answer_blamed_for_its_sources(
    assistant: str, two: tuple[str, str]
) -> None:
    rated(answered(assistant, *two, cited=1), "wrong_source", "outdated")
    rated(answered(assistant, *two, cited=1), "tone")
    rated(answered(assistant, *two, cited=1), "good_sources", rating="up")
    counted = retrieval.usage(assistant)
    assert (counted[two[0]].wrong, counted[two[1]].wrong) == (1, 0)


def test_only_the_assistants_own_living_documents_are_told(
    assistant: str, other_assistant: str, two: tuple[str, str]
) -> None:
    other = retrieval.add(other_assistant, "c.md", NOTE, now=True)
    retrieval.remove(two[1])
    assert retrieval.usage(assistant).keys() == {two[0]}
    assert retrieval.usage().keys() == {two[0], other.id}


def test_unused_are_those_without_a_passage_in_the_last_days(
    assistant: str, two: tuple[str, str]
) -> None:
    retrieval.add(assistant, "waits.md", NOTE)  # cannot be found yet, so nobody could use it
    answered(assistant, two[0], days_ago=40)
    answered(assistant, two[1], days_ago=2)
    assert [row.name for row in retrieval.unused(assistant, days=30)] == ["a.md"]
    assert [row.name for row in retrieval.unused(assistant, days=1)] == ["a.md", "b.md"]
    assert retrieval.unused(assistant, days=60) == []


def test_an_answer_stores_which_version_it_used(home: Path) -> None:
    from core import assistants, chat

    assistant = assistants.create("Loja").id
    retrieval.add(assistant, "a.md", b"O prazo de entrega e de 3 dias.", now=True)
    document = retrieval.add(assistant, "a.md", NOTE, now=True)
    answer = chat.ask("Qual é o prazo de entrega?", assistant=assistant)
    assert [one.document_version for one in answer.passages] == [2]
    (counted,) = retrieval.usage(assistant).values()
    assert (counted.document_id, counted.used, counted.cited) == (document.id, 1, 1)
    assert counted.last_used == answer.message.created_at


@pytest.mark.slow
def test_a_hundred_thousand_passages_of_a_thousand_documents_are_counted_in_a_moment(
    assistant: str,
) -> None:
    ids = [retrieval.add(assistant, f"{n}.txt", b"texto %d" % n).id for n in range(1_000)]
    rows: dict[type, list[dict[str, object]]] = {Message: [], Passage: [], Citation: []}
    with db.writing() as session:
        conversation = Conversation(assistant_id=assistant)
        session.add(conversation)
        session.flush()
        for n in range(100_000):
            answer, passage, document = f"m{n // 6}", f"p{n}", ids[n * n % 1_000]
            if n % 6 == 0:
                rows[Message].append(
                    {"id": answer, "conversation_id": conversation.id, "role": "assistant"}
                )
            rows[Passage].append(
                {
                    "id": passage,
                    "message_id": answer,
                    "rank": n % 6,
                    "document_id": document,
                    **FIELDS,
                }
            )
            if n % 6 < 2:
                mark = _mark(answer, passage, document)
                names = [column.key for column in Citation.__table__.columns if column.key != "id"]
                rows[Citation].append({name: getattr(mark, name) for name in names})
        for table, values in rows.items():
            session.execute(insert(table), values)
    took = []
    for _again in range(3):
        began = clock.seconds()
        counted = retrieval.usage(assistant)
        took.append(clock.seconds() - began)
    pairs = {(n // 6, n * n % 1_000) for n in range(100_000)}
    assert sum(one.used for one in counted.values()) == len(pairs)
    assert min(took) < 0.5  # 0.06 where nothing else runs
