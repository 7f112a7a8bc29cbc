"""A run's judge model as the API asks it and tells of it. Shares lie from 0 to 1."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from core.api.schemas import EXAMPLE_ID, Given, Line, Shown, Whole
from core.api.schemas.agreement import Coefficient, Interval
from core.api.schemas.judge import CODES

State = Literal["", "wanted", "stopped", "failed", "done"]


class NewJudge(Given):
    """Who judges, and how often each is asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"model": "ollama:llama3.2"}]})
    model: Line = Field("", description="`provider:model`; else the judge the run has.")
    repetitions: Whole = Field(1, ge=1, le=10)


class JudgeEstimate(Shown):
    """What it would take; null where it cannot be told."""

    model: str
    calls: int
    seconds: float | None
    cost: float | None = Field(description="US dollars.")
    tokens: int | None = Field(description="That a call sends, at most.")


class Wins(Shown):
    """B's share of the choices, ties half, with its 95 % interval."""

    value: float
    low: float | None
    high: float | None
    n: int


class Calibrated(Shown):
    """The same put right by people, by prediction-powered inference (PPI++, 2023)."""

    value: float
    low: float
    high: float
    n: int = Field(description="Questions that people judged too.")
    of: int = Field(description="All that the judge judged.")
    weight: float = Field(description="How much the judge's word counted, 0 to 1.")


class PeopleAgreement(Shown):
    """How far the judge and people say the same of the same pairs of answers."""

    n: int
    percent: Interval | None = Field(description="Chosen alike (a, b or tie).")
    kappa: Coefficient | None = Field(description="Cohen's.")
    kappa_words: str
    scored: int
    rho: Coefficient | None = Field(
        description="Spearman's, of the differences of the rubric and of the human scores."
    )
    rho_words: str
    least: int = Field(description="Pairs it takes to put a coefficient into words.")


class Judging(Shown):
    """How far a run's judge is, and what its word is worth."""

    run_id: str = Field(examples=[EXAMPLE_ID])
    model: str = Field(description="Empty where none was named.", examples=["ollama:llama3.2"])
    repetitions: int
    state: State
    calls: int = Field(description="To be made in all.")
    opinions: int = Field(description="That came.")
    failed: dict[str, int] = Field(description=f"{{code: how often}} {CODES}")
    last_failure: str
    turned: Interval | None = Field(description="Chosen otherwise in the other order of showing.")
    first: Interval | None = Field(description="Choices that went to the answer shown first.")
    wins: Wins | None
    agreement: PeopleAgreement | None
    calibrated: Calibrated | None
    missing: int = Field(description="Human words that lack before there is a calibrated figure.")
    people: int = Field(description="Questions on which people said which is better.")
    lines: list[str] = Field(default_factory=list, description="The same in words.")


class JudgeOpinion(Shown):
    """What a judge said of a comparison: scores of one side, or which is better."""

    id: str = Field(examples=[EXAMPLE_ID])
    model: str
    kind: Literal["rubric", "pairwise"]
    side: Literal["", "a", "b"] = Field(description="That was scored (rubric).")
    first: Literal["", "a", "b"] = Field(description="That was shown first (pairwise).")
    repetition: int
    choice: Literal["", "a", "b", "tie"]
    scores: dict[str, int]
    score: float | None = Field(description="Their mean, 0 to 1.")
    why: str
    failed: str = Field(description=CODES)
    detail: str
    seconds: float
    created_at: datetime
