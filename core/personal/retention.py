"""How long an assistant keeps conversations: what is older goes, with all that hangs on it.

In: an assistant and a number of days. Out: counts. Always holds: a conversation goes so many days after
its last message, in short transactions, the oldest first, and a turn that dies is gone on with by the
next; what reviewers approved or corrected stands by itself, without a conversation; questions of
evaluation runs are a file's, and stay.
"""

import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import clock, db
from core.access import allowed
from core.db.tables import Assistant, Conversation
from core.errors import InvalidInput, NotFound
from core.i18n import _
from core.personal import letting_go
from core.personal.places import OF_RUNS

MOST_DAYS = 36_500
BREATH = 0.02  # seconds between two transactions, in which others write


@allowed("operate")
def set_retention(assistant_id: str, days: int | None) -> Assistant:
    """Keep conversations for so many days (1 to 36,500) after their last message; None: for good."""
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise InvalidInput(
            _("Conversations are kept for 1 to {most} days, or for good.").format(most=MOST_DAYS),
            field="days",
        )
    with db.writing() as session:
        row = found(session.get(Assistant, assistant_id), assistant_id)
        row.retention_days = days
    return row


@allowed("operate")
def due(assistant_id: str, days: int) -> dict[str, int]:
    """What would go now if conversations were kept for ``days``: {"conversations", "messages"}, without
    what there is nothing of."""
    ids = select(Conversation.id).where(_due(assistant_id, _since(days)))
    with db.session() as session:
        counts = letting_go.counted(session, ids)
    del counts["approved_answers"]  # stands by itself
    return dict(+counts)


def keep_retention() -> int:
    """Let go of what is due in all assistants; how many conversations went."""
    with db.session() as session:
        kept = select(Assistant.id, Assistant.retention_days)
        rows = session.execute(kept.where(Assistant.retention_days.is_not(None))).all()
    went = sum(_let_go(row.id, row.retention_days) for row in rows)
    if went:
        letting_go.flush_log()
    return went


def found(row: Assistant | None, assistant_id: str) -> Assistant:
    """The row, or NotFound where there is none."""
    if row is None or row.removed_at:
        raise NotFound(_("There is no assistant '{name}'.").format(name=assistant_id))
    return row


def _let_go(assistant_id: str, days: int) -> int:
    went, since = Counter[str](), _since(days)
    while True:
        with letting_go.overwriting() as session:
            oldest = select(Conversation.id).where(_due(assistant_id, since))
            some = oldest.order_by(Conversation.updated_at).limit(letting_go.AT_ONCE)
            ids = session.scalars(some.with_for_update()).all()  # else somebody may still ask in it
            if not ids or not _holds(session.get(Assistant, assistant_id), days):
                return went["conversations"]
            went += letting_go.let_go(session, ids, wholly=False)
        time.sleep(BREATH)


def _holds(row: Assistant | None, days: int) -> bool:
    """Whether nobody has decided otherwise since this turn began."""
    return row is not None and row.retention_days == days


def _since(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def _due(assistant_id: str, since: datetime) -> Any:
    old = (Conversation.assistant_id == assistant_id) & (Conversation.updated_at < since)
    return old & ~OF_RUNS
