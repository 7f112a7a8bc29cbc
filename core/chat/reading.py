"""Stored answers and branches, read back with all that belongs to them.

Always holds: whoever acts reads their own conversations, and others' where they may "read"; what a
reviewer sees of others' comes, masked, with the claim (``core.annotation``). Who may read all, or a
loop in the background, costs no look at the database for it.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session, aliased

from core import access, db
from core.chat import looking
from core.chat.types import FINISH, Answer, ApprovedBy, Turn
from core.db.tables import (
    ApprovedAnswer,
    Assistant,
    Citation,
    Conversation,
    Feedback,
    Message,
    Passage,
    Person,
    ServedAnswer,
)
from core.errors import NotFound
from core.i18n import _

Row = TypeVar("Row", Passage, Citation, Feedback)
Siblings = dict[tuple[str | None, str], list[str]]


@access.there
def answer(message_id: str) -> Answer:
    """The answer with this id, running or done; NotFound where there is none, NotAllowed where it is
    of somebody else's conversation."""
    with db.session() as session:
        found = session.execute(_one(), {"answer": message_id}).first()
        if found is None:
            raise no_answer(message_id)
        message, asked, talk = found
        looking.opened(talk)
        siblings = _siblings(session.execute(_kin(), {"talk": talk.id}))
        return _answers(session, {message.id: (message, asked, talk)}, siblings)[message.id]


@cache
def _one() -> Any:
    """An answer with its question and conversation; built once, as each turn is read back by it."""
    question = aliased(Message)
    return (
        select(Message, question, Conversation)
        .join(question, question.id == Message.parent_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.id == bindparam("answer"), Message.role == "assistant")
    )


def question(message_id: str) -> Message:
    """The question with this id; NotFound where there is none."""
    with db.session() as session:
        message = session.get(Message, message_id)
    if message is None or message.role != "user":
        raise NotFound(_("There is no question with the id “{id}”.").format(id=message_id))
    return message


@access.there
def shows_thoughts(conversation_id: str) -> bool:
    """Whether the conversation's assistant lets askers see how the model thought."""
    query = select(Assistant.thoughts).join(Conversation, Conversation.assistant_id == Assistant.id)
    with db.session() as session:
        return bool(session.scalar(query.where(Conversation.id == conversation_id)))


@access.there
def path(conversation_id: str, through: str | None = None) -> list[Turn]:
    """The branch shown of a conversation, oldest message first; or the newest ``through`` a message
    that is not on it. NotAllowed where it is somebody else's."""
    with db.session() as session:
        talk = session.get(Conversation, conversation_id)
        if talk is None:
            raise unknown(conversation_id)
        looking.opened(talk)
        messages = _all(session, conversation_id)
        shown = _up(messages, talk.leaf_id)
        if through in messages and messages[through] not in shown:
            shown = _up(messages, leaf_below(session, messages[through]))
        pairs = {
            m.id: (m, messages[m.parent_id], talk)
            for m in shown
            if m.role == "assistant" and m.parent_id in messages
        }
        siblings = _siblings(messages.values())
        full = _answers(session, pairs, siblings)
    return [Turn(m, siblings[m.parent_id, m.role], full.get(m.id)) for m in shown]


@access.there
def messages(conversation_id: str) -> list[Message]:
    """Every message of a conversation, in the order they came, all branches."""
    with db.session() as session:
        if talk := session.get(Conversation, conversation_id):
            looking.opened(talk)
        return list(_all(session, conversation_id).values())


def demand_own(session: Session, which: ColumnElement[bool]) -> None:
    """NotAllowed where the conversation is somebody else's, whom who acts may not read; one that is
    not there is nobody's."""
    if not access.may("read"):
        for owner in session.scalars(select(Conversation.person_id).where(which)):
            access.demand_unless_own(owner)


def demand_own_message(session: Session, message_id: str) -> None:
    """The same of the conversation of a message."""
    of_message = select(Message.conversation_id).where(Message.id == message_id)
    demand_own(session, Conversation.id.in_(of_message))


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


def _siblings(messages: Iterable[Any]) -> Siblings:
    """The ids of those that follow the same message in the same role, by both."""
    groups: Siblings = defaultdict(list)
    for message in messages:
        groups[message.parent_id, message.role].append(message.id)
    return groups


def _answers(
    session: Session, found: dict[str, tuple[Message, Message, Conversation]], siblings: Siblings
) -> dict[str, Answer]:
    passages = _by_message(session, Passage, found, Passage.rank)
    citations = _by_message(session, Citation, found, Citation.answer_start)
    feedback = _by_message(session, Feedback, found, Feedback.created_at)
    given = [id_ for id_, (message, *_) in found.items() if message.finish_reason == FINISH]
    approved = _approved(session, given) if given else {}
    return {
        id_: Answer(
            message,
            question,
            talk,
            passages[id_],
            citations[id_],
            next((row for row in feedback[id_] if row.withdrawn_at is None), None),
            siblings[question.id, "assistant"],
            siblings[question.parent_id, "user"],
            approved.get(id_),
        )
        for id_, (message, question, talk) in found.items()
    }


def _approved(session: Session, ids: list[str]) -> dict[str, ApprovedBy]:
    """Who had approved what was given again."""
    columns = (ApprovedAnswer.id, Person.name, ApprovedAnswer.created_at, ApprovedAnswer.corrected)
    rows = session.execute(
        select(ServedAnswer.message_id, *columns)
        .join(ApprovedAnswer, ApprovedAnswer.id == ServedAnswer.approved_id)
        .outerjoin(Person, (Person.id == ApprovedAnswer.person_id) & ~Person.is_local)
        .where(ServedAnswer.message_id.in_(ids))
    )
    return {row[0]: ApprovedBy(row[1], row[2] or "", row[3], row[4]) for row in rows}


def _by_message(
    session: Session, table: type[Row], ids: Iterable[str], order: Any
) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in session.scalars(_of_messages(table, order), {"ids": list(ids)}):
        groups[row.message_id].append(row)
    return groups


@cache
def _of_messages(table: type[Row], order: Any) -> Any:
    wanted = table.message_id.in_(bindparam("ids", expanding=True))
    return select(table).where(wanted).order_by(order)


@cache
def _kin() -> Any:
    """Whom each message of a conversation follows: a row a message, without its words."""
    return (
        select(Message.id, Message.parent_id, Message.role)
        .where(Message.conversation_id == bindparam("talk"))
        .order_by(Message.created_at, Message.id)
    )
