"""A question and its answer's row, in one short transaction: nothing acknowledged is lost.

In: the conversation (one that is there, or a new one), what was asked, who will answer. Out: the
two messages, saved, with the answer as the end of the branch shown. Always holds: a question goes
on from the end of the branch as it is at that moment, whoever else asks.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from core import db, registry
from core.chat.types import Options
from core.chat.writing import ABANDONED, lease
from core.db import room
from core.db.tables import Conversation, Message
from core.errors import NotFound
from core.i18n import _

TITLE = 80
# plain statements, built once: a turn shall cost little beside its model
_TALKS: Any = Conversation.__table__
_MESSAGES: Any = Message.__table__
_ADD_TALK, _ADD_MESSAGES = insert(_TALKS), insert(_MESSAGES)
_END = select(_TALKS.c.leaf_id, _TALKS.c.title).where(
    _TALKS.c.id == bindparam("talk"), _TALKS.c.removed_at.is_(None)
)
_LEFT = (_MESSAGES.c.finish_reason == ABANDONED) & (_MESSAGES.c.state == "done")
_MOVE = update(_TALKS).where(_TALKS.c.id == bindparam("talk"))


def asked(
    talk: Conversation,
    new: bool,
    *,
    text: str,
    language: str,
    channel: str,
    parent_id: str | None,
    moment: datetime,
    route: registry.Route,
    options: Options,
    first: bool = False,
) -> tuple[Message, Message]:
    """Save the question and the row of its answer, and ``talk`` itself where it is ``new``.

    A ``first`` question follows nothing, though the conversation has others.
    """
    room.demand()
    question = _row(talk.id, "user", moment, text, language, channel)
    with db.writing() as session:
        end, title = (None, "") if new else _end(session, talk.id)
        question["parent_id"] = None if first else parent_id or end
        answer = _answer(question, moment, route, options)
        values = {"leaf_id": answer["id"], "updated_at": moment, "title": title or _title(text)}
        if new:
            session.execute(_ADD_TALK, _given(talk) | values)
            for name, value in values.items():
                setattr(talk, name, value)
        else:
            session.execute(_MOVE, values | {"talk": talk.id})
        session.execute(_ADD_MESSAGES, [question, answer])
    return Message.of(question), Message.of(answer)


def asked_again(
    question: Message, moment: datetime, route: registry.Route, options: Options
) -> Message:
    """Save the row of another answer to ``question``."""
    room.demand()
    answer = _answer(_row_of(question), moment, route, options)
    talk_id = question.conversation_id
    with db.writing() as session:
        _end(session, talk_id)
        moved = {"leaf_id": answer["id"], "updated_at": moment, "talk": talk_id}
        session.execute(_MOVE, moved)
        session.execute(_ADD_MESSAGES, [answer])
    return Message.of(answer)


def put(
    session: Session, said: Sequence[tuple[Conversation, str]], language: str, moment: datetime
) -> list[str]:
    """Save new conversations, each with a question that waits; the questions' ids, in order."""
    talks, questions = [], []
    for talk, text in said:
        question = _row(talk.id, "user", moment, text, language, talk.channel)
        moved = {"leaf_id": question["id"], "updated_at": moment, "title": _title(text)}
        talks.append(_given(talk) | moved)
        questions.append(question)
    if said:
        session.execute(_ADD_TALK, talks)
        session.execute(_ADD_MESSAGES, questions)
    return [str(question["id"]) for question in questions]


def tried(
    question: Message, answer_id: str, moment: datetime, route: registry.Route, options: Options
) -> Message | None:
    """Save the row of an answer to ``question`` under an id given before; None where it is there, and
    not one that its writer has left."""
    answer = _answer(_row_of(question), moment, route, options) | {"id": answer_id}
    with db.writing() as session:
        session.execute(delete(_MESSAGES).where(_MESSAGES.c.id == answer_id, _LEFT))
        if session.scalar(select(_MESSAGES.c.id).where(_MESSAGES.c.id == answer_id)):
            return None
        session.execute(_ADD_MESSAGES, [answer])
    return Message.of(answer)


def gone(conversation_id: str) -> NotFound:
    """The error for a conversation that cannot be gone on with."""
    return NotFound(
        _("There is no conversation with the id “{id}”.").format(id=conversation_id),
        hint=_("Leave the id out to begin a new conversation."),
    )


def _end(session: Session, talk_id: str) -> tuple[str | None, str]:
    """The end of the branch shown, and the title."""
    found = session.execute(_END, {"talk": talk_id}).first()
    if found is None:  # removed a moment ago
        raise gone(talk_id)
    return found.leaf_id, found.title


def _row(
    talk_id: str, role: str, moment: datetime, text: str, language: str, channel: str
) -> dict[str, Any]:
    return {
        "id": db.new_id(),
        "conversation_id": talk_id,
        "parent_id": None,
        "role": role,
        "state": "done",
        "text": text,
        "language": language,
        "channel": channel,
        "created_at": moment,
        "lease_until": None,
        "version_id": None,
        "provider": "",
        "model_name": "",
        "routing_reason": "",
        "mode": "",
        "level": "",
    }


def _row_of(question: Message) -> dict[str, Any]:
    names = ("id", "conversation_id", "language", "channel")
    return {name: getattr(question, name) for name in names}


def _answer(
    question: dict[str, Any], moment: datetime, route: registry.Route, options: Options
) -> dict[str, Any]:
    talk_id, language, channel = (question[k] for k in ("conversation_id", "language", "channel"))
    return _row(talk_id, "assistant", moment, "", language, channel) | {
        "parent_id": question["id"],
        "state": "running",
        "lease_until": lease(),
        "version_id": route.version.id,
        "provider": route.model.provider,
        "model_name": route.model.name,
        "routing_reason": route.reason,
        "mode": options.mode,
        "level": options.level,
    }


def _given(talk: Conversation) -> dict[str, Any]:
    """What was set of a conversation that is not saved yet; the table's defaults do the rest."""
    return {name: value for name, value in vars(talk).items() if not name.startswith("_")}


def _title(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…"
