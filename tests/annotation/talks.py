"""Conversations with whatever shall be found in them, written straight into the tables."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from core import clock, db
from core.db.tables import Conversation, ConversationRating, Feedback, Flag, Message, new_id

GOOD = {"text": "Às nove.", "outcome": "answered", "groundedness": 1.0, "total_seconds": 1.0}


def talk(
    assistant_id: str,
    *answers: dict[str, Any],
    question: str = "Que horas abre?",
    at: datetime | None = None,
    **facts: Any,
) -> tuple[str, list[str]]:
    """A conversation with these answers (one good one if none is given): its id, and theirs."""
    moment = at or clock.now() - timedelta(hours=2)
    conversation, ids, parent = new_id(), list[str](), None
    messages = []
    for number, answer in enumerate(answers or ({},)):
        when = moment + timedelta(seconds=number)
        asked, given = new_id(), new_id()
        plain = {"conversation_id": conversation, "created_at": when}
        asking = {"id": asked, "role": "user", "text": question, "parent_id": parent}
        messages.append({**plain, **asking})
        answering = {"id": given, "role": "assistant", "parent_id": asked}
        messages.append({**plain, **answering, **GOOD, **answer})
        parent = given
        ids.append(given)
    row = {
        "id": conversation,
        "assistant_id": assistant_id,
        "created_at": moment,
        "leaf_id": parent,
    }
    with db.writing() as session:
        session.execute(insert(Conversation), [row | {"updated_at": moment} | facts])
        for message in messages:
            session.execute(insert(Message), [message])
    return conversation, ids


def many(assistant_id: str, n: int) -> list[str]:
    """So many good conversations."""
    return [talk(assistant_id)[0] for _ in range(n)]


def rated(message_id: str, rating: str = "down", **facts: Any) -> None:
    """Somebody rates an answer."""
    _insert(Feedback, {"message_id": message_id, "rating": rating, "user_id": new_id()} | facts)


def flagged(message_id: str, problem: str = "wrong_fact", **facts: Any) -> None:
    """Somebody flags an answer."""
    _insert(Flag, {"message_id": message_id, "problem": problem, "user_id": new_id()} | facts)


def starred(conversation_id: str, stars: int | None = None, **facts: Any) -> None:
    """Somebody rates a conversation."""
    row = {"conversation_id": conversation_id, "stars": stars, "user_id": new_id()}
    _insert(ConversationRating, row | facts)


def only(*named: str | dict[str, Any]) -> list[dict[str, Any]]:
    """These rules and no others."""
    return [{"name": one} if isinstance(one, str) else one for one in named]


def _insert(table: Any, row: dict[str, Any]) -> None:
    with db.writing() as session:
        session.execute(insert(table), [row])


def names(reasons: Sequence[Any]) -> list[str]:
    """Why, in short."""
    return [reason["name"] for reason in reasons]
