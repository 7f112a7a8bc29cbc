"""The gate of an assistant, what came of a run at it, and the return on investment, as the API takes and shows
them; money in US dollars."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.api.schemas import Given, Line, Number, Shown, Whole
from core.api.schemas.advice import Reckoned
from core.api.schemas.evaluation import Scorers
from core.comparison import gate_saying
from core.comparison.gate import Rules
from core.comparison.returns import Returns
from core.comparison.returns_inputs import INPUTS
from core.db.tables import GateResult
from core.i18n import _
from core.metrics.advice.inputs import Held


class MustPass(Given):
    """How many of the questions that must pass may be lost."""

    at_most: Whole = Field(ge=0, le=1_000_000)


class NewRules(Given):
    """The rules of a gate; what is left out asks nothing, `least_n` what is usual."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "not_worse": {"primary": 0.05, "seconds": 0.2},
                    "better_in_one_of": ["primary", "cost"],
                    "must_pass": {"at_most": 0},
                    "least_n": 100,
                }
            ]
        }
    )
    not_worse: dict[Line, Number] = Field(
        default_factory=dict,
        max_length=60,
        description="Scorer (or `primary`: all that decide) and margin: a share for quality, how much "
        "more of it for speed and cost.",
    )
    better_in_one_of: Scorers = Field(default_factory=list)
    must_pass: MustPass | None = None
    least_n: Whole = Field(100, ge=1, le=1_000_000)
    judge_agreement: Number | None = Field(None, gt=0, le=1, description="The least kappa.")


class RulesShown(Shown):
    """The rules that hold. `usual`: nobody has set any."""

    assistant_id: str
    rules: dict[str, Any]
    usual: bool
    gate_id: str = Field(description="Empty before anything rests on them.")
    created_at: datetime | None
    lines: list[str] = Field(description="In words.")

    @classmethod
    def of(cls, found: Rules) -> "RulesShown":
        """In the reader's language."""
        return cls(**vars(found), lines=gate_saying.rules(found.rules))


class GateShown(Shown):
    """What came of a run at its gate."""

    id: str
    gate_id: str
    run_id: str
    passed: bool
    outcome: str = Field(examples=["Does not pass the gate: 1 of 4 rules is not met."])
    reasons: list[dict[str, Any]]
    lines: list[str] = Field(description="The reasons in words, in their order.")
    created_at: datetime

    @classmethod
    def of(cls, row: GateResult) -> "GateShown":
        """In the reader's language."""
        names = ("id", "gate_id", "run_id", "passed", "reasons", "created_at")
        return cls(
            **{name: getattr(row, name) for name in names},
            outcome=gate_saying.outcome(row),
            lines=[gate_saying.reason(one) for one in row.reasons],
        )


def _own(name: str) -> Any:
    """An input of the calculation, within its bounds; without it the default holds."""
    one = INPUTS[name]
    return Field(None, ge=0, le=one.most, description=f"{one.title}. {one.meaning}")


class OwnInputs(BaseModel):
    """Inputs of one's own."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    conversations: float | None = _own("conversations")
    answers: float | None = _own("answers")
    tokens_in: float | None = _own("tokens_in")
    tokens_out: float | None = _own("tokens_out")
    other_tokens_in: float | None = _own("other_tokens_in")
    other_tokens_out: float | None = _own("other_tokens_out")
    price_in: float | None = _own("price_in")
    price_out: float | None = _own("price_out")
    other_price_in: float | None = _own("other_price_in")
    other_price_out: float | None = _own("other_price_out")
    solved: float | None = _own("solved")
    other_solved: float | None = _own("other_solved")
    review_hours: float | None = _own("review_hours")
    hourly_rate: float | None = _own("hourly_rate")
    training: float | None = _own("training")
    share: float | None = _own("share")
    hosting: float | None = _own("hosting")


class ReturnInput(Shown):
    """An input; hand it in as a parameter of its `name` to change it."""

    name: str
    title: str
    meaning: str
    unit: Literal["number", "tokens", "price", "dollars", "hours", "share"]
    value: float
    default: float
    most: float
    source: Literal["run", "measured", "prices", "plan", "own"]
    said: str = Field(examples=["measured in this run, n = 200"])
    n: int

    @classmethod
    def of(cls, held: Held) -> "ReturnInput":
        """In the reader's language."""
        one = held.input
        known = {name: getattr(one, name) for name in ("name", "unit", "most")}
        told = {name: getattr(held, name) for name in ("value", "default", "source", "said", "n")}
        return cls.model_validate(known | told | {"title": _(one.title), "meaning": _(one.meaning)})


class ReturnsShown(Shown):
    """What going from a to b costs and saves; money in US dollars, a month where nothing else is said."""

    inputs: list[ReturnInput]
    payback: Reckoned
    solved_now: float | None = Field(description="For a solved conversation; null: nobody knows.")
    solved_then: float | None
    hours: float | None = Field(description="Of waiting spared; below 0: people wait longer.")
    remarks: list[str]

    @classmethod
    def of(cls, found: Returns) -> "ReturnsShown":
        """In the reader's language."""
        return cls(
            inputs=[ReturnInput.of(one) for one in found.inputs],
            payback=Reckoned.model_validate(found.payback),
            solved_now=found.solved_now,
            solved_then=found.solved_then,
            hours=found.hours,
            remarks=list(found.remarks),
        )
