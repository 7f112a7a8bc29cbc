"""The review queue as the API takes and shows it: queues, claims, judgements, progress."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from core import annotation, feedback
from core.annotation import rubric
from core.api.schemas import (
    EXAMPLE_ID,
    Flag,
    Given,
    Id,
    Line,
    Named,
    Number,
    Shown,
    Text,
    Whole,
    no_nul,
)
from core.api.schemas.answers import Passage
from core.api.schemas.conversations import Message

DEEPEST = 10  # levels of a draft
Verdict = Literal["approved", "corrected", "rejected"]
FailureType = Literal["", "retrieval", "generation", "safety", "other"]
Mark = Literal["right", "wrong", "outdated"]
Long = Annotated[Text, StringConstraints(max_length=100_000)]
Note = Annotated[Text, StringConstraints(max_length=10_000)]
Reason = Annotated[Text, StringConstraints(max_length=1000)]
Reviewers = Annotated[
    Whole, Field(ge=1, le=5, description="How many judgements each item needs.", examples=[2])
]
Lease = Annotated[
    Whole, Field(ge=1, le=86_400, description="How long a claim lasts, in seconds.", examples=[600])
]
Drawn = Annotated[
    Number,
    Field(
        ge=0,
        le=1,
        description="The share of conversations drawn at random; the rule `random` shows the same.",
        examples=[0.1],
    ),
]
Calibrated = Annotated[
    Number,
    Field(
        ge=0,
        le=1,
        description="The share of claims that are items whose answer is known "
        "(`PUT /items/{id}/known`), as long as there are any. Drawn by chance; 0: none.",
        examples=[0.05],
    ),
]
Judge = Annotated[
    Line,
    Field(
        description="A model that is asked beforehand what it thinks of the answers that wait; they "
        "are sent to it, with their passages. Empty: none.",
        examples=["ollama:llama3.2"],
    ),
]
Key = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Problem = Annotated[Line, Field(json_schema_extra={"enum": list(feedback.PROBLEMS)})]


def _plain(draft: dict[str, Any]) -> dict[str, Any]:
    """Refuse a draft with texts that no database keeps, or one nested deeper than any form is."""
    layer: list[Any] = [draft]
    for _depth in range(DEEPEST):
        for one in layer:
            if isinstance(one, str):
                no_nul(one)
        layer = [part for one in layer for part in _parts(one)]
    if layer:
        raise PydanticCustomError("too_deep", "nested too deep")
    return draft


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


Draft = Annotated[dict[str, Any], AfterValidator(_plain)]
Token = Annotated[
    Text,
    StringConstraints(min_length=1, max_length=100),
    Field(description="The `claim_token` that came with the claim.", examples=["17.1.9f86d081"]),
]


class NewQueue(Given):
    """A review queue of an assistant (else of the default one)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Respostas da semana",
                    "assistant": "Suporte",
                    "reviewers_per_item": 2,
                    "lease_seconds": 600,
                }
            ]
        }
    )
    name: Annotated[Line, StringConstraints(min_length=1, max_length=120)]
    assistant: Named | None = None
    reviewers_per_item: Reviewers = 1
    lease_seconds: Lease = 600
    blind: Flag = Field(False, description="Reviewers see neither models nor each other.")
    judge: Judge = ""
    random_share: Drawn = 0.1
    calibration_share: Calibrated = 0.0


class QueueChange(Given):
    """What shall be otherwise; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reviewers_per_item": 3}]})
    name: Annotated[Line, StringConstraints(min_length=1, max_length=120)] | None = None
    reviewers_per_item: Reviewers | None = None
    lease_seconds: Lease | None = None
    blind: Flag | None = None
    judge: Judge | None = None
    random_share: Drawn | None = None
    calibration_share: Calibrated | None = None


class Queue(Shown):
    """A review queue."""

    id: str = Field(examples=[EXAMPLE_ID])
    assistant_id: str
    name: str
    reviewers_per_item: int
    lease_seconds: int
    blind: bool
    judge: Judge
    random_share: Drawn
    calibration_share: Calibrated
    created_at: datetime


class Point(Given):
    """A point of a scale, and what it means."""

    value: Whole = Field(ge=-rubric.FURTHEST, le=rubric.FURTHEST)
    anchor: Annotated[Text, StringConstraints(max_length=rubric.LONGEST)] = ""


class Criterion(Given):
    """What answers are judged by; its name stays when its title changes, so that scores fit."""

    name: Key = Field(description="No quotes, backslashes or line breaks.", examples=["correct"])
    title: Annotated[Text, StringConstraints(max_length=rubric.LONGEST)] = ""
    required: Flag = False
    scale: list[Point] = Field(min_length=2, max_length=rubric.MOST_POINTS)


class NewGuideline(Given):
    """What reviewers go by from now on; without a rubric the one there is stays."""

    text: Annotated[Text, StringConstraints(max_length=50_000)] = Field(
        "", description="Markdown.", examples=["Aprove só o que está nos documentos."]
    )
    rubric: list[Criterion] | None = Field(None, max_length=rubric.MOST_CRITERIA)


class Guideline(Shown):
    """A version of a queue's guidelines, with its rubric."""

    id: str
    number: int = Field(description="Counts the versions, from 1.")
    text: str
    rubric: list[dict[str, Any]] = Field(
        description="Criteria: `name`, `title`, `required`, `scale` of `value` and `anchor`."
    )
    created_at: datetime


class NewItems(Given):
    """Conversations that shall be reviewed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"conversation_ids": [EXAMPLE_ID]}]})
    conversation_ids: list[Id] = Field(min_length=1, max_length=10_000)


class Added(Shown):
    """What became of the conversations."""

    new: int = Field(description="Wait in the queue now.")
    known: int = Field(description="Were in it already.")
    removed: int = Field(description="Had been taken out of it by a person: they stay out.")
    without_answer: int = Field(description="Hold no answer that could be judged.")


class Item(Shown):
    """A conversation in a queue, with one answer in focus."""

    id: str = Field(examples=[EXAMPLE_ID])
    queue_id: str
    conversation_id: str
    message_id: str = Field(description="The answer in focus.")
    state: Literal["pending", "done", "removed", "unavailable"]
    priority: float
    reasons: list[dict[str, Any]]
    protected: bool = Field(description="Drawn at random, for an estimate without bias.")
    created_at: datetime
    done_at: datetime | None


class NewClaim(Given):
    """Ask for the next item of a queue."""

    queue_id: Id


class Judgement(Shown):
    """What a reviewer judged."""

    id: str = Field(examples=[EXAMPLE_ID])
    message_id: str
    person_id: str | None
    verdict: Verdict
    scores: dict[str, int]
    stars: int | None
    failure_type: str
    problems: list[str]
    note: str
    correction: str
    passages: dict[str, str]
    missing: list[str]
    seconds: float | None
    created_at: datetime


class Claim(Shown):
    """An item in the hands of who asked, until `expires_at` (a heartbeat moves it on)."""

    item_id: str = Field(examples=[EXAMPLE_ID])
    queue_id: str
    claim_token: str = Field(examples=["17.1.9f86d081"])
    expires_at: datetime
    reasons: list[dict[str, Any]] = Field(description="Why it was selected.")
    message_id: str = Field(description="The answer in focus, one of the conversation's.")
    question: str
    answer: str
    conversation: list[Message]
    passages: list[Passage] = Field(description="What the answer in focus was written from.")
    passage_ids: list[str] = Field(description="Their ids in the same order, to mark them by.")
    draft: dict[str, Any] = Field(description="What this reviewer had typed before.")
    guideline: Guideline
    others: list[Judgement] = Field(description="What others judged; empty in a blind queue.")
    said: list[str] = Field(description="What raters wrote about the answer in focus.")

    @classmethod
    def of(cls, claim: annotation.Claim) -> "Claim":
        """The claim as a body."""
        return cls(
            item_id=claim.item.id,
            queue_id=claim.queue.id,
            claim_token=claim.claim_token,
            expires_at=claim.expires_at,
            reasons=claim.reasons,
            message_id=claim.answer.message.id,
            question=claim.answer.question.text,
            answer=claim.answer.message.text,
            conversation=[Message.of(turn) for turn in claim.conversation],
            passages=[Passage.of(row) for row in claim.passages],
            passage_ids=[row.id for row in claim.passages],
            draft=claim.draft,
            guideline=Guideline.model_validate(claim.guideline),
            others=[Judgement.model_validate(row) for row in claim.others],
            said=claim.said,
        )


class Held(Given):
    """A call about a claim."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"claim_token": "17.1.9f86d081"}]})
    claim_token: Token


class Beat(Held):
    """Hold on to a claim, and keep what was typed so far."""

    draft: Draft | None = Field(None, description="Kept as it is; the fields of a submit.")


class Expiry(Shown):
    """Until when the claim lasts now."""

    expires_at: datetime


class Reasoned(Held):
    """Pass an item on, with a reason if one likes."""

    reason: Reason = ""


class Postponed(Held):
    """Put an item off."""

    minutes: Number = Field(gt=0, le=43_200, examples=[60])


class Decision(Given):
    """What is judged; only the verdict is required, and a correction where it says so."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"verdict": "approved"},
                {
                    "verdict": "corrected",
                    "correction": "O prazo é de 7 dias úteis.",
                    "scores": {"correct": 2, "tone": 5},
                    "failure_type": "generation",
                    "note": "Diz 5 dias; o documento diz 7.",
                },
            ]
        }
    )
    verdict: Verdict
    scores: dict[Key, Whole] = Field(default_factory=dict, max_length=20)
    stars: Whole | None = Field(None, ge=1, le=5, description="Of the whole conversation.")
    failure_type: FailureType = ""
    problems: list[Problem] = Field(default_factory=list, max_length=len(feedback.PROBLEMS))
    note: Note = ""
    correction: Long = ""
    passages: dict[Key, Mark] = Field(
        default_factory=dict, max_length=50, description="{passage id: mark}"
    )
    missing: list[Id] = Field(
        default_factory=list, max_length=50, description="Documents that should have been found."
    )
    seconds: Number | None = Field(None, ge=0, le=86_400)

    def judged(self) -> annotation.Judged:
        """As the review stage takes it."""
        return annotation.Judged(**self.model_dump(exclude={"claim_token"}))


class Submitted(Decision):
    """A judgement, by who holds the claim."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"claim_token": "17.1.9f86d081", "verdict": "approved"}]}
    )
    claim_token: Token


class Progress(Shown):
    """How far a queue is; times are null where too little was measured."""

    waiting: int = Field(description="Items at which a seat is free.")
    held: int = Field(description="Claims that last at this moment.")
    done: int
    removed: int
    unavailable: int = Field(description="Items whose conversation was deleted.")
    judgements: int
    today: int = Field(description="Judgements since midnight UTC.")
    mine_today: int = Field(description="Those of who asks.")
    passed_on: int = Field(description="Waiting items that who asks has skipped or put off.")
    seconds_per_item: float | None = Field(description="The median of the latest judgements.")
    seconds_left: float | None = Field(description="What the rest takes one person.")
    proposed_lease: int | None = Field(description="Seconds; three times the median.")


class Reconsidered(Shown):
    """How many items come back to who had passed them on."""

    back: int
