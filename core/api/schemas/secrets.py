"""Keys of providers as the API takes and shows them: the value comes in and never goes out."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, SecretStr, StringConstraints

from core import llm, secrets
from core.api.schemas import Given, Shown
from core.secrets.keeping import LONGEST

Name = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,59}_API_KEY$"),
    Field(description="The name of its variable.", examples=["OPENAI_API_KEY"]),
]


class NewSecret(Given):
    """A key to keep."""

    value: Annotated[SecretStr, Field(min_length=1, max_length=LONGEST, examples=["sk-..."])]


class Secret(Shown):
    """A key that is kept; what it is, nobody is told."""

    name: str
    set_at: datetime
    set_by: str | None = Field(description="The person's id.")
    used: bool = Field(description="Whether it is the one in use: the environment's goes first.")
    opens: bool = Field(description="Whether the machine's own key opens it.")

    @classmethod
    def of(cls, row: Any) -> "Secret":
        """Of a stored one."""
        used = llm.source(row.name) == "settings"
        return cls(
            name=row.name,
            set_at=row.set_at,
            set_by=row.set_by,
            used=used,
            opens=bool(secrets.opens(row.name)),
        )
