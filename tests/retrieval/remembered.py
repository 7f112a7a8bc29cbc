"""Answers judged straight in the tables: for tests of what the memory learns from them."""

from datetime import datetime
from typing import Any

from core import clock, db
from core.db.tables import Citation, Conversation, Item, Judgement, Message, Passage, Queue
from core.retrieval import memory, search
from core.retrieval.search import Found

ANSWER = "O prazo é de sete dias. [1]"


def answered(assistant_id: str, question: str, cites: Found | None = None, **facts: Any) -> str:
    """The id of a stored answer to a question, with its passages, citing one of them."""
    found = search(question, assistant_id=assistant_id).passages
    with db.writing() as session:
        talk = Conversation(id=db.new_id(), assistant_id=assistant_id)
        asked = Message(id=db.new_id(), conversation_id=talk.id, role="user", text=question)
        answer = Message(
            id=db.new_id(),
            conversation_id=talk.id,
            role="assistant",
            parent_id=asked.id,
            **({"text": ANSWER, "outcome": "answered", "search_query": question} | facts),
        )
        for row in (talk, asked, answer):
            session.add(row)
            session.flush()
        for rank, one in enumerate(found, 1):
            _store(session, answer.id, rank, one, cites)
    return answer.id


def judged(answer_id: str, verdict: str = "approved", **facts: Any) -> str:
    """The id of a judgement of that answer, learnt from."""
    with db.writing() as session:
        item = _item(session, session.get_one(Message, answer_id))
        made = Judgement(
            id=db.new_id(),
            item_number=item,
            message_id=answer_id,
            verdict=verdict,
            created_at=clock.now(),
            **facts,
        )
        session.add(made)
        session.flush()
        memory.learn(session, made)
    return made.id


def undone(judgement_id: str, at: datetime | None = None) -> None:
    """Take a judgement back, as its reviewer does."""
    with db.writing() as session:
        session.get_one(Judgement, judgement_id).withdrawn_at = at or clock.now()
        memory.forget(session, judgement_id)


def _item(session: Any, answer: Message) -> int:
    known = session.query(Item).filter_by(message_id=answer.id).first()
    if known:
        return int(known.number)
    talk = session.get_one(Conversation, answer.conversation_id)
    queue = Queue(id=db.new_id(), assistant_id=talk.assistant_id, name=db.new_id())
    session.add(queue)
    session.flush()
    item = Item(queue_id=queue.id, conversation_id=talk.id, message_id=answer.id)
    session.add(item)
    session.flush()
    return int(item.number)


def _store(session: Any, answer_id: str, rank: int, one: Found, cites: Found | None) -> None:
    names = "document_id chunk_id document_name heading text page start end score"
    row = Passage(
        id=db.new_id(),
        message_id=answer_id,
        rank=rank,
        document_version=one.version,
        **{name: getattr(one, name) for name in names.split()},
    )
    session.add(row)
    session.flush()
    if cites is not None and cites.chunk_id == one.chunk_id:
        at = {"start": one.start, "end": one.end, "quote": one.text, "number": rank}
        place = {"answer_start": 24, "answer_end": 27, "document_id": one.document_id}
        cite = Citation(message_id=answer_id, passage_id=row.id, **at, **place)
        session.add(cite)
