"""People whom somebody else vouches for: found by issuer and subject, made at the first sight.

In: claims that were checked. Out: the person, with the roles that the issuer's groups give. Always
holds: nobody is found by a name or a mail address, which others could take; one whose groups give no
role stays outside; the last admin stays one.
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping
from itertools import chain, count, islice
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access, db
from core.access.people import LOCAL, tidy
from core.access.roles import checked
from core.config import settings
from core.db.tables import Account, Person
from core.errors import Conflict, InvalidInput, NotAllowed, NotSignedIn
from core.i18n import _

log = logging.getLogger("ciclo.sign_in")
NAMES = ("name", "preferred_username", "email")  # claims that may hold a name, best first
LONGEST_NAME = 180  # leaves room for a number behind it
SUBJECT_LENGTH = 255  # OpenID Connect Core 1.0, section 2
MOST_ALIKE = 10_000


def vouched(issuer: str, claims: Mapping[str, Any], claim: str, *, follows: bool = True) -> Person:
    """The person of these claims, made at the first sight.

    Where CICLO_OIDC_ROLES maps groups (found in ``claim``), they give the roles: to new people, and
    where it ``follows`` each time. Else new people have none until an admin gives one. NotAllowed where
    the groups give no role, NotSignedIn where the account is disabled.
    """
    mapped = bool(settings().given_roles)
    roles = roles_in(claims, claim)
    subject = _subject(claims)
    person = _found(issuer, subject)
    if person is None:
        if mapped and not roles:
            raise _without_role()
        return db.settled(lambda session: _made(session, issuer, subject, claims, roles))
    if mapped and follows:
        person = _with_roles(person, roles)
        if not person.roles:
            raise _without_role()
    return person


def roles_in(claims: Mapping[str, Any], claim: str) -> list[str]:
    """The roles that the groups in this claim give, by CICLO_OIDC_ROLES; "a.b" also finds b within a."""
    given = settings().given_roles
    return checked(chain.from_iterable(given.get(one, ()) for one in groups(claims, claim)))


def groups(claims: Mapping[str, Any], claim: str) -> list[str]:
    """The groups in this claim: a list, or a text with blanks between them."""
    told: Any = claims.get(claim)
    if told is None:
        told = claims
        for part in claim.split("."):
            told = told.get(part) if isinstance(told, Mapping) else None
    if isinstance(told, str):
        return [told, *told.split()]
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if isinstance(subject, str) and 0 < len(subject) <= SUBJECT_LENGTH and subject.isprintable():
        return subject
    raise NotSignedIn(_("The token does not say whom it is for."), code="bad_token")


def _found(issuer: str, subject: str) -> Person | None:
    with db.session() as session:
        found = _pair(session, issuer, subject)
    if found is None:
        return None
    if found[1].disabled_at is not None:
        raise NotSignedIn(
            _("This account is disabled."), hint=_("An admin can enable it."), code="disabled"
        )
    return found[0]


def _pair(session: Session, issuer: str, subject: str) -> tuple[Person, Account] | None:
    wanted = select(Person, Account).join(Account, Account.person_id == Person.id)
    of = wanted.where(Account.issuer == issuer, Account.subject == subject)
    row = session.execute(of).one_or_none()
    return (row[0], row[1]) if row else None


def _made(
    session: Session, issuer: str, subject: str, claims: Mapping[str, Any], roles: list[str]
) -> Person:
    """A new person and account, in one transaction; two at once get the same."""
    if found := _pair(session, issuer, subject):
        return found[0]
    person = Person(name=_free(session, _name(claims)), roles=roles)
    session.add(person)
    session.flush()
    login = _login(issuer, subject)
    session.add(Account(person_id=person.id, login=login, issuer=issuer, subject=subject))
    return person


def _login(issuer: str, subject: str) -> str:
    """A login that nobody else can have; nobody types it, for it has no password."""
    known = hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()[:32]
    return f"{urlsplit(issuer).hostname}:{known}"[-200:]


def _name(claims: Mapping[str, Any]) -> str:
    """The first claim that holds a name as people have them."""
    for claim in NAMES:
        try:
            told = "".join(c for c in str(claims.get(claim) or "") if c.isprintable())
            return tidy(told[:LONGEST_NAME])
        except InvalidInput:
            continue
    return _("Somebody")


def _free(session: Session, name: str) -> str:
    """The name, or with the first number behind it that nobody has."""
    alike = select(Person.name).where(Person.name.startswith(name, autoescape=True))
    taken = {LOCAL, *session.scalars(alike)}
    return next(one for one in islice(_numbered(name), MOST_ALIKE) if one not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} {n}" for n in count(2))


def _with_roles(person: Person, roles: list[str]) -> Person:
    """The person with these roles; the last admin stays one."""
    if list(person.roles) == roles:
        return person
    try:
        return access.set_roles(person.id, roles)
    except Conflict:
        log.warning("the last admin keeps the role", extra={"person": person.id})
        return person


def _without_role() -> NotAllowed:
    return NotAllowed(
        _("None of your groups has a role in Ciclo."),
        hint=_("Whoever runs this server says which ones do (CICLO_OIDC_ROLES)."),
        code="no_role",
    )
