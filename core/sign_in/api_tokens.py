"""API tokens: what a program shows in a person's place.

In: a name, the deeds it is for, how long. Out: the row, and the secret this once. Always holds: only
the secret's SHA-256 is stored; a token may what its person may, and of that only its deeds; it ends
at its time, when it is revoked, and when its person is disabled; no token makes or revokes others.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from hmac import compare_digest

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from core import access, clock, db
from core.access import Origin
from core.db.tables import Account, ApiToken, Assistant, Person
from core.errors import CicloError, Conflict, InvalidInput, NotAllowed, NotFound, NotSignedIn
from core.i18n import _
from core.sign_in import secret as secrets

log = logging.getLogger("ciclo.sign_in")
PREFIX = "ciclo_"  # by it people, and programs that look for leaked secrets, know one
SHOWN = 12  # letters of it that are kept, to know it again
MOST_LETTERS = 100  # of what is looked up at all
NAME_LENGTH = 120
USUAL_SCOPES = ("ask", "rate")
USUAL_DAYS, MOST_DAYS = 90, 3650
MOST_TOKENS = 100  # of one person, at a time
MOST_TOLD, TOLD = 500, timedelta(days=90)  # how many a list tells of, and how long of ended ones
SEEN_EVERY = timedelta(minutes=1)  # how exact the last use is told


def make_token(
    name: str,
    scopes: Iterable[str] = USUAL_SCOPES,
    days: int = USUAL_DAYS,
    assistants: Iterable[str] = (),
    person_id: str = "",
) -> tuple[ApiToken, str]:
    """A token of whoever acts (where nobody does: of ``person_id``), and its secret this once.

    ``days`` 1 to 3650, ``assistants`` ids (none: all). InvalidInput for a deed that there is not or
    that its person may not do, NotAllowed for somebody else's and by a token.
    """
    owner = _owner(person_id)
    secret = PREFIX + secrets.made()
    row = ApiToken(
        person_id=owner.id,
        name=_named(name),
        prefix=secret[:SHOWN],
        secret_hash=secrets.hash_of(secret),
        scopes=_scopes(scopes, owner),
        expires_at=clock.now() + timedelta(days=_days(days)),
        assistants=list(dict.fromkeys(assistants)),
    )
    _check_bound(row)
    with db.writing() as session:
        _check_assistants(session, row.assistants)
        _check_room(session, owner.id)
        session.add(row)
    return row, secret


def tokens(person_id: str = "") -> list[ApiToken]:
    """The tokens of who acts, newest first, those that ended in the last 90 days too; 500 at most.

    Of others with "people"; where nobody acts and nobody is named, everybody's.
    """
    somebody = access.acting()
    since = clock.now() - TOLD
    holds = or_(ApiToken.revoked_at.is_(None), ApiToken.revoked_at > since)
    wanted = select(ApiToken).where(holds, ApiToken.expires_at > since)
    wanted = wanted.order_by(ApiToken.created_at.desc(), ApiToken.id).limit(MOST_TOLD)
    if owner := person_id or (somebody.id if somebody else ""):
        access.demand_unless_own(owner, "people")
        wanted = wanted.where(ApiToken.person_id == owner)
    with db.session() as session:
        return list(session.scalars(wanted))


def revoke_token(token_id: str) -> ApiToken:
    """End a token, one's own or with "people" anybody's; doing it twice is harmless.

    NotFound for one there is not, and for somebody else's where one may not do that.
    """
    _by_no_token()
    somebody = access.acting()
    with db.writing() as session:
        row = session.get(ApiToken, token_id)
        theirs = row and (not somebody or somebody.id == row.person_id or access.may("people"))
        if row is None or not theirs:
            raise NotFound(_("There is no token {id}.").format(id=token_id[:36]))
        row.revoked_at = row.revoked_at or clock.now()
        return row


def by_token(secret: str, address: str = "") -> tuple[Person, Origin]:
    """Whom this secret stands for, and where they act from; NotSignedIn where it stands for nobody, or no longer does.

    ``address`` is the client's; it is kept with the time, once a minute at most.
    """
    found = _found(secret)
    if found is None:
        raise NotSignedIn(
            _("This token is none of ours, has ended or was revoked."),
            hint=_("Make another one on your account page, or with `ciclo tokens make`."),
            code="bad_token",
        )
    row, person = found
    _note_use(row, address)
    return person, Origin(
        door="api",
        address=address,
        token_id=row.id,
        scopes=frozenset(row.scopes),
        assistants=frozenset(row.assistants) or None,
    )


def is_token(secret: str) -> bool:
    """Whether it looks like one of ours."""
    return secret.startswith(PREFIX)


def _found(secret: str) -> tuple[ApiToken, Person] | None:
    """The row and its person, in one query; nobody where it does not hold."""
    if len(secret) > MOST_LETTERS:
        return None
    hashed = secrets.hash_of(secret)
    wanted = (
        select(ApiToken, Person)
        .join(Person, Person.id == ApiToken.person_id)
        .outerjoin(Account, Account.person_id == ApiToken.person_id)
        .where(ApiToken.secret_hash == hashed, ApiToken.revoked_at.is_(None))
        .where(ApiToken.expires_at > clock.now())
        .where(Account.disabled_at.is_(None))
    )
    with db.session() as session:
        pair = session.execute(wanted).one_or_none()
    if pair is None or not compare_digest(pair[0].secret_hash, hashed):
        return None
    return pair[0], pair[1]


def _note_use(row: ApiToken, address: str) -> None:
    """When and from where it was used last; a database that cannot be written hinders nobody."""
    now = clock.now()
    if row.last_used_at is not None and now - row.last_used_at < SEEN_EVERY:
        return
    used = update(ApiToken).where(ApiToken.id == row.id)
    try:
        with db.writing() as session:
            session.execute(used.values(last_used_at=now, last_address=address[:64]))
    except CicloError:
        log.warning("the last use of a token could not be kept", exc_info=True)


def _owner(person_id: str) -> Person:
    """Whose token it will be: nobody's but one's own, so that no name stands for what others do."""
    _by_no_token()
    somebody = access.acting()
    if somebody is None:
        return access.known(person_id) if person_id else access.local_person()
    if person_id not in ("", somebody.id):
        raise NotAllowed(
            _("A token is made by whom it stands for."),
            hint=_("They make it on their account page."),
        )
    return somebody


def _by_no_token() -> None:
    """A token that leaked must not make others that outlive it."""
    if access.origin().token_id:
        raise NotAllowed(
            _("A token neither makes nor revokes tokens."),
            hint=_("Sign in to do that."),
            code="token_by_token",
        )


def _named(name: str) -> str:
    tidy = " ".join(name.split())
    if 0 < len(tidy) <= NAME_LENGTH and tidy.isprintable():
        return tidy
    raise InvalidInput(
        _("A token's name has 1 to {most} characters.").format(most=NAME_LENGTH), field="name"
    )


def _days(days: int) -> int:
    if 1 <= days <= MOST_DAYS:
        return days
    raise InvalidInput(
        _("A token holds for 1 to {most} days.").format(most=MOST_DAYS), field="days"
    )


def _scopes(given: Iterable[str], owner: Person) -> list[str]:
    """The deeds in the table's order, each once."""
    wanted = set(given)
    for deed in sorted(wanted - access.DEEDS.keys()):
        raise InvalidInput(
            _("'{deed}' is nothing that a token could be for.").format(deed=deed[:50]),
            hint=_("Choose among {deeds}.").format(deeds=", ".join(access.DEEDS)),
            field="scopes",
        )
    if not wanted:
        raise InvalidInput(_("Say what the token is for."), field="scopes")
    for deed in [deed for deed in access.DEEDS if deed in wanted]:
        if not access.may(deed, owner):
            refused = access.refusal(deed, owner)
            raise InvalidInput(refused.message, hint=refused.hint, field="scopes")
    return [deed for deed in access.DEEDS if deed in wanted]


def _check_bound(row: ApiToken) -> None:
    """What concerns all of Ciclo is nothing for a token that is for some assistants."""
    for deed in (one for one in row.scopes if row.assistants and one in access.OF_ALL):
        raise InvalidInput(
            _("A token for certain assistants is not for that: {deed}.").format(
                deed=_(access.DEEDS[deed])
            ),
            hint=_("It concerns all of Ciclo: leave out the assistants, or “{name}”.").format(
                name=deed
            ),
            field="scopes",
        )


def _check_assistants(session: Session, ids: list[str]) -> None:
    known = set(session.scalars(select(Assistant.id).where(Assistant.id.in_(ids))))
    for missing in [id_ for id_ in ids if id_ not in known]:
        raise NotFound(_("There is no assistant {id}.").format(id=missing[:36]))


def _check_room(session: Session, person_id: str) -> None:
    live = (ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
    counted = select(func.count()).where(*live, ApiToken.expires_at > clock.now())
    if (session.scalar(counted) or 0) >= MOST_TOKENS:
        raise Conflict(
            _("Nobody has more than {most} tokens at a time.").format(most=MOST_TOKENS),
            hint=_("Revoke those that nothing uses any longer."),
            code="too_many_tokens",
        )
