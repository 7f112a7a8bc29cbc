"""Agreement, decisions and figures of a review queue, as the API takes and shows them."""

from typing import Literal

from pydantic import Field

from core import annotation
from core.api.schemas import Shown
from core.api.schemas.annotation import Item, Judgement, Verdict

Format = Literal[
    "jsonl", "csv", "argilla", "argilla-settings", "label-studio", "label-studio-config"
]


class Interval(Shown):
    """A share (0 to 1) with its 95 % interval; `n` is the number of items."""

    share: float
    low: float
    high: float
    n: int


class Coefficient(Shown):
    """1: they always agree; 0: as by chance. With its 95 % interval; `n` is the number of items."""

    value: float
    low: float
    high: float
    n: int


class OnOne(Shown):
    """Agreement on the verdict, or on a criterion of the rubric."""

    name: str = Field(examples=["verdict"])
    title: str
    level: Literal["nominal", "ordinal", "interval"] = Field(description="That of alpha.")
    items: int = Field(description="Items with two judgements or more.")
    pairs: int = Field(description="Pairs of judgements of the same item.")
    least: int = Field(description="Items it takes to put a coefficient into words.")
    percent: Interval | None = Field(description="Share of the pairs that agree.")
    kappa: Coefficient | None
    kappa_kind: Literal["cohen", "fleiss", ""]
    kappa_words: str = Field(description="By Landis & Koch (1977).")
    why: str = Field(description="Why there is no kappa.")
    alpha: Coefficient | None = Field(description="Krippendorff's.")
    alpha_words: str = Field(description="By Krippendorff (2004).")


class Agreement(Shown):
    """How far the reviewers of a queue agree, live."""

    queue_id: str
    judgements: int
    reviewers: int
    on: list[OnOne] = Field(description="The verdict first, then the criteria.")


class Judged(Judgement):
    """A judgement and who gave it."""

    person: str = Field(description="Empty where they are gone.")


class Disagreement(Shown):
    """An item that reviewers judged differently."""

    item: Item
    question: str
    answer: str
    judgements: list[Judged]
    gold: Judgement | None = Field(description="What a lead decided.")

    @classmethod
    def of(cls, found: annotation.Disagreement) -> "Disagreement":
        """The disagreement as a body."""
        judged = [
            Judged(**Judgement.model_validate(one).model_dump(), person=name)
            for one, name in found.judgements
        ]
        return cls(
            item=Item.model_validate(found.item),
            question=found.question,
            answer=found.answer,
            judgements=judged,
            gold=Judgement.model_validate(found.gold) if found.gold else None,
        )


class Figures(Shown):
    """What a reviewer has done; a share of fewer than 30 items is too thin to rely on."""

    person_id: str | None
    name: str
    items: int
    seconds: float | None = Field(description="Half of the items took no longer.")
    gold: Interval | None = Field(description="Same verdict as the lead, where one decided.")
    majority: Interval | None = Field(
        description="Same verdict as more than half of at least two others."
    )
    known: Interval | None = Field(description="Same verdict as known beforehand.")


class Compared(Shown):
    """A judgement of a calibration item beside the known one."""

    verdict: Verdict
    known: Verdict
    agrees: bool
    scores: dict[str, tuple[int, int]] = Field(description="{criterion: (given, known)}")
    note: str
    correction: str


class Similar(Shown):
    """An item like another."""

    item: Item
    question: str
    words: float = Field(description="How like the questions are, 0 to 1.")
    documents: int = Field(description="How many documents both answers rest on.")
