"""Ballots, votes and the ranking as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from core.api.schemas import EXAMPLE_ID, Flag, Given, Id, Number, Shown, Text
from core.api.schemas.agreement import Interval
from core.comparison.ballots import Ballot as Found
from core.comparison.pairing import Choice as Version
from core.comparison.ranking import Place as Placed
from core.comparison.ranking import Ranked, name_of
from core.comparison.ranking_saying import sentences
from core.comparison.votes import Voted as Cast
from core.feedback.kinds import MAX_COMMENT
from core.statistics import Interval as Ends
from core.statistics import Meeting as Met

Choice = Literal["left", "right", "tie", "bad"]
Reason = Literal[
    "correct",
    "sources",
    "complete",
    "clear",
    "short",
    "tone",
    "language",
    "wrong",
    "beside",
    "incomplete",
    "unclear",
    "unsourced",
]


class Sheet(Shown):
    """One answer; nothing of it tells whose it is."""

    answer_id: str = Field(examples=[EXAMPLE_ID])
    text: str
    sources: int = Field(description="How many passages it cites.")
    related: list[str] = Field(description="What it shows where it holds no answer.")


class Ballot(Shown):
    """A question and two answers."""

    comparison_id: str = Field(examples=[EXAMPLE_ID])
    assistant_id: str
    question: str
    language: str
    topic: str
    left: Sheet
    right: Sheet
    known: bool = Field(description="They asked it by hand themselves: the vote counts apart.")


class Stream(Shown):
    """How many comparisons there are for whoever acts."""

    open: int = Field(description="To be voted on.")
    voted: int
    same: int = Field(description="Left out: both answers say the same.")
    learned: int = Field(description="Left out: a version learned from the question.")
    failed: int = Field(description="Left out: a version gave no answer.")
    running: int


class NextVote(Shown):
    """The next ballot; null where there is none."""

    ballot: Ballot | None
    stream: Stream

    @classmethod
    def of(cls, found: Found | None, stream: object) -> "NextVote":
        """With what else there is."""
        ballot = Ballot.model_validate(found) if found else None
        return cls(ballot=ballot, stream=Stream.model_validate(stream))


class NewVote(Given):
    """What somebody thinks of two answers; it takes the place of what they had said of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "comparison_id": EXAMPLE_ID,
                    "choice": "left",
                    "left": EXAMPLE_ID,
                    "reasons": ["correct"],
                }
            ]
        }
    )
    comparison_id: Id
    choice: Choice = Field(description="bad: both are.")
    left: Id = Field(description="The `answer_id` of the one that stood left, or first.")
    reasons: list[Reason] = Field(
        default_factory=list,
        max_length=12,
        description="Of a preference: correct to language; of `bad`: wrong to unsourced.",
    )
    comment: Annotated[Text, Field(max_length=MAX_COMMENT)] = ""
    seconds: Number | None = Field(None, ge=0, le=86_400, description="How long they looked.")
    blind: Flag = Field(True, description="False where they knew whose the answers are.")


class Whose(Shown):
    """The version of an answer."""

    version_id: str
    version: int
    model: str = Field(examples=["ollama:llama3.2"])
    name: str


class Vote(Shown):
    """A stored vote, and whose the answers were."""

    id: str = Field(examples=[EXAMPLE_ID])
    comparison_id: str
    choice: Choice
    reasons: list[str]
    comment: str
    seconds: float | None
    blind: bool
    created_at: datetime
    left: Whose
    right: Whose

    @classmethod
    def of(cls, cast: Cast) -> "Vote":
        """As it is told after the vote."""
        row = cast.vote
        names = ("id", "comparison_id", "reasons", "comment", "seconds", "blind", "created_at")
        return cls(
            **{name: getattr(row, name) for name in names},
            choice=cast.choice,  # type: ignore[arg-type]
            left=_whose(cast.left),
            right=_whose(cast.right),
        )


class Share(Shown):
    """A share (0 to 1) with its 95 % interval."""

    share: float
    low: float
    high: float


class Place(Shown):
    """A version in the ranking."""

    rank: int = Field(description="Versions that are not surely apart share it.")
    version_id: str
    name: str
    preferred: Share = Field(
        description="Of the votes that tell one better, how many it wins: against the other of two, "
        "else against one of mean strength."
    )
    n: int
    wins: int
    losses: int
    ties: int
    missing: int = Field(description="Votes it lacks to be ranked.")


class Meeting(Shown):
    """Two versions that met, the stronger first."""

    version_id: str
    other_version_id: str
    preferred: Share
    n: int
    wins: int
    losses: int
    ties: int


class Ranking(Shown):
    """Versions by what people voted, strongest first, and how far it can be trusted."""

    assistant_id: str
    topic: str
    source: str
    enough: bool = Field(description="Whether there are votes enough to rank by.")
    missing: int = Field(description="About how many votes are missing.")
    thin: list[str] = Field(description="Why it is too thin: few, disconnected, order.")
    sentences: list[str] = Field(description="All of it in words, the verdict first.")
    places: list[Place]
    meetings: list[Meeting]
    n: int
    voters: int
    questions: int
    most: int = Field(description="Votes of the most eager voter.")
    ties: int
    bad: Interval | None = Field(description="Votes that found both bad.")
    left: Interval | None = Field(description="Of the votes that tell one better, for the left.")
    biased: bool = Field(description="Whether voters favour a side.")
    p: float | None = Field(description="Of two: the sign test, valid however often one looks.")
    knowing: int = Field(description="Votes of people who knew whose the answers were.")
    learned: int = Field(description="Votes left out: a version learned from the question.")

    @classmethod
    def of(cls, told: Ranked) -> "Ranking":
        """A ranking with its sentences."""
        names = cls.model_fields.keys() - {"places", "meetings", "sentences", "p"}
        return cls(
            **{name: getattr(told, name) for name in names - {"bad", "left", "thin"}},
            thin=list(told.thin),
            bad=Interval.model_validate(told.bad) if told.bad else None,
            left=Interval.model_validate(told.left) if told.left else None,
            places=[_place(one) for one in told.places],
            meetings=[_meeting(one) for one in told.meetings],
            sentences=sentences(told),
            p=told.sign.p if told.sign else None,
        )


def _whose(one: Version) -> Whose:
    return Whose(
        version_id=one.version.id, version=one.version.number, model=one.name, name=name_of(one)
    )


def _place(one: Placed) -> Place:
    names = ("rank", "version_id", "name", "n", "wins", "losses", "ties", "missing")
    told = {name: getattr(one, name) for name in names}
    return Place(**told, preferred=_share(one.preferred))


def _meeting(one: Met) -> Meeting:
    return Meeting(
        version_id=one.one,
        other_version_id=one.other,
        preferred=_share(one.preferred),
        n=one.n,
        wins=one.one_wins,
        losses=one.other_wins,
        ties=one.ties,
    )


def _share(ends: Ends) -> Share:
    return Share(share=ends.value, low=ends.low, high=ends.high)
