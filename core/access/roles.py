"""The roles of people. Always holds: somebody is an admin, also when two take the role at once."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.access.deeds import ADMIN, ROLE_NAMES, ROLES
from core.access.guarding import allowed
from core.access.people import called, local_person
from core.db.tables import Person
from core.errors import Conflict, InvalidInput, NotFound
from core.i18n import _


@allowed("people")
def set_roles(person_id: str, roles: Iterable[str]) -> Person:
    """Give a person exactly these roles; none leaves them without any.

    InvalidInput for a role there is not, Conflict where nobody would be left as admin.
    """
    wanted = checked(roles)
    local_person()  # counts as an admin from the first day, also before anybody sat here
    with db.writing() as session:
        people = _everybody(session)
        found = next((one for one in people if one.id == person_id), None)
        if found is None:
            raise NotFound(_("There is no person {id}.").format(id=person_id))
        others = any(ADMIN in one.roles for one in people if one is not found)
        if ADMIN in found.roles and ADMIN not in wanted and not others:
            raise _last(found)
        found.roles = wanted
        return found


def checked(roles: Iterable[str]) -> list[str]:
    """The roles in their own order, each once; InvalidInput for one there is not."""
    given = [roles] if isinstance(roles, str) else list(roles)
    for role in given:
        if role not in ROLES:
            raise InvalidInput(
                _("'{role}' is no role.").format(role=role[:50]),
                hint=_("Choose among {roles}.").format(roles=", ".join(ROLES)),
                field="roles",
            )
    return [role for role in ROLES if role in given]


def _everybody(session: Session) -> Sequence[Person]:
    """All but the samples' people, held until the end: two who step down at once wait for each other."""
    wanted = select(Person).where(Person.preferences["sample"].as_boolean().is_not(True))
    return session.scalars(wanted.order_by(Person.id).with_for_update()).all()


def _last(person: Person) -> Conflict:
    return Conflict(
        _("{name} is the last {role}, so the role stays.").format(
            name=called(person), role=_(ROLE_NAMES[ADMIN])
        ),
        hint=_("Give somebody else the role first."),
        code="last_admin",
    )
