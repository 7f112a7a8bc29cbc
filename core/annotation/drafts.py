"""What a reviewer has typed of an item and not yet submitted: kept whatever becomes of the claim."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import access, clock, db
from core.db.tables import Draft, Item
from core.errors import InvalidInput
from core.i18n import _

LARGEST = 200_000  # characters of the draft as JSON


@access.allowed("review")
def kept_drafts(queue_id: str, person_id: str) -> list[Draft]:
    """A person's drafts in a queue that were refused because the claim had passed on, newest first.

    NotAllowed where a reviewer asks for another's.
    """
    access.demand_unless_own(person_id, "lead")
    query = (
        select(Draft)
        .join(Item, Item.number == Draft.item_number)
        .where(Item.queue_id == queue_id, Draft.person_id == person_id, Draft.superseded)
    )
    with db.session() as session:
        return list(session.scalars(query.order_by(Draft.updated_at.desc())))


def keep(
    session: Session, number: int, person_id: str, data: dict[str, Any], *, superseded: bool = False
) -> None:
    """Keep what a person typed of an item, in place of what was kept before."""
    _check(data)
    dialect = session.get_bind().dialect.name
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(Draft)
    fresh = {"data": data, "superseded": superseded, "updated_at": clock.now()}
    whole = {"item_number": number, "person_id": person_id} | fresh
    key = ["item_number", "person_id"]
    session.execute(statement.values(whole).on_conflict_do_update(index_elements=key, set_=fresh))


def drop(session: Session, number: int, person_id: str) -> None:
    """Forget the draft: it was submitted."""
    session.execute(delete(Draft).where(Draft.item_number == number, Draft.person_id == person_id))


def of(session: Session, number: int, person_id: str) -> dict[str, Any]:
    """What a person had typed of an item; {} where nothing was."""
    row = session.get(Draft, (number, person_id))
    return dict(row.data) if row else {}


def _check(data: dict[str, Any]) -> None:
    from json import dumps

    size = len(dumps(data, ensure_ascii=False, default=str))
    if size > LARGEST:
        raise InvalidInput(
            _("The draft has {n} characters; at most {most} fit.").format(n=size, most=LARGEST),
            field="draft",
        )
