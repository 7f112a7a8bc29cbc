"""Lines of the audit log, as they go out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from core.api.schemas import EXAMPLE_ID, Shown, no_nul

Format = Literal["csv", "jsonl"]
Who = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(no_nul),
    Field(description="A person, by id or by name; `-` is nobody (the background)."),
]
Kind = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z_]{1,30}$"),
    Field(description="What it is about.", examples=["assistant"]),
]
Action = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z_]{1,20}$"),
    Field(
        description="create, change, remove, restore, delete, look, export, ...",
        examples=["change"],
    ),
]
Door = Literal["page", "api", "cli", "-"]
ObjectId = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(no_nul)]


class AuditLine(Shown):
    """Who did what, when, from where; `before` and `after` hold the fields that changed."""

    number: int = Field(description="Counts up; none is ever given twice.")
    at: datetime
    person_id: str = Field(description="Empty: nobody, the background.", examples=[EXAMPLE_ID])
    person: str = Field(description="Their name; empty: nobody, or gone.")
    door: str = Field(description="page, api, cli; empty: the background.")
    address: str
    token_id: str = Field(description="The API token that was shown, if one was.")
    action: str
    kind: str
    object_id: str
    title: str = Field(description="What the object is called.")
    assistant_id: str
    assistant: str
    before: dict[str, Any]
    after: dict[str, Any]
