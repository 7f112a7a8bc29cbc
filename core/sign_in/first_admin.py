"""The first admin of a server with sign-in: nobody has a password that nobody chose, so a link makes one.

It is printed at each start until somebody who is an admin can sign in; a new start puts out the link of
the one before.
"""

from sqlalchemy import delete, select

from core import db
from core.access.roles import who_can_sign_in
from core.config import settings
from core.db.tables import OneTimeLink, Person
from core.sign_in import links


def first_admin_link() -> str | None:
    """The address by which the first admin makes an account; None where there is an admin who can
    sign in, or where sign-in is not by accounts."""
    if settings().auth != "accounts":
        return None
    with db.writing() as session:
        able = who_can_sign_in(session)
        people = session.scalars(select(Person).where(Person.id.in_(able)))
        if any("admin" in person.roles for person in people):
            session.execute(delete(OneTimeLink).where(OneTimeLink.kind == "first_admin"))
            return None
        return links.made(session, "first_admin", None).url


def nobody_yet() -> bool:
    """Whether sign-in is by accounts and nobody at all can sign in."""
    if settings().auth != "accounts":
        return False
    with db.session() as session:
        return not who_can_sign_in(session)
