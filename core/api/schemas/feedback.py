"""What askers say: thumbs, reactions, problems, stars; as it comes in and as it is listed."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from core import feedback
from core.api.schemas import EXAMPLE_ID, Flag, Given, Line, OutsideId, Shown, Text, Whole
from core.feedback.kinds import MAX_COMMENT, MAX_USER

Rating = Literal["up", "down"]
Rated = Literal["up", "down", "problem", "solved", "not_solved", "5", "4", "3", "2", "1"]
By = Literal["day", "assistant", "version", "reason", "topic"]
Format = Literal["csv", "jsonl"]
REASONS = list(dict.fromkeys((*feedback.UP_REASONS, *feedback.DOWN_REASONS)))
Reason = Annotated[Line, Field(json_schema_extra={"enum": REASONS})]
Problem = Annotated[Line, Field(json_schema_extra={"enum": list(feedback.PROBLEMS)})]
Channel = Annotated[
    Line, Field(description="Where it was said.", json_schema_extra={"enum": feedback.CHANNELS})
]
Words = Annotated[Text, StringConstraints(max_length=MAX_COMMENT)]
User = Annotated[
    OutsideId, Field(description="The outside system's id of who says it, instead of a person.")
]


class NewFlag(Given):
    """A problem with an answer; `other` says which in its text."""

    problem: Problem
    text: Words = ""


def _flag(value: Any) -> Any:
    """A bare word is a problem without a text."""
    return {"problem": value} if isinstance(value, str) else value


class NewFeedback(Given):
    """What the asker says: of an answer, of a conversation, or of both. What was said before and is
    not named stays; a rating or a flag's text replaces the one before."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"message_id": EXAMPLE_ID, "rating": "up"},
                {
                    "message_id": EXAMPLE_ID,
                    "rating": "down",
                    "reasons": ["outdated"],
                    "comment": "O horário mudou em outubro.",
                    "flags": [{"problem": "outdated"}],
                    "channel": "whatsapp",
                },
                {
                    "conversation": "wa-5511-1",
                    "stars": 4,
                    "solved": True,
                    "user": "5511999990000",
                    "channel": "whatsapp",
                },
            ]
        }
    )
    message_id: Annotated[Line, StringConstraints(min_length=1)] | None = Field(
        None,
        description="The answer. With `conversation` also the answer's `external_id`.",
        examples=[EXAMPLE_ID],
    )
    conversation: OutsideId | None = Field(
        None, description="Its id, or the `external_id` it was begun with."
    )
    rating: Rating | None = None
    reaction: Annotated[Text, StringConstraints(max_length=32)] | None = Field(
        None,
        description="An emoji, in place of a rating; empty where it was taken off again.",
        examples=["👍🏽", "😡"],
    )
    reasons: list[Reason] = Field(default_factory=list, max_length=len(REASONS))
    comment: Words = ""
    flags: list[Annotated[NewFlag, BeforeValidator(_flag)]] = Field(
        default_factory=list, max_length=len(feedback.PROBLEMS)
    )
    stars: Whole | None = Field(None, ge=1, le=5)
    solved: Flag | None = Field(None, description="Whether the conversation solved the question.")
    channel: Channel = "api"
    user: User | None = None

    def said(self) -> feedback.Saying:
        """As the feedback stage takes it."""
        return feedback.Saying(
            message_id=self.message_id or "",
            conversation=self.conversation or "",
            rating=self.rating or "",
            reaction=self.reaction,
            reasons=tuple(self.reasons),
            comment=self.comment,
            flags={one.problem: one.text for one in self.flags},
            stars=self.stars,
            solved=self.solved,
            channel=self.channel,
            user_id=self.user or "",
        )


class FlagTold(Shown):
    """A problem as it holds."""

    problem: str = Field(examples=["outdated"])
    text: str
    created_at: datetime


class Feedback(Shown):
    """What the asker says now of an answer and of its conversation."""

    id: str | None = Field(description="The rating's.", examples=[EXAMPLE_ID])
    message_id: str | None
    conversation_id: str
    rating: Rating | None
    reasons: list[str]
    comment: str
    channel: str
    created_at: datetime | None
    flags: list[FlagTold]
    stars: int | None
    solved: bool | None
    user: str = Field(max_length=MAX_USER)


class FeedbackLine(Shown):
    """One thing that was said, in a list."""

    kind: Literal["rating", "problem", "conversation"]
    id: str = Field(examples=[EXAMPLE_ID])
    created_at: datetime
    rating: Rating | None
    reasons: list[str]
    problem: str | None
    stars: int | None
    solved: bool | None
    text: str = Field(description="What was written to it.")
    channel: str
    person: str | None
    user_id: str
    message_id: str | None = Field(description="Of a conversation its last message.")
    conversation_id: str
    assistant_id: str
    version_id: str | None
    version: int | None
    question: str = Field(description="Its first 400 characters.")
    answer: str = Field(description="Its first 400 characters.")
    topic: str = Field(description="The section that the answer cites most; empty for none.")
    sample: bool


class FeedbackTally(Shown):
    """What was said under one key."""

    key: str = Field(description="A day, an id, a reason or a section; empty for none.")
    n: int
    up: int
    down: int
    problems: int
    starred: int = Field(description="Conversations with stars.")
    stars: int = Field(description="The sum of their stars.")
    solved: int
    not_solved: int


class FlagCame(FlagTold):
    """A problem, and what came of it."""

    state: Literal["open", "approved", "corrected", "rejected", "fixed"]
    version: int | None = Field(description="The number of the version in which it is corrected.")


class FeedbackSummary(Shown):
    """How many answers are rated up and down now."""

    up: int
    down: int
