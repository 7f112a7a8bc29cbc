"""Which secrets there are: put, forgotten, sealed anew; the value for inner use alone."""

import re

from sqlalchemy import select

from core import access, clock, db
from core.access import allowed
from core.db.tables import Secret
from core.errors import InvalidInput, NotFound, Unavailable
from core.i18n import _
from core.secrets import sealing

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,59}_API_KEY")  # what providers' own programs call theirs
LONGEST = 4096  # characters; the longest key in use, a signed token, has about 2,000
VALUE = re.compile(rf"[!-~]{{1,{LONGEST}}}")  # it travels in a header


@allowed("operate")
def put(name: str, value: str) -> Secret:
    """Keep a secret, in place of the one of that name. InvalidInput for what can be no key."""
    name, value = name.strip(), value.strip()
    _check(name, value)
    somebody = access.acting()
    sealed = sealing.seal(name, value)
    with db.writing() as session:
        row = session.get(Secret, name) or Secret(name=name)
        row.sealed, row.set_at = sealed, clock.now()
        row.set_by = somebody.id if somebody else None
        session.add(row)
        session.flush()
        return row


@allowed("operate")
def forget(name: str) -> None:
    """Delete a secret; NotFound where there is none of that name."""
    with db.writing() as session:
        row = session.get(Secret, name)
        if row is None:
            raise NotFound(_("No key is kept under {name}.").format(name=name[:80]))
        session.delete(row)


@allowed("operate")
def names() -> list[Secret]:
    """The secrets there are, by name; what they hold stays sealed."""
    with db.session() as session:
        return list(session.scalars(select(Secret).order_by(Secret.name)))


def value(name: str) -> str:
    """What is kept under ``name``; "" where nothing is. Unavailable where no key here opens it."""
    with db.session() as session:
        sealed = session.scalar(select(Secret.sealed).where(Secret.name == name))
    return sealing.opened(name, sealed) if sealed else ""


def opens(name: str) -> bool | None:
    """Whether what is kept under ``name`` can be opened here; None where nothing is kept."""
    try:
        return bool(value(name)) or None
    except Unavailable:
        return False


@allowed("operate")
def rotate() -> int:
    """Seal every secret anew, with a new key (or, where the environment names several, with its
    first); how many. A kill in the middle loses nothing: until the end both keys open."""
    key = sealing.next_key() or sealing.first()
    with db.writing() as session:
        rows = session.scalars(select(Secret).with_for_update()).all()
        for row in rows:
            row.sealed = sealing.sealed_with(key, row.name, sealing.opened(row.name, row.sealed))
    sealing.settle()
    return len(rows)


def _check(name: str, value: str) -> None:
    if not NAME.fullmatch(name):
        raise InvalidInput(
            _("'{name}' is no name of a key.").format(name=name[:80]),
            hint=_("Names are those of the variables: OPENAI_API_KEY, or LAB_API_KEY for lab."),
            field="name",
        )
    if not VALUE.fullmatch(value):
        raise InvalidInput(
            _("This is no key: it has 1 to {most} characters and no blanks.").format(most=LONGEST),
            hint=_("Copy it anew from the provider’s page."),
            field="value",
        )
