"""Which answer of a conversation is looked at: the flagged one, else the worst, else the last.

In: ids of conversations. Out: the id of one answer for each that holds a finished one. The order:
flagged (the latest flag first), rated down, failed or cut off, the least grounded of those below
POOR, one that a rule of the queue points at (or whose question it points at), the latest.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.db.tables import Feedback, Flag, Message

AT_ONCE = 500  # ids in one statement: databases limit how many values one may carry
POOR = 0.5  # groundedness below which an answer counts among the worst


def focus(
    session: Session, conversation_ids: Sequence[str], pointed: Collection[str] = ()
) -> dict[str, str]:
    """{conversation id: id of its answer in focus}; those without a finished answer are left out.

    ``pointed``: ids of messages that rules point at.
    """
    found: dict[str, str] = {}
    for start in range(0, len(conversation_ids), AT_ONCE):
        some = conversation_ids[start : start + AT_ONCE]
        rows = session.execute(_ranked(some, pointed)).all()
        found |= dict(rows)
    return found


def _ranked(conversation_ids: Sequence[str], pointed: Collection[str]) -> Any:
    """(conversation, answer) pairs, those to look at rather than others last."""
    flagged = select(func.max(Flag.created_at)).where(
        Flag.message_id == Message.id, Flag.withdrawn_at.is_(None)
    )
    down = select(Feedback.id).where(
        Feedback.message_id == Message.id,
        Feedback.rating == "down",
        Feedback.withdrawn_at.is_(None),
    )
    worst = case(
        (down.exists(), 3),
        (Message.outcome.in_(("error", "cut_off")), 2),
        (Message.groundedness < POOR, 1),
        else_=0,
    )
    poor = case((Message.groundedness < POOR, -Message.groundedness), else_=-POOR)
    meant = Message.id.in_(pointed) | Message.parent_id.in_(pointed)
    since = flagged.correlate(Message).scalar_subquery()
    return (
        select(Message.conversation_id, Message.id)
        .where(
            Message.conversation_id.in_(conversation_ids),
            Message.role == "assistant",
            Message.state == "done",
            Message.parent_id.is_not(None),  # an answer to no question cannot be judged
        )
        .order_by(
            *(case((since.is_(None), 0), else_=1), since, worst, poor),
            *(case((meant, 1), else_=0), Message.created_at, Message.id),
        )
    )
