"""What an asker said before and what holds now, of an answer and of its conversation."""

from typing import Any

from sqlalchemy import select

from core import db
from core.access import there
from core.db.tables import ConversationRating, Feedback, Flag, Message
from core.feedback.asker import reader

Row = Feedback | Flag | ConversationRating


@there
def history(message_id: str, *, person_id: str | None, user_id: str = "") -> list[Row]:
    """Every word of the asker on the answer and its conversation, oldest first; what no longer
    holds has ``withdrawn_at``."""
    who = reader(person_id, user_id)
    talk = select(Message.conversation_id).where(Message.id == message_id).scalar_subquery()
    of: Any = {
        Feedback: Feedback.message_id == message_id,
        Flag: Flag.message_id == message_id,
        ConversationRating: ConversationRating.conversation_id == talk,
    }
    with db.session() as session:
        rows = [
            row
            for table, here in of.items()
            for row in session.scalars(select(table).where(here, who.of(table)))
        ]
    return sorted(rows, key=lambda row: row.created_at)
