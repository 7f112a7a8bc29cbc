"""Conversations made for tests, straight in the tables: what they leave out is as usual."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core import db
from core.db.tables import (
    Assistant,
    Conversation,
    ConversationOutcome,
    ConversationRating,
    Document,
    Feedback,
    Flag,
    Message,
    new_id,
)

NOON = datetime(2026, 3, 10, 15, tzinfo=UTC)  # a Tuesday, 12:00 in São Paulo
LATER = NOON + timedelta(days=1)


def assistant(name: str = "Loja") -> str:
    """An assistant; its id."""
    row = Assistant(name=name)
    with db.writing() as session:
        session.add(row)
    return row.id


def talk(of: str, *answers: dict[str, Any], at: datetime = NOON, **facts: Any) -> str:
    """A conversation with a question before each answer, a minute apart; its id.

    ``answers`` are columns of messages, and ``asked`` the question's text, ``up``, ``down``, ``flag``,
    ``reasons``. ``facts`` are columns of the conversation, and ``stars``, ``solved``, ``outcome``.
    """
    said = {name: facts.pop(name, None) for name in ("stars", "solved", "outcome")}
    row = Conversation(assistant_id=of, created_at=at, updated_at=at, **facts)
    with db.writing() as session:
        session.add(row)
        session.flush()
        parent = None
        for n, answer in enumerate(answers):
            parent = _turn(session, row.id, parent, at + timedelta(minutes=n), answer)
        if said["stars"] is not None or said["solved"] is not None:
            session.add(
                ConversationRating(
                    conversation_id=row.id, stars=said["stars"], solved=said["solved"], user_id="u"
                )
            )
        if said["outcome"]:
            session.add(ConversationOutcome(conversation_id=row.id, name=said["outcome"]))
    return row.id


def _turn(
    session: Any, talk_id: str, parent: str | None, at: datetime, answer: dict[str, Any]
) -> str:
    told = {"outcome": "answered"} | answer
    asked, thumbs = told.pop("asked", "Quando abre?"), {k: told.pop(k, 0) for k in ("up", "down")}
    reasons, flag = told.pop("reasons", []), told.pop("flag", "")
    question = Message(
        conversation_id=talk_id, parent_id=parent, role="user", text=asked, created_at=at
    )
    session.add(question)
    session.flush()
    row = Message(
        conversation_id=talk_id,
        parent_id=question.id,
        role="assistant",
        created_at=at + timedelta(seconds=1),
        **told,
    )
    session.add(row)
    session.flush()
    for rating, n in thumbs.items():
        for _each in range(n):
            session.add(
                Feedback(message_id=row.id, rating=rating, user_id=new_id(), reasons=reasons)
            )
    if flag:
        session.add(Flag(message_id=row.id, problem=flag, user_id="u"))
    return row.id


def document(of: str, name: str = "precos.md") -> str:
    """A document; its id."""
    row = Document(
        assistant_id=of, name=name, media_type="text/markdown", digest=name, size=1, state="ready"
    )
    with db.writing() as session:
        session.add(row)
    return row.id
