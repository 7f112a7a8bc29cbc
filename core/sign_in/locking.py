"""Wrong tries and the waits they cost, per account and per address, in the database.

A try is counted before the password is looked at, in one transaction, so that a thousand at once
count as a thousand; the right password takes its count back. Always holds: what was waited for is
not forgotten by a restart; a login that nobody has is counted like any other.
"""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import clock, db
from core.db.tables import SignInFailures
from core.errors import TooMany
from core.i18n import _
from core.limits import network

FREE = {"account": 5, "address": 30}  # wrong tries before waits begin
LONGEST = {"account": 900.0, "address": 60.0}  # seconds; many people may share an address
FORGOTTEN = timedelta(hours=24)  # after the last try


def count(login: str, address: str) -> None:
    """Count a try; TooMany where its account or its address has to wait yet."""
    now = clock.now()
    keys = [("account", login), *([("address", network(address))] if address else [])]
    until = db.settled(lambda session: _counted(session, keys, now))
    if until > now:
        raise refusal((until - now).total_seconds())


def forgive(login: str, address: str = "") -> None:
    """The password was right: the account's count begins anew, and the address had no wrong try."""
    with db.writing() as session:
        session.execute(
            delete(SignInFailures).where(SignInFailures.key == f"account:{login}"[:300])
        )
        row = session.get(SignInFailures, f"address:{network(address)}"[:300])
        if row is not None:
            row.n, row.blocked_until = max(0, row.n - 1), None


def sweep() -> None:
    """Forget tries that are long past."""
    with db.writing() as session:
        old = SignInFailures.last_at < clock.now() - FORGOTTEN
        session.execute(delete(SignInFailures).where(old))


def wait(n: int, kind: str) -> float:
    """How many seconds the ``n``-th wrong try costs: none, then 2, 4, 8, ... to the longest."""
    over = n - FREE[kind]
    return 0.0 if over < 0 else min(2.0 ** min(over + 1, 20), LONGEST[kind])


def refusal(seconds: float) -> TooMany:
    """The error of somebody who has to wait."""
    return TooMany(
        _("Too many tries to sign in. Try again in {seconds} s.").format(seconds=ceil(seconds)),
        hint=_("A link for a new password, from an admin, opens at once."),
        retry_after=seconds,
    )


def _counted(session: Session, keys: list[tuple[str, str]], now: datetime) -> datetime:
    """Count the try under each of the keys; or until when one of them has to wait, and count nothing."""
    rows = [(kind, _row(session, f"{kind}:{value}"[:300], now)) for kind, value in keys]
    until = max((row.blocked_until for _kind, row in rows if row.blocked_until), default=now)
    if until <= now:
        for kind, row in rows:
            _raise(row, kind, now)
    return until


def _row(session: Session, key: str, now: datetime) -> SignInFailures:
    row = session.get(SignInFailures, key, with_for_update=True)
    if row is None:
        row = SignInFailures(key=key, n=0, last_at=now)
        session.add(row)
    elif now - row.last_at > FORGOTTEN:
        row.n, row.blocked_until = 0, None
    return row


def _raise(row: SignInFailures, kind: str, now: datetime) -> None:
    row.n, row.last_at = row.n + 1, now
    seconds = wait(row.n, kind)
    row.blocked_until = now + timedelta(seconds=seconds) if seconds else None
