"""Which model an asker has pinned in a conversation: what its last answer was asked of.

In: a conversation. Out: "provider:model", or "". Always holds: it is read from the last answer of
the branch shown, so it lives as long as the conversation, and ends with an answer asked of nobody in
particular.
"""

from core import db
from core.db.tables import Conversation, Message

PINNED = "pinned"  # the router's reason


def pinned(talk: Conversation) -> str:
    """The model that the asker chose for the last answer, also where it failed and another spoke."""
    with db.session() as session:
        last = session.get(Message, talk.leaf_id) if talk.leaf_id else None
    if last is None:
        return ""
    failed = (one["before"] for one in last.breaks or [] if one.get("reason") == PINNED)
    own = f"{last.provider}:{last.model_name}" if last.routing_reason == PINNED else ""
    return next(failed, own)
