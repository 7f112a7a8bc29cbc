"""Who belongs to an assistant, and whether it is for them only.

In: an assistant's id, people's ids. Out: ``Membership``. Always holds: an admin alone changes it, so
that nobody lets themselves in or out; whoever is a member stays one while it is open to all; what was
changed holds at once in this process and within a second in every other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.access import belonging, membership
from core.access.guarding import allowed
from core.access.people import found
from core.db.tables import Assistant, Member, Person


@dataclass(frozen=True)
class Membership:
    """Of an assistant: whether it is for members ``only``, and who these are, by name."""

    assistant_id: str
    only: bool
    people: tuple[Person, ...]


@allowed("change")
def members(assistant_id: str) -> Membership:
    """Who belongs to it; NotFound where there is no such assistant."""
    with db.session() as session:
        return _told(session, _living(session, assistant_id))


@allowed("people")
def set_members(assistant_id: str, person_ids: Iterable[str]) -> Membership:
    """Exactly these belong to it from now on. NotFound for an assistant or a person there is not."""
    wanted = list(dict.fromkeys(person_ids))
    with db.writing() as session:
        row = _living(session, assistant_id, lock=True)
        for person_id in wanted:
            found(session.get(Person, person_id), person_id)
        present = session.scalars(select(Member).where(Member.assistant_id == row.id)).all()
        for one in present:
            if one.person_id not in wanted:
                session.delete(one)
        new = set(wanted) - {one.person_id for one in present}
        session.add_all(Member(assistant_id=row.id, person_id=one) for one in sorted(new))
        session.flush()
        told = _told(session, row)
    membership.forget()
    return told


@allowed("people")
def set_members_only(assistant_id: str, only: bool) -> Membership:
    """Whether nobody but its members (and admins) finds it."""
    with db.writing() as session:
        row = _living(session, assistant_id, lock=True)
        row.members_only = only
        session.flush()
        told = _told(session, row)
    membership.forget()
    return told


def _living(session: Session, assistant_id: str, *, lock: bool = False) -> Assistant:
    row = session.get(Assistant, assistant_id, with_for_update=lock or None)
    if row is None or row.removed_at is not None:
        raise belonging.ASSISTANT.not_there(assistant_id)
    return row


def _told(session: Session, row: Assistant) -> Membership:
    wanted = select(Person).join(Member, Member.person_id == Person.id)
    people = session.scalars(wanted.where(Member.assistant_id == row.id).order_by(Person.name))
    return Membership(row.id, row.members_only, tuple(people))
