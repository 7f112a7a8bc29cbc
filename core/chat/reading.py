"""Stored answers and branches, read back with all that belongs to them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core import db
from core.chat.types import Answer, Turn
from core.db.tables import Citation, Conversation, Feedback, Message, Passage
from core.errors import NotFound
from core.i18n import _

Row = TypeVar("Row", Passage, Citation, Feedback)


def answer(message_id: str) -> Answer:
    """The answer with this id, running or done; NotFound where there is none."""
    question = aliased(Message)
    query = (
        select(Message, question, Conversation)
        .join(question, question.id == Message.parent_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.id == message_id, Message.role == "assistant")
    )
    with db.session() as session:
        found = session.execute(query).first()
        if found is None:
            raise no_answer(message_id)
        message, asked, talk = found
        return _answers(session, talk, {message.id: (message, asked)})[message.id]


def path(conversation_id: str) -> list[Turn]:
    """The branch shown of a conversation, oldest message first."""
    with db.session() as session:
        talk = session.get(Conversation, conversation_id)
        if talk is None:
            raise unknown(conversation_id)
        messages = _all(session, conversation_id)
        shown = _up(messages, talk.leaf_id)
        pairs = {
            m.id: (m, messages[m.parent_id])
            for m in shown
            if m.role == "assistant" and m.parent_id in messages
        }
        full = _answers(session, talk, pairs)
    siblings = _siblings(messages.values())
    return [Turn(m, siblings[m.parent_id, m.role], full.get(m.id)) for m in shown]


def messages(conversation_id: str) -> list[Message]:
    """Every message of a conversation, in the order they came, all branches."""
    with db.session() as session:
        return list(_all(session, conversation_id).values())


def no_answer(message_id: str) -> NotFound:
    """The error for an answer that is not there."""
    return NotFound(
        _("There is no answer with the id “{id}”.").format(id=message_id),
        hint=_("Take the message_id that came with the answer."),
    )


def unknown(conversation_id: str) -> NotFound:
    """The error for a conversation that is not there."""
    return NotFound(
        _("There is no conversation with the id “{id}”.").format(id=conversation_id),
        hint=_("List the conversations to find its id."),
    )


def leaf_below(session: Session, message: Message) -> str:
    """The newest end of the branch that goes through ``message``."""
    newest = message.id
    while child := session.scalar(
        select(Message.id)
        .where(Message.parent_id == newest)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
    ):
        newest = child
    return newest


def _all(session: Session, conversation_id: str) -> dict[str, Message]:
    rows = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.created_at, Message.role.desc(), Message.id)
    )
    return {row.id: row for row in rows}


def _up(messages: dict[str, Message], leaf_id: str | None) -> list[Message]:
    shown: list[Message] = []
    at = messages.get(leaf_id or "")
    while at is not None:
        shown.append(at)
        at = messages.get(at.parent_id or "")
    return shown[::-1]


def _siblings(messages: Iterable[Message]) -> dict[tuple[str | None, str], list[str]]:
    groups: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    for message in messages:
        groups[message.parent_id, message.role].append(message.id)
    return groups


def _answers(
    session: Session, talk: Conversation, pairs: dict[str, tuple[Message, Message]]
) -> dict[str, Answer]:
    passages = _by_message(session, Passage, pairs, Passage.rank)
    citations = _by_message(session, Citation, pairs, Citation.answer_start)
    feedback = _by_message(session, Feedback, pairs, Feedback.created_at)
    siblings = _sibling_ids(session, {question.id for _m, question in pairs.values()})
    return {
        id_: Answer(
            message,
            question,
            talk,
            passages[id_],
            citations[id_],
            next((row for row in feedback[id_] if row.withdrawn_at is None), None),
            siblings[question.id],
        )
        for id_, (message, question) in pairs.items()
    }


def _by_message(
    session: Session, table: type[Row], ids: Iterable[str], order: Any
) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    query = select(table).where(table.message_id.in_(list(ids))).order_by(order)
    for row in session.scalars(query):
        groups[row.message_id].append(row)
    return groups


def _sibling_ids(session: Session, question_ids: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    query: Sequence[Any] = session.execute(
        select(Message.parent_id, Message.id)
        .where(Message.parent_id.in_(list(question_ids)), Message.role == "assistant")
        .order_by(Message.created_at, Message.id)
    ).all()
    for parent, id_ in query:
        groups[parent].append(id_)
    return groups
