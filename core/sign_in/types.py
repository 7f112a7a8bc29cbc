"""What the verbs of this package give. No hash and no secret stands in any of them but ``Link.url``."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.db.tables import Person, SignIn


class SignedIn(NamedTuple):
    """Whoever a cookie stands for, and the sign-in that it belongs to."""

    person: Person
    sign_in: SignIn


@dataclass(frozen=True)
class Link:
    """A link that works once; ``url`` is shown once, for only its hash is kept."""

    url: str
    expires_at: datetime


@dataclass(frozen=True)
class Purpose:
    """What a one-time link is for: ``kind`` is "first_admin", "invitation" or "reset".

    ``name`` and ``login`` are those of the person it is for ("" where they are chosen at its use).
    """

    kind: str
    person_id: str
    name: str
    login: str
    expires_at: datetime


@dataclass(frozen=True)
class Standing:
    """How somebody may sign in at present, for a list of people.

    ``login`` "" : no account yet. ``has_password``: else by an outside provider (``issuer``) or not yet.
    ``invited_until``: an invitation waits for them. ``browsers``: where they are signed in now.
    """

    person_id: str
    login: str = ""
    has_password: bool = False
    issuer: str = ""
    disabled_at: datetime | None = None
    invited_until: datetime | None = None
    browsers: int = 0
    seen_at: datetime | None = None
