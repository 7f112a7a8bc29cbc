"""Accounts: a login with a password, or somebody whom an outside provider vouches for.

Always holds: a login is in small letters and one person's; the words and the time of a refusal say
nothing about whether there is such a login; somebody who can sign in stays an admin.
"""

import unicodedata

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import access, audit, clock, db
from core.access.roles import demand_other_admin
from core.db.tables import Account, OneTimeLink, Person, SignIn
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from core.i18n import _
from core.sign_in import links, locking, passwords, sign_ins
from core.sign_in.types import Link, Standing

LOGIN_LENGTH = 200


def sign_in(login: str, password: str, *, agent: str = "") -> tuple[SignIn, str]:
    """Sign in: the sign-in and the secret for its cookie.

    NotAllowed (code "sign_in_failed") where login or password is wrong, or the account is disabled:
    always in the same words and after the same time. TooMany after too many wrong tries.
    """
    login = _folded(login)[:LOGIN_LENGTH]
    address = access.origin().address
    locking.count(login, address)
    with db.session() as session:
        row = session.scalar(select(Account).where(Account.login == login))
    fitting = passwords.fits(row.password_hash if row else "", password)
    if row is None or not fitting or row.disabled_at is not None:
        whose = row.person_id if row else ""
        tried = {"login": login} if row else {}  # else it may be a password in the wrong field
        audit.did("sign_in_failed", "account", whose, person_id="", after=tried)
        raise _wrong()
    locking.forgive(login, address)
    with db.writing() as session:
        _freshened(session, row, password)
        return sign_ins.begun(session, row.person_id, "password", agent)


def account(person_id: str) -> Account | None:
    """Somebody's account (one's own, or with "people" anybody's); None where there is none yet."""
    access.demand_unless_own(person_id, "people")
    with db.session() as session:
        return session.get(Account, person_id)


@access.allowed("people")
def standing() -> dict[str, Standing]:
    """How everybody who has an account or an invitation may sign in: person's id -> ``Standing``."""
    now = clock.now()
    waiting = select(OneTimeLink.person_id, OneTimeLink.expires_at).where(
        OneTimeLink.kind == "invitation", links.open_(now)
    )
    open_in = select(SignIn.person_id, func.count(), func.max(SignIn.seen_at)).where(
        sign_ins.live()
    )
    with db.session() as session:
        accounts = {row.person_id: row for row in session.scalars(select(Account))}
        invited = {id_: until for id_, until in session.execute(waiting) if id_}
        browsers = {
            id_: (n, seen) for id_, n, seen in session.execute(open_in.group_by(SignIn.person_id))
        }
    told = {}
    for id_ in accounts.keys() | invited.keys():
        row, (n, seen) = accounts.get(id_), browsers.get(id_, (0, None))
        told[id_] = Standing(
            id_,
            row.login if row else "",
            bool(row and row.password_hash),
            row.issuer if row else "",
            row.disabled_at if row else None,
            invited.get(id_),
            n,
            seen,
        )
    return told


def set_password(old: str, new: str) -> None:
    """Give whoever acts another password; every other browser of theirs is signed out.

    NotAllowed where the old one is wrong (wrong tries cost waits), InvalidInput for a bad new one.
    """
    somebody = access.acting()
    mine = account(somebody.id) if somebody else None
    if somebody is None or mine is None:
        raise NotFound(_("There is no account whose password could change."))
    fresh = passwords.checked(new, mine.login, somebody.name)
    locking.count(mine.login, "")
    if not passwords.fits(mine.password_hash, old):
        audit.did("sign_in_failed", "account", mine.person_id, after={"login": mine.login})
        raise NotAllowed(_("The present password is not this one."), code="sign_in_failed")
    locking.forgive(mine.login)
    with db.writing() as session:
        put_password(session, mine.person_id, fresh)
        sign_ins.ended(session, mine.person_id, "password", access.origin().sign_in_id)


@access.allowed("people")
def reset(person_id: str) -> Link:
    """A link by which somebody chooses a new password; the present one holds until it is used."""
    with db.writing() as session:
        found(session, person_id)
        return links.made(session, "reset", person_id)


@access.allowed("people")
def disable(person_id: str) -> Account:
    """Nobody signs in with this account from now on; who is signed in with it is out at once.

    Conflict (code "last_admin") where nobody who can sign in would be left as admin.
    """
    with db.writing() as session:
        row = found(session, person_id)
        demand_other_admin(session, person_id)
        row.disabled_at = row.disabled_at or clock.now()
        sign_ins.ended(session, person_id, "disabled")
        return row


@access.allowed("people")
def enable(person_id: str) -> Account:
    """The account may be used again; whoever had it signs in anew."""
    with db.writing() as session:
        row = found(session, person_id)
        row.disabled_at = None
        return row


def put_password(session: Session, person_id: str, password: str) -> Account:
    """Store a checked password, within a transaction."""
    row = found(session, person_id)
    row.password_hash, row.password_at = passwords.hashed(password), clock.now()
    return row


def found(session: Session, person_id: str) -> Account:
    """The account, or NotFound."""
    row = session.get(Account, person_id)
    if row is None:
        person = session.get(Person, person_id)
        name = access.called(person) if person else person_id[:40]
        raise NotFound(_("{name} has no account.").format(name=name))
    return row


def checked_login(session: Session, login: str, person_id: str = "") -> str:
    """A login as it is stored; InvalidInput for what is none, Conflict where somebody else has it."""
    login = _folded(login)
    if not 0 < len(login) <= LOGIN_LENGTH or not login.isprintable() or " " in login:
        raise InvalidInput(
            _("A login has 1 to {most} characters and no blanks.").format(most=LOGIN_LENGTH),
            field="login",
        )
    theirs = session.scalar(select(Account.person_id).where(Account.login == login))
    if theirs is not None and theirs != person_id:
        raise Conflict(
            _("Somebody signs in as “{login}” already.").format(login=login),
            hint=_("Choose another login."),
            code="login_taken",
        )
    return login


def _folded(login: str) -> str:
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _freshened(session: Session, verified: Account, password: str) -> None:
    """Wrong where the password has changed since it was looked at. Hashed anew where the cost has changed
    since it was stored: only now is the password here to do so."""
    row = found(session, verified.person_id)
    if row.password_hash != verified.password_hash:
        raise _wrong()
    if passwords.is_outdated(row.password_hash):
        row.password_hash = passwords.hashed(passwords.tidy(password))


def _wrong() -> NotAllowed:
    return NotAllowed(_("Login or password is wrong."), code="sign_in_failed")
