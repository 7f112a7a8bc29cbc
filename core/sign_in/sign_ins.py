"""Browsers in which somebody is signed in: begun, looked up at each request, ended.

Always holds: a sign-in begins with a secret of its own, whatever the browser had before; it ends by
sign-out, by an admin, with the roles, the password or the account, after hours unused and after days in
any case; an ended one never comes back.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from core import access, audit, clock, db
from core.config import settings
from core.db.tables import Account, Person, SignIn
from core.errors import NotFound
from core.i18n import _
from core.sign_in import locking
from core.sign_in import secret as secrets
from core.sign_in.types import SignedIn

MINUTE = timedelta(minutes=1)
KEPT = timedelta(days=90)  # how long an ended one is still told of


def begin(person_id: str, method: str, *, agent: str = "") -> tuple[SignIn, str]:
    """Sign somebody in who has proved who they are by ``method`` ("password", "link", "oidc").

    Gives the sign-in and the secret for the cookie, which is nowhere kept. ``agent``: what the
    browser calls itself; the address is that of ``access.origin()``.
    """
    with db.writing() as session:
        return begun(session, person_id, method, agent)


def begun(session: Session, person_id: str, method: str, agent: str = "") -> tuple[SignIn, str]:
    """The same within a transaction."""
    secret, now = secrets.made(), clock.now()
    row = SignIn(
        person_id=person_id,
        secret_hash=secrets.hash_of(secret),
        method=method,
        address=access.origin().address[:64],
        agent=agent[:300],
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(days=settings().session_days),
    )
    session.add(row)
    session.flush()
    _told(session, "sign_in", row, method=method)
    return row, secret


def signed_in(secret: str) -> SignedIn | None:
    """Whoever the secret of a cookie stands for now; None where it stands for nobody (any more).

    One query; that it was used is written at most once a minute.
    """
    if not secrets.is_one(secret):
        return None
    wanted = (
        select(SignIn, Person)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(Account, Account.person_id == SignIn.person_id)
        .where(SignIn.secret_hash == secrets.hash_of(secret), SignIn.ended_at.is_(None))
        .where(Account.disabled_at.is_(None))
    )
    with db.session() as session:
        found = session.execute(wanted).first()
    return _in_time(SignedIn(found[1], found[0])) if found else None


def sign_out(secret: str) -> None:
    """End the sign-in of this secret; nothing happens where there is none."""
    with db.writing() as session:
        mine = SignIn.secret_hash == secrets.hash_of(secret)
        row = session.scalar(select(SignIn).where(mine, SignIn.ended_at.is_(None)))
        if row is not None:
            _end(session, mine, "sign_out")
            _told(session, "sign_out", row)


def sign_ins(person_id: str) -> list[SignIn]:
    """Where somebody is signed in now, the last used first: one's own, or with "people" all."""
    access.demand_unless_own(person_id, "people")
    wanted = select(SignIn).where(SignIn.person_id == person_id, live())
    with db.session() as session:
        return list(session.scalars(wanted.order_by(SignIn.seen_at.desc(), SignIn.id)))


def end(sign_in_id: str) -> None:
    """End one: one's own, or with "people" anybody's; NotFound where there is none."""
    with db.writing() as session:
        row = session.get(SignIn, sign_in_id)
        if row is None or not _mine_to_end(row):
            raise NotFound(_("There is no sign-in {id}.").format(id=sign_in_id[:40]))
        if _end(session, SignIn.id == sign_in_id, _by(row.person_id)):
            audit.did("end", "sign_in", row.id, before={"of": row.person_id}, session=session)


def end_all(person_id: str, but: str = "") -> int:
    """End all of somebody's, except the one with the id ``but``; how many there were."""
    access.demand_unless_own(person_id, "people")
    with db.writing() as session:
        n = ended(session, person_id, _by(person_id), but)
        if n:
            audit.did("end", "sign_in", before={"of": person_id, "browsers": n}, session=session)
        return n


def ended(session: Session, person_id: str, by: str, but: str = "") -> int:
    """The same within a transaction; ``by`` says what has ended them."""
    which = (SignIn.person_id == person_id) & (SignIn.id != but)
    return _end(session, which, by)


def live() -> ColumnElement[bool]:
    """In a query: the sign-ins that still hold."""
    now = clock.now()
    unused = now - timedelta(hours=settings().session_hours)
    return SignIn.ended_at.is_(None) & (SignIn.expires_at > now) & (SignIn.seen_at > unused)


def sweep() -> None:
    """End what nobody used; forget what ended long ago, and tries that are long past. For the background."""
    locking.sweep()
    now = clock.now()
    unused = now - timedelta(hours=settings().session_hours)
    with db.writing() as session:
        _end(session, or_(SignIn.expires_at <= now, SignIn.seen_at <= unused), "unused")
        session.execute(delete(SignIn).where(SignIn.ended_at < now - KEPT))


def _in_time(found: SignedIn) -> SignedIn | None:
    now, row = clock.now(), found.sign_in
    unused = now - row.seen_at
    if row.expires_at <= now or unused >= timedelta(hours=settings().session_hours):
        with db.writing() as session:
            _end(session, SignIn.id == row.id, "unused")
        return None
    if unused >= MINUTE:
        with db.writing() as session:
            session.execute(update(SignIn).where(SignIn.id == row.id).values(seen_at=now))
    return found


def _end(session: Session, which: ColumnElement[bool], by: str) -> int:
    ending = update(SignIn).where(which, SignIn.ended_at.is_(None))
    done = session.execute(ending.values(ended_at=clock.now(), ended_by=by))
    return int(getattr(done, "rowcount", 0))


def _told(session: Session, action: str, row: SignIn, **facts: str) -> None:
    whose = row.person_id
    audit.did(action, "sign_in", row.id, person_id=whose, after=facts, session=session)


def _mine_to_end(row: SignIn) -> bool:
    somebody = access.acting()
    return somebody is None or somebody.id == row.person_id or access.may("people")


def _by(person_id: str) -> str:
    somebody = access.acting()
    return "themselves" if somebody is not None and somebody.id == person_id else "admin"
