"""The members of an assistant as the API shows and takes them."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from core import access
from core.api.schemas import EXAMPLE_ID, Flag, Given, Shown, no_nul

MOST = 1000
Who = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(no_nul)]


class Member(Shown):
    """Somebody who belongs to an assistant."""

    id: str = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["Ana"])


class Members(Shown):
    """Who belongs to an assistant."""

    assistant_id: str = Field(examples=[EXAMPLE_ID])
    only: bool = Field(description="Nobody but its members, and admins, finds it.")
    people: list[Member] = Field(description="Its members, by name.")

    @classmethod
    def of(cls, told: access.Membership) -> "Members":
        """The membership."""
        return cls.model_validate(told)


class NewMembers(Given):
    """What is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"only": True, "people": ["Ana"]}]})
    only: Flag | None = None
    people: Annotated[list[Who], Field(max_length=MOST)] | None = Field(
        default=None,
        description="Exactly these, each by id or by name; an unknown name is refused.",
    )
