"""Personal data as the API shows and takes it: plans, erasures, retention, consent."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from core import personal
from core.api.schemas import Given, Line, OutsideId, Shown, Text, Whole
from core.db import tables
from core.personal import agreeing, retention

Counts = dict[str, int]


class Whom(Given):
    """A person of Ciclo, or a user of an outside system: one of the two."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"person": "Ana"}]})
    person: Annotated[Line, StringConstraints(min_length=1)] | None = Field(
        None, description="By id or by name."
    )
    user_id: OutsideId | None = Field(None, description="The outside system's id.")

    def subject(self) -> personal.Subject:
        """Who it is."""
        return personal.subject(self.person or "", self.user_id or "")


class Plan(Shown):
    """What an erasure would do."""

    goes: Counts = Field(description="Rows that go, by kind.")
    loses: Counts = Field(description="Rows that stay without the name, by kind.")
    unreached: Counts = Field(
        description="What cannot be reached, by kind; 0 where nobody can count it."
    )


class Erasure(Plan):
    """An erasure that was done, or goes on."""

    id: str
    person_id: str = Field(description="Empty for a user of an outside system.")
    by_id: str | None
    at: datetime
    done_at: datetime | None = Field(description="null: it goes on.")

    @classmethod
    def of(cls, row: tables.Erasure) -> "Erasure":
        """The row, what went told apart from what lost the name."""
        goes, loses = personal.split(row.erased)
        known = {name: getattr(row, name) for name in ("id", "person_id", "by_id", "at", "done_at")}
        return cls(goes=goes, loses=loses, unreached=row.unreached, **known)


class Retention(Shown):
    """How long an assistant keeps conversations after their last message."""

    days: int | None = Field(description="null: for good.")
    due: Counts = Field(description="What goes at the next turn.")


class NewRetention(Given):
    """For how many days."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"days": 180}]})
    days: Annotated[Whole, Field(ge=1, le=retention.MOST_DAYS)] | None


class ConsentText(Given):
    """What askers agree to before their first question; empty: nothing."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Guardamos o que você pergunta por 180 dias."}]}
    )
    text: Annotated[Text, StringConstraints(max_length=agreeing.LONGEST)]


class Consent(Shown):
    """What is asked of somebody, and whether they have agreed."""

    assistant_id: str
    text: str
    digest: str = Field(description="SHA-256 of the text; an agreement names it.")
    agreed: bool


class NewAgreement(Given):
    """An agreement to the text of this digest."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"digest": "0" * 64}]})
    digest: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    user_id: OutsideId | None = Field(
        None, description="The outside system's user who agrees; else who acts does."
    )
