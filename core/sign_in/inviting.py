"""How somebody comes to an account: invited by an admin, or as the first admin, by a one-time link.

Always holds: a person is made with the roles of the invitation and no others; a link is used and its
password stored in one transaction, or neither.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access, db
from core.access.people import demand_no_stand_in, demand_own_name, tidy
from core.access.roles import checked as checked_roles
from core.db.tables import Account, Person, SignIn
from core.errors import Conflict
from core.i18n import _
from core.sign_in import accounts, links, locking, passwords, sign_ins
from core.sign_in.types import Link


@access.allowed("people")
def invite(name: str, roles: Iterable[str], login: str = "") -> Link:
    """A link by which ``name`` chooses a password (and a login where none is given here).

    A person of that name who has no account yet is the one invited, and has these roles from now on.
    Conflict where they can sign in already (``reset`` gives a new password), or the login is taken.
    """
    wanted, name = checked_roles(roles), tidy(name)
    with db.writing() as session:
        person = _unaccounted(session, name)
        person.roles = wanted
        session.add(person)
        session.flush()
        if login.strip():
            _named(session, person.id, login)
        return links.made(session, "invitation", person.id)


def accept(
    secret: str, login: str, password: str, *, name: str = "", agent: str = ""
) -> tuple[SignIn, str]:
    """Use a link: store the password, end what was signed in before, and sign in.

    ``login`` counts where the account has none yet; ``name`` for the first admin (else the login).
    NotFound where the link works no more, InvalidInput or Conflict (and the link still works) where
    login or password cannot be taken.
    """
    purpose = links.link(secret)  # before the hash is made, which takes its time
    personal = (purpose.login, purpose.name, login, name)
    fresh = passwords.checked(password, *personal)
    with db.writing() as session:
        row = links.found(session, secret)
        person_id = row.person_id or _first_admin(session, name.strip() or login)
        account = _signs_in_as(session, person_id, login)
        accounts.put_password(session, person_id, fresh)
        if account.disabled_at is not None:
            raise links.not_there()
        links.used(session, row)
        sign_ins.ended(session, person_id, "password")
        begun = sign_ins.begun(session, person_id, "link", agent)
        login = account.login
    locking.forgive(login)
    return begun


def _first_admin(session: Session, name: str) -> str:
    person = _unaccounted(session, tidy(name))
    person.roles = list(access.ROLES)
    session.add(person)
    session.flush()
    return person.id


def _unaccounted(session: Session, name: str) -> Person:
    """The person of that name, perhaps new; Conflict where they can sign in already."""
    demand_no_stand_in(name)
    person = session.scalar(select(Person).where(Person.name == name))
    if person is not None and person.preferences.get("sample"):  # they go away with the samples
        raise Conflict(
            _("Somebody is called “{name}” already.").format(name=name),
            hint=_("Choose another name."),
        )
    account = session.get(Account, person.id) if person else None
    if account is not None and (account.password_hash or account.issuer):
        raise Conflict(
            _("{name} can sign in already.").format(name=name),
            hint=_("A link for a new password helps who has forgotten theirs."),
            code="has_account",
        )
    if person is None:
        demand_own_name(session, name)
    return person or Person(name=name, roles=[])


def _signs_in_as(session: Session, person_id: str, login: str) -> Account:
    return session.get(Account, person_id) or _named(session, person_id, login)


def _named(session: Session, person_id: str, login: str) -> Account:
    login = accounts.checked_login(session, login, person_id)
    row = session.get(Account, person_id)
    if row is None:
        row = Account(person_id=person_id, login=login)
        session.add(row)
    row.login = login
    session.flush()
    return row
