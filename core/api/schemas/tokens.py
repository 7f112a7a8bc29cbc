"""API tokens, and who acts, as the API shows and takes them."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from core import access, clock
from core.api.schemas import EXAMPLE_ID, Given, Named, Shown, Whole, no_nul
from core.db import tables
from core.sign_in import MOST_DAYS, USUAL_DAYS
from core.sign_in.api_tokens import NAME_LENGTH

Deed = Literal[
    "ask",
    "rate",
    "metrics",
    "read",
    "change",
    "compare",
    "review",
    "lead",
    "see_personal_data",
    "people",
    "operate",
]
MOST_ASSISTANTS = 100
TokenName = Annotated[
    str, StringConstraints(min_length=1, max_length=NAME_LENGTH), AfterValidator(no_nul)
]


class NewToken(Given):
    """What a token is for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "shop bot", "scopes": ["ask"], "days": 30}]}
    )
    name: TokenName
    scopes: list[Deed] = Field(
        ["ask", "rate"], min_length=1, max_length=20, description="What it may be used for."
    )
    days: Annotated[Whole, Field(ge=1, le=MOST_DAYS)] = USUAL_DAYS
    assistants: list[Named] = Field(
        [], max_length=MOST_ASSISTANTS, description="By id or by name; none: all of them."
    )


class Token(Shown):
    """A token without its secret."""

    id: str = Field(examples=[EXAMPLE_ID])
    person_id: str
    name: str
    prefix: str = Field(description="Its first letters.")
    scopes: list[str]
    assistants: list[str] = Field(description="Ids; empty: all.")
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")
    last_address: str
    revoked_at: datetime | None
    holds: bool = Field(description="Neither revoked nor over.")

    @classmethod
    def of(cls, row: tables.ApiToken, **more: Any) -> Self:
        """Of a stored one."""
        over = row.revoked_at or (row.expires_at and row.expires_at <= clock.now())
        facts = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        return cls(**facts, holds=not over, **more)


class MadeToken(Token):
    """A new token, with its secret this once."""

    secret: str = Field(description="Shown here and never again.")


class Me(Shown):
    """Who acts, and what they may by the way they came."""

    id: str
    name: str
    language: str = Field(description="What they chose; empty: what each request asks for.")
    roles: list[str]
    may: list[str] = Field(description="Deeds; a token narrows them.")
    token_id: str = Field(description="Begins with `jwt:` for a signed token; empty without a token.")
    assistants: list[str] | None = Field(description="Ids the token is for; null: all.")

    @classmethod
    def now(cls) -> "Me":
        """Of who acts."""
        person, origin = access.present(), access.origin()
        return cls(
            id=person.id,
            name=access.called(person),
            language=person.language,
            roles=list(person.roles),
            may=[deed for deed in access.DEEDS if access.may(deed)],
            token_id=origin.token_id,
            assistants=None if origin.assistants is None else sorted(origin.assistants),
        )
