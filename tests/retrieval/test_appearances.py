"""The answers in which a document appeared, newest first, and what was said of them."""

from core import chat, db, retrieval
from core.db.tables import Message
from tests.retrieval.test_usage import NOTE, answered, rated


def talk_of(answer_id: str) -> str:
    with db.session() as session:
        return session.get_one(Message, answer_id).conversation_id


def test_answers_come_newest_first_and_tell_what_cites_and_what_was_called_wrong(
    assistant: str,
) -> None:
    one = retrieval.add(assistant, "a.md", NOTE, now=True).id
    old = answered(assistant, one, days_ago=3)
    wrong = answered(assistant, one, one, cited=2, days_ago=1)
    rated(wrong, "outdated")
    found = retrieval.appearances(one)
    assert [(a.message_id, a.cited, a.wrong) for a in found] == [
        (wrong, True, True),
        (old, False, False),
    ]
    assert found[0].conversation_id == talk_of(wrong)


def test_answers_of_removed_conversations_are_not_told_of(assistant: str) -> None:
    one = retrieval.add(assistant, "a.md", NOTE, now=True).id
    chat.remove(talk_of(answered(assistant, one)))
    assert retrieval.appearances(one) == []


def test_no_more_than_asked_for_are_told(assistant: str) -> None:
    one = retrieval.add(assistant, "a.md", NOTE, now=True).id
    for _ in range(3):
        answered(assistant, one)
    assert len(retrieval.appearances(one, limit=2)) == 2
    assert retrieval.use_of(one).used == 3


def test_several_are_looked_up_in_the_order_asked_for(assistant: str) -> None:
    ids = [retrieval.add(assistant, f"{n}.md", NOTE).id for n in range(3)]
    wanted = [ids[2], ids[0], "nowhere", ids[2]]
    assert [one.id for one in retrieval.documents_of(wanted)] == [ids[2], ids[0]]
