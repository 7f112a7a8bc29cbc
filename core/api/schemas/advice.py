"""What pays most now, as the API takes and shows it; money in US dollars."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.api.schemas import Line, Shown
from core.i18n import _
from core.metrics.advice.advising import Advising
from core.metrics.advice.inputs import Held
from core.metrics.advice.payback import INPUTS
from core.metrics.views import NAMES, USUAL

Standing = Literal["yes", "open", "no"]


def _own(name: str) -> Any:
    """An input of the calculation, within its bounds; without it the default holds."""
    one = INPUTS[name]
    return Field(None, ge=0, le=one.most, description=f"{one.title}. {one.meaning}")


class Asked(BaseModel):
    """The view, and one's own inputs of the calculation."""

    model_config = ConfigDict(extra="forbid")
    period: Line = Field(
        USUAL, description="24h, 7d, 30d, this-month, ..., all, or 2026-03-01..2026-03-31."
    )
    assistant: Line = Field("", description="By id or by name.", examples=["Suporte"])
    version: Line = Field("", description="Id of the version that answered.")
    channel: Line = ""
    mode: Line = ""
    tier: Line = ""
    language: Line = ""
    data: Line = Field("", description="real or sample; else both.")
    topic: Line = ""
    document: Line = ""
    outcome: Line = ""
    weekday: Line = Field("", description="0 (Monday) to 6.")
    hour: Line = Field("", description="0 to 23.")
    conversations: float | None = _own("conversations")
    tokens_in: float | None = _own("tokens_in")
    tokens_out: float | None = _own("tokens_out")
    price_in: float | None = _own("price_in")
    price_out: float | None = _own("price_out")
    other_price_in: float | None = _own("other_price_in")
    other_price_out: float | None = _own("other_price_out")
    training: float | None = _own("training")
    review_hours: float | None = _own("review_hours")
    hourly_rate: float | None = _own("hourly_rate")
    share: float | None = _own("share")
    hosting: float | None = _own("hosting")

    def viewed(self) -> dict[str, str]:
        """What narrows the view."""
        return {name: str(value) for name, value in self if name in NAMES and value}

    def own(self) -> dict[str, str | float]:
        """What is told instead of a default."""
        return {name: value for name, value in self if name in INPUTS and value is not None}


class OneAdvice(Shown):
    """Something that could be done: `yes` it pays, `open` it may, `no` not now."""

    name: Literal["documents", "prompt", "smaller_model", "retriever", "fine_tuning", "nothing"]
    title: str
    standing: Standing
    weight: float = Field(
        description="0 to 1: the share of the answers that it could mend, or of a year's cost that it "
        "would leave over. Options that stand alike are in its order."
    )
    reasons: list[str] = Field(examples=[["1,204 conversations a month (n = 1,187 in 30 days)."]])
    brings: str
    lacking: list[str] = Field(description="What is missing to say it firmly.")


class HeldInput(Shown):
    """An input of the calculation; hand it in as a parameter of its `name` to change it."""

    name: str = Field(examples=["conversations"])
    title: str
    meaning: str
    unit: Literal["number", "tokens", "price", "dollars", "hours", "share"] = Field(
        description="`price` is in US dollars per million tokens."
    )
    value: float
    default: float
    most: float
    source: Literal["measured", "plan", "own"]
    said: str = Field(examples=["measured: last 30 days, n = 812"])
    n: int = Field(description="What a measured default rests on.")

    @classmethod
    def of(cls, held: Held) -> "HeldInput":
        """One as it holds, in the reader's language."""
        one = held.input
        same = {name: getattr(one, name) for name in ("name", "unit", "most")}
        told = {name: getattr(held, name) for name in ("value", "default", "source", "said", "n")}
        return cls.model_validate(same | told | {"title": _(one.title), "meaning": _(one.meaning)})


class Failed(Shown):
    """How many answers failed, by kind."""

    source: Literal["reviewers", "signs"]
    documents: int
    retriever: int
    either: int = Field(description="Of documents or of search: nobody told which.")
    generation: int
    other: int
    n: int


class Known(Shown):
    """What the advice rests on. `cost` is that of the answers whose cost is known."""

    days: float
    conversations: int
    sample: int = Field(description="Of the conversations, those that are sample data.")
    answers: int
    conversations_a_month: float
    cost: float
    cost_known: int
    cost_a_month: float
    engine: Literal["", "embedded", "free"] = Field(
        description="Not empty where nothing that answers has a price: there is no cost to save."
    )
    examples: int
    failures: Failed
    signs: Failed
    judged: Failed


class Reckoned(Shown):
    """What another model would cost and save, in US dollars a month."""

    now: float
    then: float
    saving: float
    once: float
    year: float = Field(description="Twelve savings less what is spent once.")
    state: Literal["never", "already", "months"]
    months: float | None


class Advised(Shown):
    """What pays most now, why, and what another model would save."""

    headline: str
    options: list[OneAdvice]
    evidence: Known
    inputs: list[HeldInput]
    payback: Reckoned
    currency: str
    rate: float = Field(description="Of the currency for a dollar; 0: none is set.")

    @classmethod
    def of(cls, told: Advising) -> "Advised":
        """All of it."""
        return cls(
            headline=told.headline,
            options=[OneAdvice.model_validate(one) for one in told.options],
            evidence=Known.model_validate(told.evidence),
            inputs=[HeldInput.of(one) for one in told.inputs],
            payback=Reckoned.model_validate(told.payback),
            currency=told.evidence.currency,
            rate=told.evidence.rate,
        )
