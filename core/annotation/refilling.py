"""A queue is filled with what its rules take, in the background and on demand.

In: a queue. Out: ``Refilled``, how many came in. Always holds: doing it twice adds nothing; it is
safe beside itself in any thread or process; what it has put in stays where it is killed, and the
next time does the rest, for ``refilled_at`` moves at the very end. Nothing is written while it
looks, and it writes in short transactions, between which others have their turn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import access, clock, db
from core.annotation import rules, seats
from core.annotation.candidates import resting
from core.annotation.focus import focus
from core.annotation.hits import hits
from core.annotation.items import bring_back, put
from core.annotation.queues import found_queue, queue, queues
from core.annotation.rules import Rule
from core.annotation.selecting import Chosen, choose, complaint, drawn
from core.annotation.types import Selected
from core.config import settings
from core.db.tables import Conversation, Item, Queue

AT_ONCE = 500  # items in one transaction: some tens of milliseconds
WHOLE = timedelta(hours=1)  # the loop reads everything this often: what is told late has old times
SLACK = timedelta(minutes=1)  # clocks of several machines, and rows that were being written

_read_through: dict[str, datetime] = {}  # when this process has last looked at all of a queue's


@dataclass(frozen=True)
class Refilled:
    """What a refill has done: ``new`` items, ``protected`` of them drawn at random, out of ``seen``
    conversations; items whose conversation is gone, and those whose conversation is back."""

    queue_id: str
    name: str
    seen: int = 0
    new: int = 0
    protected: int = 0
    unavailable: int = 0
    back: int = 0


@access.allowed("lead")
def refill(queue_id: str | None = None) -> list[Refilled]:
    """Fill a queue, or every one, with all there is now, whenever it was said.

    NotFound for an unknown queue.
    """
    chosen = [queue(queue_id)] if queue_id else queues()
    return [_filled(one, whole=True, rest=timedelta()) for one in chosen]


def keep_filled() -> list[Refilled]:
    """The loop's turn: what has changed since the last one, and now and then everything.

    It waits until nothing has been said in a conversation for CICLO_REVIEW_REST_MINUTES.
    """
    rest = timedelta(minutes=settings().review_rest_minutes)
    return [_filled(one, whole=_is_due(one), rest=rest) for one in queues()]


def _is_due(row: Queue) -> bool:
    last = _read_through.get(row.id)
    return row.refilled_at is None or last is None or clock.now() - last >= WHOLE


def _filled(row: Queue, *, whole: bool, rest: timedelta) -> Refilled:
    began = clock.now()
    gone, back = _follow_removals(row)
    chosen_rules = rules.read(row.rules, row.random_share)
    changed = None if whole or not row.refilled_at else row.refilled_at - rest - _longest_answer()
    with db.session() as session:
        ids = resting(session, row.assistant_id, until=began - rest, changed=changed)
        chosen, to_protect = _chosen(session, row, chosen_rules, ids)
    _protect(row, to_protect)
    new, protected = _put_all(row, chosen)
    _remember(row, began)
    if whole:
        _read_through[row.id] = began
    return Refilled(row.id, row.name, len(ids), new, protected, gone, back)


def _longest_answer() -> timedelta:
    """A conversation's time is that of its last question; until the answer is there it is left out."""
    return timedelta(seconds=settings().answer_total_s) + SLACK


def _chosen(
    session: Session, row: Queue, chosen_rules: Sequence[Rule], ids: Sequence[str]
) -> tuple[list[Chosen], list[str]]:
    """What shall come in, and what is in already and belongs to the random share."""
    known, done, judged = _known(session, row.id)
    fresh = [one for one in ids if one not in known]
    again = [one for one in ids if one in done]
    looked_at = set(fresh) | set(again)
    found = {r.name: hits(session, r, looked_at) for r in chosen_rules if _looks(r)}
    chosen = choose(row.id, chosen_rules, fresh, found)
    complaints = (complaint(chosen_rules, one, found, judged) for one in again)
    chosen += [one for one in complaints if one]
    plain = [one for one in ids if known.get(one) is False]
    return chosen, list(drawn(row.id, chosen_rules, plain))


def _looks(rule: Rule) -> bool:
    return rule.on and rule.name != "random"


def _known(session: Session, queue_id: str) -> tuple[dict[str, bool], set[str], set[str]]:
    """{conversation: whether protected} of all items, the conversations with judged items alone, and
    the answers that are an item."""
    rows = session.execute(
        select(Item.conversation_id, Item.message_id, Item.state, Item.protected).where(
            Item.queue_id == queue_id
        )
    ).all()
    known: dict[str, bool] = {}
    for talk, _message, _state, protected in rows:
        known[talk] = known.get(talk, False) or protected
    waiting = {talk for talk, _message, state, _protected in rows if state != "done"}
    return known, known.keys() - waiting, {message for _talk, message, _state, _p in rows}


def _put_all(row: Queue, chosen: Sequence[Chosen]) -> tuple[int, int]:
    """How many came in, and how many of these are protected."""
    new = protected = 0
    for start in range(0, len(chosen), AT_ONCE):
        some = chosen[start : start + AT_ONCE]
        with db.session() as session:
            rows = list(_selected(session, some))
        for shielded in (True, False):
            part = [one for one in rows if one.protected is shielded]
            if part:
                with db.writing() as session:
                    added = put(session, row, part).new
                new, protected = new + added, protected + added * shielded
    return new, protected


def _selected(session: Session, chosen: Sequence[Chosen]) -> Iterable[Selected]:
    pointed = [one.pointed for one in chosen if one.pointed]
    answers = focus(session, [one.conversation_id for one in chosen], pointed)
    for one in chosen:
        if message_id := answers.get(one.conversation_id):
            yield Selected(
                one.conversation_id, message_id, one.priority, one.reasons, one.protected
            )


def _protect(row: Queue, conversation_ids: Sequence[str]) -> None:
    """What was drawn after it had come in otherwise (a larger share, a person's choice) belongs to
    the sample all the same: without it the sample would lack just those that rules take."""
    for start in range(0, len(conversation_ids), AT_ONCE):
        some = conversation_ids[start : start + AT_ONCE]
        with db.writing() as session:
            session.execute(
                update(Item)
                .where(Item.queue_id == row.id, Item.conversation_id.in_(some))
                .where(Item.state != "removed")
                .values(protected=True)
                .execution_options(synchronize_session=False)
            )


def _follow_removals(row: Queue) -> tuple[int, int]:
    """Set those items aside whose conversation was removed, bring back those where it was restored."""
    gone = select(Conversation.id).where(Conversation.removed_at.is_not(None))
    of_queue = Item.queue_id == row.id
    lost = (of_queue, Item.state == "pending", Item.conversation_id.in_(gone))
    found = (of_queue, Item.state == "unavailable", Item.conversation_id.not_in(gone))
    with db.session() as session:
        some_lost, some_found = (
            session.scalar(select(Item.number).where(*which).limit(1)) for which in (lost, found)
        )
    if some_lost is None and some_found is None:
        return 0, 0
    with db.writing() as session:
        locked = found_queue(session, row.id, lock=True)
        aside: Any = session.execute(
            update(Item)
            .where(*lost)
            .values(state="unavailable")
            .execution_options(synchronize_session=False)
        )
        seats.close(session, of_queue, Item.state == "unavailable")
        return aside.rowcount, bring_back(session, locked)


def _remember(row: Queue, began: datetime) -> None:
    """Note the moment up to which all is in; not if somebody has changed the queue meanwhile."""
    with db.writing() as session:
        session.execute(
            update(Queue)
            .where(Queue.id == row.id, Queue.updated_at == row.updated_at)
            .values(refilled_at=began, updated_at=Queue.updated_at)
            .execution_options(synchronize_session=False)
        )
