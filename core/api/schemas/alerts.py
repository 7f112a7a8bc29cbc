"""Alerts and their rules as the API takes and shows them.

A bound is in the unit of its measure: shares from 0 to 1, times in seconds, money in US dollars; that of
a change is a share of what was before (0.2: a fifth).
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from core import clock
from core.api.schemas import EXAMPLE_ID, Flag, Given, Id, Number, Shown, Text, Whole, within
from core.db import tables
from core.i18n import _
from core.metrics.alerts import finding as alert_finding
from core.metrics.alerts import lifecycle as alerts
from core.metrics.alerts import rules as alert_rules
from core.metrics.alerts import words as alert_words
from core.metrics.measures import MEASURES

State = Literal["live", "open", "acknowledged", "resolved"]
Channel = Literal["webhook", "mail"]
Name = Annotated[
    Text,
    StringConstraints(strip_whitespace=True, max_length=alert_rules.NAME_LENGTH),
    within(alert_rules.NAME_LENGTH),
    Field(description="Empty: called as its measure."),
]
Word = Annotated[Text, StringConstraints(max_length=200)]
Bound = Annotated[Number, Field(ge=-999_999_999, le=999_999_999, description="In its unit.")]
Margin = Annotated[Number, Field(ge=0, le=999_999_999)]
Minimum = Annotated[Whole, Field(ge=1, le=1_000_000, description="Fewer tell nothing.")]
Hours = Annotated[Whole, Field(ge=1, le=2160, description="Of which time it speaks.")]
Minutes = Annotated[Whole, Field(ge=1, le=1440, description="How often it is checked.")]
Silent = Annotated[
    Number, Field(ge=0, le=8760, description="Say nothing for so many hours; 0 ends it.")
]
Filters = Annotated[
    dict[Word, Word],
    Field(
        max_length=len(alert_rules.FILTERS),
        description="What narrows it: " + ", ".join(alert_rules.FILTERS),
        examples=[{"assistant": EXAMPLE_ID, "data": "real"}],
    ),
]
Channels = Annotated[list[Channel], Field(max_length=2)]
MARGIN = "So much on the good side of the bound ends an alert: none flaps at its bound."


class _Rule(Given):
    filters: Filters | None = None
    margin: Margin | None = Field(None, description=MARGIN)
    minimum: Minimum | None = None
    hours: Hours | None = None
    every_minutes: Minutes | None = None
    channels: Channels | None = None
    paused: Flag | None = None
    silent_hours: Silent | None = None
    name: Name | None = None

    def facts(self) -> dict[str, Any]:
        """As the core takes them: what was given."""
        given = self.model_dump(exclude_none=True)
        if (hours := given.pop("silent_hours", None)) is not None:
            until = clock.now() + timedelta(hours=hours) if hours else None
            given["silent_until"] = until
        return given


class NewRule(_Rule):
    """A rule; measure and bound are needed, the rest is as usual: 24 hours, every 15 minutes, at least
    30, on the side that is worse for the measure."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"measure": "errors", "bound": 0.01, "margin": 0.002, "channels": ["webhook"]},
                {"measure": "satisfaction", "kind": "change", "bound": 0.05, "hours": 168},
            ]
        }
    )
    measure: Annotated[
        Text,
        StringConstraints(max_length=60),
        Field(examples=["errors"], json_schema_extra={"enum": list(MEASURES)}),
    ]
    bound: Bound
    kind: Literal["threshold", "change"] = Field(
        "threshold",
        description="threshold: beyond the bound; change: worse than in the same time before, by the "
        "bound (a share of what it was) and by more than chance (p below 0.01).",
    )
    side: Literal["above", "below"] | None = Field(None, description="Which side is bad.")


class ChangedRule(_Rule):
    """What is left out stays as it is; measure, kind and side always do."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"bound": 0.02, "silent_hours": 8}]})
    bound: Bound | None = None


class Rule(Shown):
    """A rule as it holds."""

    id: str = Field(examples=[EXAMPLE_ID])
    name: str
    measure: str = Field(examples=["errors"])
    condition: str = Field(description="In words.", examples=["Errors above 1.0%"])
    kind: str
    side: str
    bound: float
    margin: float
    minimum: int
    hours: int
    every_minutes: int
    filters: dict[str, str]
    channels: list[str]
    paused: bool
    silent_until: datetime | None
    checked_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, row: tables.AlertRule) -> "Rule":
        """The rule with its condition in words."""
        facts = {name: getattr(row, name) for name in cls.model_fields if name != "condition"}
        facts["name"] = alert_words.name(row)
        return cls(**facts, condition=alert_words.condition(row))


class Suggestion(Shown):
    """A rule that may be sensible; POST its `rule` to have it."""

    key: str = Field(examples=["errors"])
    condition: str
    rule: dict[str, Any]

    @classmethod
    def of(cls, one: alert_rules.Suggestion) -> "Suggestion":
        """The suggestion with its condition in words."""
        row = tables.AlertRule(**one.facts)
        return cls(key=one.key, condition=alert_words.condition(row), rule=dict(one.facts))


class Finding(Shown):
    """What a rule would say now. `state`: `few` (below its minimum), `within`, `between` (bound and
    margin: nothing changes), `beyond` (it speaks)."""

    state: Literal["few", "within", "between", "beyond"]
    value: float | None
    n: int
    before: float | None
    before_n: int
    p: float | None = Field(description="Of the test of a change; null: not needed.")
    words: str

    @classmethod
    def of(cls, rule: tables.AlertRule, one: alert_finding.Finding) -> "Finding":
        """The finding in words as well."""
        return cls(**vars(one), words=alert_words.finding(rule, one))


class Sent(Shown):
    """An event on its way by one channel."""

    channel: str = Field(examples=["webhook"])
    event: str = Field(examples=["opened"])
    state: Literal["waiting", "sent", "failed"]
    tries: int
    why: str = Field(description="Why the last try failed.")
    at: datetime | None = Field(description="When it was sent.")


class Alert(Shown):
    """A rule that has spoken, and what has become of it."""

    id: str = Field(examples=[EXAMPLE_ID])
    rule_id: str
    name: str = Field(description="The rule's.")
    measure: str
    words: str = Field(examples=["Errors: 3.4% (n 210), last 24 hours; the bound is 1.0%."])
    state: Literal["open", "acknowledged", "resolved"]
    value: float
    n: int
    bound: float
    before: float | None
    before_n: int
    p: float | None
    conversations: list[str] = Field(
        description="Ids of those behind it, the newest first; none for who may not read them."
    )
    reopened: int = Field(description="How often it came back within a day.")
    opened_at: datetime
    seen_at: datetime = Field(description="When it was last found beyond its bound.")
    acknowledged_at: datetime | None
    acknowledged_by: str
    resolved_at: datetime | None
    resolved_by: str = Field(description="Empty: by itself.")
    sent: list[Sent]

    @classmethod
    def of(cls, told: alerts.Told) -> "Alert":
        """The alert with what is told of it."""
        names = ("id", "rule_id", "state", "value", "n", "bound", "before", "before_n", "p")
        more = ("reopened", "opened_at", "seen_at", "acknowledged_at", "resolved_at")
        return cls(
            **{name: getattr(told.alert, name) for name in (*names, *more)},
            name=alert_words.name(told.rule),
            measure=told.rule.measure,
            words=alert_words.sentence(told.rule, told.alert),
            conversations=list(told.conversations),
            acknowledged_by=told.acknowledged_by,
            resolved_by=told.resolved_by,
            sent=[Sent.model_validate(one) for one in told.sent],
        )


class Into(Given):
    """Which review queue; without one, the oldest of each assistant."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"queue_id": EXAMPLE_ID}]})
    queue_id: Id | None = None


class Queued(Shown):
    """What was put into a review queue: `new`, `known` there already, `removed` from it by a person."""

    queue_id: str
    queue: str
    new: int
    known: int
    removed: int

    @classmethod
    def of(cls, one: alerts.Queued) -> "Queued":
        """The counts of one queue."""
        added = one.added
        return cls(
            queue_id=one.queue_id,
            queue=one.queue,
            new=added.new,
            known=added.known,
            removed=added.removed,
        )


class ChannelShown(Shown):
    """A channel, and whether the operator has configured it."""

    name: str
    title: str
    configured: bool

    @classmethod
    def of(cls, name: str, configured: bool) -> "ChannelShown":
        """The channel by its name."""
        return cls(name=name, title=_(alert_rules.CHANNEL_NAMES[name]), configured=configured)
