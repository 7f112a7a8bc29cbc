"""A message changed or taken out: for what was recorded wrongly, never for an answer of ours."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import db
from core.access import allowed
from core.chat.reading import demand_own_message, leaf_below
from core.db.tables import Conversation, Message
from core.errors import Conflict, InvalidInput, NotFound
from core.i18n import _

MAX_TEXT = 100_000


@allowed("ask")
def edit_message(message_id: str, text: str) -> Message:
    """Give a message another text.

    Conflict for an answer that one of our versions gave: its citations and measures belong to what
    was said; ask again instead.
    """
    words = text.replace("\x00", "").strip()
    if not 0 < len(words) <= MAX_TEXT:
        raise InvalidInput(
            _("The text has {n} characters; 1 to {most} fit.").format(n=len(words), most=MAX_TEXT),
            field="text",
        )
    with db.writing() as session:
        message = _found(session, message_id)
        if message.version_id:
            raise Conflict(
                _("An answer given by Ciclo stays as it was given."), hint=_("Ask again instead.")
            )
        message.text = words
    return message


@allowed("ask")
def remove_message(message_id: str) -> None:
    """Take a message out for good, with all that was said after it on its branches."""
    with db.writing() as session:
        message = _found(session, message_id)
        below = _branch(session, message.id)
        running = select(Message.id).where(Message.id.in_(below), Message.state == "running")
        if session.scalar(running.limit(1)):
            raise Conflict(_("An answer is being written here."), hint=_("Stop it first."))
        talk = session.get_one(Conversation, message.conversation_id)
        parent = message.parent_id and session.get(Message, message.parent_id)
        session.execute(delete(Message).where(Message.id.in_(below)))
        if talk.leaf_id in below:
            talk.leaf_id = leaf_below(session, parent) if parent else None


def _branch(session: Session, message_id: str) -> list[str]:
    below = [message_id]
    level = [message_id]
    while level:
        level = list(session.scalars(select(Message.id).where(Message.parent_id.in_(level))))
        below += level
    return below


def _found(session: Session, message_id: str) -> Message:
    demand_own_message(session, message_id)
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound(_("There is no message with the id “{id}”.").format(id=message_id))
    return message
