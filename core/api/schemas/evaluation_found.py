"""What an evaluation run found, as the API shows it: verdict, slices, single questions. Differences are b minus a;
shares lie from 0 to 1."""

from typing import Literal

from pydantic import Field

from core.api.schemas import Shown
from core.api.schemas.evaluation import State
from core.comparison.findings import Verdict
from core.comparison.slices import Slices

Claim = Literal["better", "worse", "same", "unclear", ""]


class Metric(Shown):
    """One scorer over the pairs in which both versions have a value. `value` is the mean of b - a with its
    interval, `p_adjusted` is corrected for all tested metrics (Holm), `ratio` is b / a of speed and cost;
    `more` examples would be needed `more_to` see or rule out the smallest difference that matters."""

    scorer: str = Field(examples=["groundedness"])
    title: str
    unit: str
    direction: str
    kind: str
    quality: bool
    tested: bool
    claim: Claim
    n: int
    only_a: int
    only_b: int
    mean_a: float | None
    mean_b: float | None
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    p_adjusted: float | None
    effect: float | None
    better: int
    worse: int
    same: int
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    more: int | None
    more_to: str
    small: bool


class VersionNamed(Shown):
    """A version of the run."""

    id: str
    number: int
    model: str
    remembers: bool


class VerdictShown(Shown):
    """What may be said of b against a, and what it rests on."""

    run_id: str
    state: State
    claim: str = Field(
        description="better, worse, mixed, same, unclear; or why there is none: nothing, learned, "
        "failed, few, unmeasured, identical.",
        examples=["better"],
    )
    sentence: str = Field(
        examples=["v3 answers better: groundedness +6.2 points [2.1, 10.4], n = 212, same speed."]
    )
    lines: list[str]
    complete: bool
    early: bool
    n: int
    total: int
    done: int
    learned: int = Field(description="Left out: a version learned from these very questions.")
    duplicates: int
    unanswered: int
    failed: dict[str, int]
    identical: int
    smallest: float
    tests: int
    chosen: bool
    metrics: list[Metric]
    versions: dict[str, VersionNamed]

    @classmethod
    def of(cls, found: Verdict) -> "VerdictShown":
        """In the reader's language."""
        return cls.model_validate(found.told())


class SliceShown(Shown):
    """One metric over one part of the questions."""

    by: str = Field(examples=["topic"])
    kind: str
    part: str
    label: str
    scorer: str
    title: str
    unit: str
    n: int
    thin: bool
    value: float
    low: float | None
    high: float | None
    p: float | None
    p_adjusted: float | None
    claim: Claim


class SlicesShown(Shown):
    """All slices, with the warning that goes with many."""

    run_id: str
    looked: int
    below: int = Field(description="Of those, how many have p < 0.05 standing alone.")
    by_chance: float = Field(description="How many would without any difference.")
    early: bool
    thin: int = Field(description="Pairs below which a slice is marked.")
    warning: str
    slices: list[SliceShown]

    @classmethod
    def of(cls, found: Slices) -> "SlicesShown":
        """In the reader's language."""
        return cls.model_validate(found.told())


class ChangedShown(Shown):
    """A metric that moved in a question."""

    scorer: str
    title: str
    unit: str
    a: float
    b: float
    gain: float


class ChangeShown(Shown):
    """A question that b lost or won; its `comparison_id` opens it side by side."""

    comparison_id: str
    position: int | None
    question: str
    language: str
    topic: str
    must_pass: bool
    learned: str
    size: float
    scorers: list[ChangedShown]
    also: list[ChangedShown] = Field(description="Those that moved the other way.")


class ChangesShown(Shown):
    """Regressions and improvements, the largest first, 500 of each at most."""

    run_id: str
    step: float
    n: int
    regressions: list[ChangeShown]
    improvements: list[ChangeShown]
