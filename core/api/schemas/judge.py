"""A queue's judge model as the API asks it and tells of it."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from core.api.schemas import EXAMPLE_ID, Given, Shown, Whole
from core.api.schemas.agreement import Coefficient, Interval

CODES = (
    "Why there is none: no_json, wrong_values, too_long, refused, cut_off, bad_answer, timed_out, "
    "busy, not_reachable, model_missing, no_key, not_installed, not_configured."
)


class Asking(Given):
    """About how many items the judge is asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"most": 5}]})
    most: Whole = Field(5, ge=1, le=50, description="Items; the call takes as long as the model.")


class Asked(Shown):
    """What came of it; it ended early where the model is down."""

    queue_id: str = Field(examples=[EXAMPLE_ID])
    model: str = Field(examples=["ollama:llama3.2"])
    opinions: int
    failed: dict[str, int] = Field(description="{code: how often}")
    why: str = Field(description="The last failure in words.")


class JudgeFigures(Shown):
    """How far the judge and the reviewers say the same; what it says counts as no judgement."""

    model: str = Field(description="Empty where the queue names none.")
    opinions: int
    failures: int = Field(description="Times it was asked in vain.")
    last_failed: str = Field(description=f"Of the last time; empty where it went well. {CODES}")
    percent: Interval | None = Field(description="Of the items that both judged.")
    kappa: Coefficient | None = Field(description="Cohen's.")
    kappa_words: str
    least: int = Field(description="Items it takes to put kappa into words.")


class Opinion(Shown):
    """What a judge model said of an item: a suggestion to its reviewers."""

    id: str = Field(examples=[EXAMPLE_ID])
    guideline_id: str = Field(description="What it judged by.")
    model: str
    verdict: Literal["", "approved", "corrected", "rejected"] = Field(description="Empty: none.")
    scores: dict[str, int]
    failure_type: Literal["", "retrieval", "generation", "safety", "other"]
    why: str
    failed: str = Field(description=CODES)
    detail: str
    seconds: float
    created_at: datetime
