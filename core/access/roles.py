"""The roles of people. Always holds: somebody is an admin, also when two take the role at once; with
sign-in somebody who can sign in; whose roles change signs in anew."""

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core import clock, db
from core.access.deeds import ADMIN, ROLE_NAMES, ROLES
from core.access.guarding import allowed
from core.access.people import called, local_person
from core.config import settings
from core.db.tables import Account, Person, SignIn
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
        if ADMIN in found.roles and ADMIN not in wanted:
            demand_other_admin(session, person_id)
        if found.roles != wanted:
            found.roles = wanted
            _sign_out(session, person_id)
        return found


def demand_other_admin(session: Session, person_id: str) -> None:
    """Conflict where this person is an admin and no other is; with sign-in those alone count who can
    sign in."""
    admins = [one for one in _everybody(session) if ADMIN in one.roles]
    if settings().auth != "local":
        able = who_can_sign_in(session)
        admins = [one for one in admins if one.id in able]
    last = next((one for one in admins if one.id == person_id), None)
    if last is not None and len(admins) == 1:
        raise _last(last)


def who_can_sign_in(session: Session) -> set[str]:
    """The ids of the people whose account is open and has a password, or an outside provider."""
    proof = or_(Account.password_hash != "", Account.subject != "")
    return set(
        session.scalars(select(Account.person_id).where(Account.disabled_at.is_(None), proof))
    )


def _sign_out(session: Session, person_id: str) -> None:
    """Wherever they are signed in: what they see and may do is decided anew."""
    open_in = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    session.execute(open_in.values(ended_at=clock.now(), ended_by="roles"))


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
