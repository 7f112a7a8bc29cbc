"""Conversations of others: who reads one as it was said is in the audit log.

Takes a conversation as it was read from the database. Always holds: one's own, samples, and those that
only compare versions (``core.comparison`` tells of these) leave no line; the line is written before
anything is shown.
"""

from core import access, audit
from core.chat.types import APART
from core.db.tables import Conversation


def opened(talk: Conversation) -> None:
    """NotAllowed where it is somebody else's, whom who acts may not read; else that they did."""
    access.demand_unless_own(talk.person_id)
    seen(talk)


def seen(talk: Conversation) -> None:
    """Write down that who acts has seen it."""
    if not talk.is_sample and talk.channel != APART:
        theirs("conversation", talk.id, talk.assistant_id, talk.person_id)


def theirs(kind: str, object_id: str, assistant_id: str, owner_id: str | None) -> None:
    """Write down that who acts has seen what belongs to somebody else."""
    if access.origin().door and access.present().id != owner_id:
        audit.looked(kind, object_id, assistant_id)
