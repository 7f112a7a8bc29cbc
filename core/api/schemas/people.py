"""People, how they may sign in, and where they are, as the API shows and takes them."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from core.access.people import NAME_LENGTH
from core.api.schemas import EXAMPLE_ID, Given, Shown, no_nul
from core.db import tables
from core.sign_in import Link, Standing

Role = Literal["viewer", "analyst", "reviewer", "admin"]
Roles = Annotated[list[Role], Field(max_length=4, description="Exactly these; none: no role.")]
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=NAME_LENGTH), AfterValidator(no_nul)
]
Login = Annotated[str, StringConstraints(max_length=NAME_LENGTH), AfterValidator(no_nul)]


class NewInvitation(Given):
    """Who is invited, and to what."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Ana Lima", "roles": ["analyst"]}]}
    )
    name: Name
    roles: Roles
    login: Login = Field("", description="What they sign in with; empty: they choose.")


class NewRoles(Given):
    """Which roles somebody has from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"roles": ["analyst", "reviewer"]}]})
    roles: Roles


class OneTime(Shown):
    """A link that works once; it is shown this once."""

    url: str
    expires_at: datetime

    @classmethod
    def of(cls, link: Link) -> Self:
        """Of a new one."""
        return cls(url=link.url, expires_at=link.expires_at)


class Somebody(Shown):
    """A person, and how they may sign in at present."""

    id: str = Field(examples=[EXAMPLE_ID])
    name: str
    roles: list[str]
    login: str = Field(description="Empty: no account yet.")
    disabled: bool
    invited_until: datetime | None
    browsers: int = Field(description="In how many they are signed in now.")

    @classmethod
    def of(cls, person: tables.Person, standing: Standing | None) -> Self:
        """Of a person and what is known of their account."""
        known = standing or Standing(person.id)
        return cls(
            id=person.id,
            name=person.name,
            roles=list(person.roles),
            login=known.login,
            disabled=known.disabled_at is not None,
            invited_until=known.invited_until,
            browsers=known.browsers,
        )


class SignedInAt(Shown):
    """A browser in which somebody is signed in."""

    id: str = Field(examples=[EXAMPLE_ID])
    person_id: str
    method: str
    address: str
    agent: str = Field(description="What the browser calls itself.")
    created_at: datetime
    seen_at: datetime = Field(description="To the minute.")
    expires_at: datetime

    @classmethod
    def of(cls, row: tables.SignIn) -> Self:
        """Of a stored one."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class Ended(Shown):
    """How many sign-ins have ended."""

    ended: int
