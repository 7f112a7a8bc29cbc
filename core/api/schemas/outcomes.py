"""What an outside system reports of a conversation: as it comes in and as it holds."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from core.api.schemas import EXAMPLE_ID, Given, Line, Moment, Number, Shown, Text
from core.metrics.outcomes import MAX_NOTE, MOST_VALUE

Name = Annotated[
    Line,
    StringConstraints(min_length=1, max_length=40),
    Field(
        description="A short word: letters, digits, - and _. `converted` counts as conversion.",
        examples=["converted", "solved", "escalated"],
    ),
]


class NewOutcome(Given):
    """What has become of a conversation. Reported again under the same name, it is replaced; only
    the time stays where none is given."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "converted"},
                {
                    "name": "converted",
                    "value": 349.9,
                    "currency": "BRL",
                    "happened_at": "2026-11-20T14:30:00Z",
                    "note": "Pedido 8812",
                    "channel": "whatsapp",
                },
            ]
        }
    )
    name: Name
    value: Number | None = Field(
        None, ge=-MOST_VALUE, le=MOST_VALUE, description="What it was worth."
    )
    currency: Annotated[Text, StringConstraints(max_length=3)] = Field(
        "", description="Of the value: three letters (ISO 4217).", examples=["BRL"]
    )
    happened_at: Moment | None = Field(None, description="Else the time of the first report.")
    note: Annotated[Text, StringConstraints(max_length=MAX_NOTE)] = ""
    channel: Annotated[Text, StringConstraints(max_length=20)] = Field(
        "", description="Of the conversation, where its external_id is on several."
    )


class Outcome(Shown):
    """What was reported, as it holds."""

    conversation_id: str = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["converted"])
    value: float | None = Field(examples=[349.9])
    currency: str = Field(examples=["BRL"])
    note: str
    happened_at: datetime
    created_at: datetime
