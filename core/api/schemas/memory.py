"""The memory of approved questions as the API shows and takes it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from core.api.schemas import Flag, Given, Shown
from core.retrieval import approved

State = Literal["in_use", "lifts", "retired"]


class Remembered(Shown):
    """A question whose answer reviewers approved or corrected."""

    id: str
    assistant_id: str
    question: str = Field(description="Made to stand alone; personal data is masked.")
    answer: str
    corrected: bool = Field(description="A reviewer wrote it anew.")
    by: str = Field(description="Who approved it; empty where nobody knows.")
    at: datetime
    state: State = Field(
        description="`in_use`: it lifts its passages and may be served. `lifts`: it is served no "
        "more. `retired`: neither."
    )
    why: str = Field(description="A stable code of why it is not in use, or empty.")
    hits: int = Field(description="Answers in which it lifted a passage.")
    served: int = Field(description="How often it was given at once.")
    served_at: datetime | None
    retired_at: datetime | None
    message_id: str | None = Field(description="The answer that was approved.")
    passages: list[dict[str, Any]] = Field(description="What it rests on.")

    @classmethod
    def of(cls, one: approved.Approved) -> "Remembered":
        """The approved answer."""
        return cls.model_validate(one)


class Uses(Shown):
    """What the memory does for an assistant, as its champion has it."""

    lift: bool = Field(description="Approved passages are lifted in the search.")
    serve: bool = Field(description="Approved answers are given at once to the same question.")


class NewUses(Given):
    """What is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"serve": True}]})
    lift: Flag | None = None
    serve: Flag | None = None
