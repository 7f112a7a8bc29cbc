"""Clients that tell the whole conversation each time: where does it stand here?

In: the messages so far, the last of them a question. Out: the question asked in the conversation
that holds the others. A question asked this way carries a key of all that was said up to it
(``external_id``), so the next request finds its answer and goes on from there: also from an earlier
one (a branch), or once more (another answer beside the first). What never ran through here is taken in
first, as said elsewhere. Always holds: one person's conversation is never found by another's words.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any, Unpack

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core import db, limits
from core.access import allowed
from core.chat import asking, recording
from core.chat.conversations import create
from core.chat.recording import Said
from core.chat.types import Asker, Options, Started
from core.db.tables import Message

MARKS = re.compile(r"\[\d+\]|\s+")  # a stream shows marks that the stored answer may have lost


@allowed("ask")
def resume(
    said: Sequence[Said],
    *,
    assistant_id: str,
    conversation_id: str | None = None,
    options: Options | None = None,
    **asker: Unpack[Asker],
) -> Started:
    """Ask the last of ``said`` where the ones before it stand (or in ``conversation_id``).

    The same request again: an answer that is still being written is joined, one that is done gets
    another beside it. A first question always begins a conversation of its own.
    """
    limits.demand("ask")
    *before, question = said
    keys = [_key(said[: n + 1], assistant_id, asker) for n in range(len(said))]
    parent = None if conversation_id else _standing(before, keys)
    if parent is not None and (known := _asked(keys[-1], parent)):
        return _once_more(known, options)
    if parent is not None:
        conversation_id = parent.conversation_id
    elif before and conversation_id is None:
        conversation_id = _taken_in(before, assistant_id, asker)
    started = asking.begun(
        question.text,
        assistant=assistant_id,
        conversation_id=conversation_id,
        parent_id=parent.id if parent else None,
        options=options,
        **asker,
    )
    _name(started.question_id, keys[-1])
    return started


def _standing(before: Sequence[Said], keys: Sequence[str]) -> Message | None:
    """The answer of ours that ``before`` ends with."""
    if len(before) < 2 or before[-1].role != "assistant":
        return None
    asked = select(Message.id).where(Message.external_id == keys[len(before) - 2])
    answers = select(Message).where(Message.parent_id.in_(asked), Message.role == "assistant")
    with db.session() as session:
        found = session.scalars(answers.order_by(Message.created_at.desc()))
        return next((one for one in found if _same(one.text, before[-1].text)), None)


def _asked(key: str, parent: Message) -> Message | None:
    """The newest answer to the same question asked from ``parent`` on before."""
    question = select(Message.id).where(Message.external_id == key, Message.parent_id == parent.id)
    answers = select(Message).where(Message.parent_id.in_(question), Message.role == "assistant")
    with db.session() as session:
        return session.scalars(answers.order_by(Message.created_at.desc())).first()


def _once_more(known: Message, options: Options | None) -> Started:
    assert known.parent_id is not None  # it was found by it
    if known.state == "running":
        return Started(known.conversation_id, known.parent_id, known.id)
    return asking.once_more(known.id, options)


def _taken_in(before: Sequence[Said], assistant_id: str, asker: Asker) -> str:
    talk = create(assistant_id, **asker)
    recording.record(talk.id, before)
    return talk.id


def _name(question_id: str, key: str) -> None:
    named = update(Message).where(Message.id == question_id).values(external_id=key)
    try:
        with db.writing() as session:
            session.execute(named)
    except IntegrityError:  # the same request at the same moment: the other one has the name
        return


def _key(said: Sequence[Said], assistant_id: str, asker: Asker) -> str:
    who: list[Any] = [assistant_id, asker.get("person_id"), asker.get("user_id")]
    lines = [[one.role, MARKS.sub(" ", one.text).strip()] for one in said]
    text = json.dumps([who, lines], ensure_ascii=False)
    return "told:" + hashlib.sha256(text.encode()).hexdigest()


def _same(ours: str, theirs: str) -> bool:
    return MARKS.sub("", ours) == MARKS.sub("", theirs)
