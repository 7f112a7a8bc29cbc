"""A lead decides an item: what they judge becomes the gold answer, and nobody is waited for any more.

In: an item and a ``Judged``. Out: the stored ``Judgement`` of kind adjudication. Always holds: the
item's ``gold_id`` is the latest one, which supersedes the one before; the memory learns it in the
same transaction; what reviewers judged stays as it was.
"""

from sqlalchemy.orm import Session

from core import access, clock, db
from core.annotation import checking, seats
from core.annotation.items import found_item
from core.annotation.queues import found_queue
from core.annotation.tokens import Token, acting_id
from core.annotation.types import Judged
from core.db.tables import Item, Judgement, Person
from core.errors import Conflict, NotFound
from core.i18n import _
from core.retrieval import memory

NO_CLAIM = Token(0, 0)  # a lead decides without one


@access.allowed("lead")
def adjudicate(item_id: str, judged: Judged, person_id: str | None = None) -> Judgement:
    """Decide an item, as often as one likes: the latest holds.

    Open seats are closed; who holds one keeps their draft. Conflict where the item was taken out or
    its conversation deleted, InvalidInput for what does not fit the rubric.
    """
    who = acting_id(person_id)
    with db.writing() as session:
        row = found_item(session, item_id, lock=True)
        found_queue(session, row.queue_id)
        _check(session, row, who)
        facts = checking.checked(session, row, NO_CLAIM, judged)
        facts["seconds"] = judged.seconds
        made = Judgement(
            item_number=row.number,
            message_id=row.message_id,
            person_id=who,
            kind="adjudication",
            supersedes_id=row.gold_id,
            **facts,
        )
        session.add(made)
        session.flush()
        memory.learn(session, made)
        row.gold_id, row.state, row.done_at = made.id, "done", row.done_at or clock.now()
        session.flush()
        seats.close(session, Item.number == row.number)
    return made


def _check(session: Session, row: Item, person_id: str | None) -> None:
    if person_id and session.get(Person, person_id) is None:
        raise NotFound(_("There is no person {id}.").format(id=person_id))
    if row.state == "removed":
        raise Conflict(_("This item was taken out of the queue."), code=row.state)
    if row.state == "unavailable":
        raise Conflict(_("The conversation of this item was deleted."), code=row.state)
