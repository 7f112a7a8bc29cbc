"""Figures, what they are of, and the settings of the metrics, as the API shows and takes them.

Every figure tells its unit: shares from 0 to 1, times in seconds, money in US dollars as stored.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from core import metrics
from core.api.schemas import EXAMPLE_ID, Given, Line, Number, Shown, Text
from core.metrics.review_measures import SOME_BY

Unit = Literal["share", "seconds", "dollars", "stars", "number", "per_second"]
Better = Literal["up", "down", ""]
Format = Literal["json", "csv"]
Word = Annotated[Text, StringConstraints(max_length=120)]
MeasureName = Annotated[
    Line, Field(examples=["satisfaction"], json_schema_extra={"enum": list(metrics.MEASURES)})
]
By = Annotated[Line, Field(json_schema_extra={"enum": [*metrics.BY, *SOME_BY]})]
Grain = Annotated[Line, Field(json_schema_extra={"enum": ["", *metrics.GRAINS]})]
LOW = "Where its 95 % interval begins; null where none can be told."
HIGH = "Where its 95 % interval ends."
THIN = f"Of fewer than {metrics.THIN}: too few to mean much."
UNIT = "share: 0 to 1; seconds; dollars: US dollars; stars: 1 to 5; number; per_second."


class Measure(Shown):
    """What can be asked for."""

    name: str = Field(examples=["satisfaction"])
    title: str = Field(examples=["Satisfaction"])
    meaning: str
    unit: Unit = Field(description=UNIT)
    better: Better = Field(description="Which way is better; empty for neither.")
    of: str = Field(description="What is counted.", examples=["answers", "conversations"])
    by: list[str] = Field(description="What a breakdown may be by, beside what all may be by.")
    target: float | None


class Figure(Shown):
    """A measure of a view, the same of the time before, and its target."""

    measure: str = Field(examples=["satisfaction"])
    title: str = Field(examples=["Satisfaction"])
    unit: Unit = Field(description=UNIT)
    better: Better
    value: float | None = Field(description="Null: nothing to tell.", examples=[0.853])
    low: float | None = Field(description=LOW, examples=[0.821])
    high: float | None = Field(description=HIGH, examples=[0.88])
    n: int = Field(examples=[412])
    thin: bool = Field(description=THIN)
    before: float | None = Field(examples=[0.81])
    before_n: int
    target: float | None = Field(examples=[0.85])
    met: bool | None = Field(description="Whether the target is met; null without one.")


class Against(Shown):
    """A measure held against the baseline version."""

    measure: str = Field(examples=["cost_conversation"])
    now: float | None = Field(description="Of all other versions in the view.")
    now_n: int
    baseline: float | None = Field(description="Of the baseline in all time, same filters.")
    baseline_n: int
    change: float | None = Field(description="-0.6: 60 % less than the baseline.")
    target: float
    met: bool | None
    thin: bool = Field(description="Too few on either side to mean much.")


class Overview(Shown):
    """The figures of a view; `view` is what it was narrowed by, as sent."""

    view: dict[str, str] = Field(examples=[{"period": "7d"}])
    since: datetime
    until: datetime
    data: list[Figure]
    against: list[Against] = Field(description="Empty without a baseline in the settings.")


class Value(Shown):
    """A figure of a chart."""

    value: float | None
    low: float | None = Field(description=LOW)
    high: float | None = Field(description=HIGH)
    n: int
    thin: bool = Field(description=THIN)


class Point(Value):
    """A figure of the time that begins at `at`."""

    at: datetime


class Series(Shown):
    """A measure over time, oldest first."""

    measure: str
    title: str
    unit: Unit = Field(description=UNIT)
    data: list[Point]


class Row(Value):
    """A figure of what has `key` in common: an id or a word, as the filters take it."""

    key: str = Field(description="Empty: none.", examples=[EXAMPLE_ID])
    name: str = Field(description="What people call it.", examples=["Suporte"])


class Breakdown(Shown):
    """A measure by what answers have in common, the most answers first."""

    measure: str
    title: str
    unit: Unit = Field(description=UNIT)
    by: str
    total: int = Field(description="How many rows there are; `data` holds the first `limit`.")
    data: list[Row]


class Topic(Shown):
    """A group of questions; the row with an empty `id` is of what belongs to none."""

    id: str
    assistant_id: str
    label: str = Field(examples=["reembolso, prazo"])
    terms: list[str]
    n: int = Field(description="Answers.")
    share: float = Field(description="Of all answers of the view.")
    satisfaction: Figure
    new: bool = Field(description="First asked about in this period.")
    growth: float | None = Field(description="0.5: half more than in the time before.")
    named: bool = Field(description="Named by a person.")


class Topics(Shown):
    """The topics of a view, the most asked first; `why` says why there are none."""

    data: list[Topic]
    why: str


class Example(Shown):
    """One time that it was asked."""

    conversation_id: str
    message_id: str
    text: str
    at: datetime


class Unanswered(Shown):
    """Like questions that found no answer."""

    text: str = Field(description="How it is mostly asked.")
    n: int
    people: int
    first_at: datetime
    last_at: datetime
    assistant_id: str
    outcomes: dict[str, int] = Field(examples=[{"not_found": 12}])
    examples: list[Example]


class Mark(Shown):
    """Something that happened on the time axis."""

    at: datetime
    kind: Literal["document", "version", "removed"]
    text: str
    key: str = Field(description="Id of the document or version.")
    n: int


class BehindOne(Shown):
    """A conversation behind a figure."""

    conversation_id: str
    title: str
    at: datetime
    assistant_id: str
    channel: str
    answers: int = Field(description="Those of it that the figure is about.")
    sample: bool


class Behind(Shown):
    """The newest conversations behind a figure; `n` counts all."""

    n: int
    data: list[BehindOne]


Targets = Annotated[
    dict[Annotated[Line, StringConstraints(min_length=1)], Number | None], Field(max_length=200)
]


class Settings(Shown):
    """What figures are held against."""

    targets: dict[str, float] = Field(
        description="By measure, in its unit.", examples=[{"satisfaction": 0.85}]
    )
    against: dict[str, float] = Field(
        description="How much better than the baseline: -0.6 is 60 % less.",
        examples=[{"cost_conversation": -0.6}],
    )
    baseline: str = Field(description="Id of the version that others are held against.")
    currency: str = Field(description="In which people read money.", examples=["BRL"])
    rate: float = Field(description="Of it for a US dollar; 0: not set, dollars are shown.")
    silence_minutes: float = Field(description="After how many a conversation is over.")


class NewSettings(Given):
    """What to set; what is not named stays. A target of null is none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"targets": {"satisfaction": 0.9, "time_p50": None}},
                {"currency": "BRL", "rate": 5.4},
            ]
        }
    )
    targets: Targets | None = None
    against: Targets | None = None
    baseline: Annotated[Text, StringConstraints(max_length=36)] | None = None
    currency: Annotated[Text, StringConstraints(max_length=3)] | None = None
    rate: Number | None = Field(None, ge=0, le=1e6)
    silence_minutes: Number | None = Field(None, ge=0, le=10_080)

    def said(self) -> dict[str, Any]:
        """Only what was named."""
        return self.model_dump(exclude_none=True) | {
            name: told
            for name in ("targets", "against")
            if (told := getattr(self, name)) is not None  # a null within is a target taken away
        }


class Engine(Shown):
    """How one model did as one version."""

    version_id: str = Field(description="Empty where nobody told.", examples=[EXAMPLE_ID])
    version: str = Field(examples=["Suporte v3"])
    model: str = Field(description="provider:model; empty where nobody told.")
    answers: int
    share: float = Field(description="Of all answers of the view.")
    tokens_in: int
    tokens_out: int
    cost: float = Field(description="US dollars, the sum.")
    errors: dict[str, int] = Field(description="Answers by error code.")
    fallbacks: dict[str, int] = Field(description="Answers for another that failed, by reason.")
    figures: dict[str, Value] = Field(description="By measure, in its unit.")


class ModelStats(Shown):
    """Every version and model that answered in a view, the most answers first."""

    view: dict[str, str]
    units: dict[str, Unit] = Field(description="Of `figures`.")
    data: list[Engine]
