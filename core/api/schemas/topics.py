"""What is said of topics: a name as it comes in, and what grouping anew has done."""

from typing import Annotated

from pydantic import Field, StringConstraints

from core.api.schemas import EXAMPLE_ID, Given, Named, Shown, Text


class NewName(Given):
    """A name for a topic; empty: its own again."""

    label: Annotated[Text, StringConstraints(max_length=200)] = Field(examples=["Reembolso"])


class Renamed(Shown):
    """A topic and what it is called now."""

    id: str = Field(examples=[EXAMPLE_ID])
    label: str = Field(examples=["Reembolso"])


class Regroup(Given):
    """Whose questions are grouped anew."""

    assistant: Named


class Regrouped(Shown):
    """What came of it; with too few questions there are no topics."""

    questions: int
    topics: int
    made: int = Field(description="Of the topics, those that are new.")
    retired: int = Field(description="Topics about which nobody asks any more.")
    enough: bool
