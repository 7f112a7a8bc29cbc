"""Items of a queue: conversations with one answer in focus, put in, taken out, read.

Always holds: a conversation waits in a queue once; one that a person took out of it never comes
back; items and their seats come into being in one transaction.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import access, clock, db
from core.annotation import seats
from core.annotation.focus import AT_ONCE, focus
from core.annotation.queues import found_queue
from core.annotation.types import Added, Selected
from core.db.tables import Conversation, Item, Message, Queue, new_id
from core.errors import InvalidInput, NotFound
from core.i18n import _

STATES = ("pending", "done", "removed", "unavailable")
BY_HAND: dict[str, Any] = {"name": "manual", "weight": 1.0}
PAGE = 50


@access.allowed("lead")
def add(
    queue_id: str,
    conversation_ids: Iterable[str],
    *,
    reasons: Sequence[dict[str, Any]] | None = None,
    person_id: str | None = None,
) -> Added:
    """Put conversations into a queue by hand; what is in it already stays as it is.

    NotFound for an unknown conversation, InvalidInput for one of another assistant: then none is
    added.
    """
    ids = list(dict.fromkeys(conversation_ids))
    given = list(reasons) if reasons else [{**BY_HAND, "person_id": person_id}]
    weight = sum(float(one.get("weight", 0.0)) for one in given)
    with db.writing() as session:
        row = found_queue(session, queue_id)
        _check(session, row, ids)
        answers = focus(session, ids)
        rows = [Selected(talk, answers[talk], weight, given) for talk in ids if talk in answers]
        added = put(session, row, rows)
    return Added(added.new, added.known, added.removed, len(ids) - len(rows))


def put(session: Session, queue: Queue, rows: Sequence[Selected]) -> Added:
    """Put what was selected into a queue, with its seats; doing it twice does nothing."""
    found_queue(session, queue.id, lock=True)  # the number of reviewers must not change meanwhile
    new = known = removed = 0
    for start in range(0, len(rows), AT_ONCE):
        part = {row.conversation_id: row for row in rows[start : start + AT_ONCE]}
        here, gone = _in_queue(session, queue.id, part)
        fresh = [row for talk, row in part.items() if talk not in here | gone]
        ids = _insert(session, queue.id, fresh)
        seated = seats.seat_all(session, ids, queue.reviewers_per_item)
        new, removed = new + seated, removed + len(gone)
        known += len(part) - len(gone) - seated
    return Added(new=new, known=known, removed=removed)


@access.allowed("lead")
def remove(item_id: str, person_id: str | None = None) -> Item:
    """Take an item out of its queue for good; what was judged of it stays, and so do drafts."""
    with db.writing() as session:
        row = found_item(session, item_id, lock=True)
        row.state, row.removed_by = "removed", person_id
        session.flush()
        seats.close(session, Item.number == row.number)
    return row


@access.allowed("review")
def item(item_id: str) -> Item:
    """The item with this id, whatever its state; NotFound where there is none."""
    with db.session() as session:
        return found_item(session, item_id)


@access.allowed("review")
def items(
    queue_id: str, *, state: str | None = None, after: int = 0, limit: int = PAGE
) -> list[Item]:
    """A queue's items in the order they came, after the one with the number ``after``."""
    if state is not None and state not in STATES:
        raise InvalidInput(
            _("An item's state is one of: {states}.").format(states=", ".join(STATES)),
            field="state",
        )
    query = select(Item).where(Item.queue_id == queue_id, Item.number > after)
    if state:
        query = query.where(Item.state == state)
    with db.session() as session:
        found_queue(session, queue_id)
        return list(session.scalars(query.order_by(Item.number).limit(limit)))


def found_item(session: Session, item_id: str, *, lock: bool = False) -> Item:
    """The item, locked against others until the end of the transaction if asked to."""
    query = select(Item).where(Item.id == item_id)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound(
            _("There is no item with the id “{id}” in the review queues.").format(id=item_id),
            hint=_("Its conversation may have been deleted; claim the next item."),
        )
    return row


def there(session: Session, row: Item) -> bool:
    """Whether the item's conversation, question and answer are still there for anybody."""
    return session.scalar(_there(Item.number == row.number)) is not None


def set_aside(session: Session, queue_id: str) -> None:
    """Nobody gets the items whose conversation or answer is gone, until it is restored."""
    pending = (Item.queue_id == queue_id, Item.state == "pending")
    left = _there(*pending)
    gone = select(Item.number).where(*pending, Item.number.not_in(left)).with_for_update()
    _move(session, list(session.scalars(gone)), "unavailable")


def restored(session: Session, queue: Queue) -> bool:
    """Whether items were set aside whose conversation is back."""
    back = _there(Item.queue_id == queue.id, Item.state == "unavailable")
    return session.scalar(back.limit(1)) is not None


def bring_back(session: Session, queue: Queue) -> int:
    """Let those items of a queue wait again whose conversation was restored; how many they are."""
    found_queue(session, queue.id, lock=True)
    back = _there(Item.queue_id == queue.id, Item.state == "unavailable")
    numbers = list(session.scalars(back.with_for_update(of=Item)))
    _move(session, numbers, "pending")
    if numbers:
        seats.fit(session, queue)
    return len(numbers)


def _there(*which: ColumnElement[bool]) -> Select[int]:
    """The numbers of those of the items whose conversation, question and answer are there."""
    return (
        select(Item.number)
        .join(Message, Message.id == Item.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.removed_at.is_(None), Message.parent_id.is_not(None), *which)
    )


def _move(session: Session, numbers: Sequence[int], state: str) -> None:
    for start in range(0, len(numbers), AT_ONCE):
        which = Item.number.in_(numbers[start : start + AT_ONCE])
        session.execute(update(Item).where(which).values(state=state))
        (seats.reopen if state == "pending" else seats.close)(session, which)


def _check(session: Session, queue: Queue, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        rows: Any = session.execute(
            select(Conversation.id, Conversation.assistant_id).where(
                Conversation.id.in_(part), Conversation.removed_at.is_(None)
            )
        ).all()
        of = dict(tuple(row) for row in rows)
        if missing := [id_ for id_ in part if id_ not in of]:
            raise NotFound(
                _("There is no conversation with the id “{id}”.").format(id=missing[0]),
                hint=_("List the conversations to find its id."),
            )
        if foreign := [id_ for id_ in part if of[id_] != queue.assistant_id]:
            raise InvalidInput(
                _("Conversation {id} was held with another assistant than this queue's.").format(
                    id=foreign[0]
                ),
                field="conversation_ids",
            )


def _in_queue(
    session: Session, queue_id: str, part: dict[str, Selected]
) -> tuple[set[str], set[str]]:
    """Those of the conversations that are in the queue, and those taken out of it by a person."""
    rows = session.execute(
        select(Item.conversation_id, Item.message_id, Item.state).where(
            Item.queue_id == queue_id, Item.conversation_id.in_(list(part))
        )
    ).all()
    gone = {talk for talk, _message, state in rows if state == "removed"}
    # a judged conversation may come again for another of its answers
    here = {
        talk for talk, message, state in rows if state != "done" or message == part[talk].message_id
    }
    return here - gone, gone


def _insert(session: Session, queue_id: str, rows: Sequence[Selected]) -> list[str]:
    """Their ids; where another process was faster, there is no item with the id."""
    if not rows:
        return []
    dialect = session.get_bind().dialect.name
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(Item.__table__)
    once = statement.on_conflict_do_nothing(index_elements=["queue_id", "message_id"])
    values = [_values(queue_id, row) for row in rows]
    session.connection().execute(once, values)
    return [value["id"] for value in values]


def _values(queue_id: str, row: Selected) -> dict[str, Any]:
    return {
        "id": new_id(),
        "queue_id": queue_id,
        "conversation_id": row.conversation_id,
        "message_id": row.message_id,
        "state": "pending",
        "priority": row.priority,
        "reasons": [dict(reason) for reason in row.reasons],
        "protected": row.protected,
        "known": dict(row.known),
        "created_at": clock.now(),
    }
