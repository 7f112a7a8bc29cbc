"""One-time links: the first admin's, invitations, new passwords.

Always holds: a link works once and until its end; a new one of the same kind for the same person puts
out the one before; only the hash of its secret is kept, so that it is shown once.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from core import access, clock, db
from core.config import settings
from core.db.tables import Account, OneTimeLink, Person
from core.errors import Conflict, NotFound
from core.i18n import _
from core.sign_in import secret as secrets
from core.sign_in.types import Link, Purpose

LASTS = {  # until used, or until
    "first_admin": timedelta(days=365),  # each start makes a new one
    "invitation": timedelta(days=7),
    "reset": timedelta(days=1),
}
PATH = "/link/"


def made(session: Session, kind: str, person_id: str | None) -> Link:
    """A new link within a transaction; those before it no longer open."""
    demand_accounts()
    secret, now = secrets.made(), clock.now()
    session.execute(delete(OneTimeLink).where(_of(kind, person_id), OneTimeLink.used_at.is_(None)))
    maker = access.acting()
    row = OneTimeLink(
        kind=kind,
        secret_hash=secrets.hash_of(secret),
        person_id=person_id,
        made_by=maker.id if maker else None,
        created_at=now,
        expires_at=now + LASTS[kind],
    )
    session.add(row)
    return Link(address() + PATH + secret, row.expires_at)


def link(secret: str) -> Purpose:
    """What a link is for; NotFound where it was used, has ended or never was (all in the same words)."""
    with db.session() as session:
        row = found(session, secret)
        person = session.get(Person, row.person_id) if row.person_id else None
        account = session.get(Account, row.person_id) if row.person_id else None
        return Purpose(
            row.kind,
            row.person_id or "",
            person.name if person else "",
            account.login if account else "",
            row.expires_at,
        )


def found(session: Session, secret: str) -> OneTimeLink:
    """The row of a link that still works."""
    demand_accounts()
    wanted = select(OneTimeLink).where(
        OneTimeLink.secret_hash == secrets.hash_of(secret), open_(clock.now())
    )
    row = session.scalar(wanted) if secrets.is_one(secret) else None
    if row is None:
        raise not_there()
    return row


def used(session: Session, row: OneTimeLink) -> None:
    """From here on it is used; NotFound where somebody else was faster."""
    now = clock.now()
    mine = update(OneTimeLink).where(OneTimeLink.id == row.id, open_(now))
    if not getattr(session.execute(mine.values(used_at=now)), "rowcount", 0):
        raise not_there()


def open_(now: datetime) -> ColumnElement[bool]:
    """In a query: the links that still work."""
    return OneTimeLink.used_at.is_(None) & (OneTimeLink.expires_at > now)


def address() -> str:
    """Where browsers reach this server: CICLO_PUBLIC_URL, else its own address and port."""
    chosen = settings()
    if chosen.public_url:
        return chosen.public_url.rstrip("/")
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(chosen.host, chosen.host)
    return (
        f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{chosen.port}"
    )


def demand_accounts() -> None:
    """Conflict where people do not sign in with a password of theirs: a link would be a way past."""
    if settings().auth != "accounts":
        raise Conflict(
            _("Links to sign in are for the mode with accounts."),
            hint=_("CICLO_AUTH=accounts turns it on."),
            code="no_accounts",
        )


def not_there() -> NotFound:
    """The error of a link that does not work (any more)."""
    return NotFound(
        _("This link was used already, or its time is over."),
        hint=_("Ask an admin for a new one."),
        code="link_over",
    )


def _of(kind: str, person_id: str | None) -> ColumnElement[bool]:
    whose = OneTimeLink.person_id == person_id if person_id else OneTimeLink.person_id.is_(None)
    return (OneTimeLink.kind == kind) & whose
