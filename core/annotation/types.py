"""What the review queue takes and gives: items selected, a claim, what a reviewer judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.chat.types import Answer, Turn
from core.db.tables import Guideline, Item, Judgement, Passage, Queue

VERDICTS = ("approved", "corrected", "rejected")
FAILURE_TYPES = ("retrieval", "generation", "safety", "other")
PASSAGE_MARKS = ("right", "wrong", "outdated")
DRAFTED = "verdict scores stars failure_type problems note correction passages missing".split()


@dataclass(frozen=True)
class Selected:
    """A conversation with one answer in focus that shall wait in a queue.

    ``reasons``: [{"name", "weight", ...facts}, ...]; ``protected``: of the random share; ``known``:
    the judgement a calibration item is compared with.
    """

    conversation_id: str
    message_id: str
    priority: float = 0.0
    reasons: Sequence[Mapping[str, Any]] = ()
    protected: bool = False
    known: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Added:
    """How many conversations were added, were there already, had been removed by a person before,
    or hold no answer to judge."""

    new: int = 0
    known: int = 0
    removed: int = 0
    without_answer: int = 0


@dataclass(frozen=True)
class Judged:
    """What a reviewer says of an item's answer; only the verdict is required.

    ``scores``: {criterion: value}; ``passages``: {passage id: right | wrong | outdated};
    ``missing``: ids of documents that should have been found; ``seconds`` the time it took (None:
    since the claim); ``suggestion`` what was suggested beforehand.
    """

    verdict: str
    scores: Mapping[str, int] = field(default_factory=dict)
    stars: int | None = None
    failure_type: str = ""
    problems: Sequence[str] = ()
    note: str = ""
    correction: str = ""
    passages: Mapping[str, str] = field(default_factory=dict)
    missing: Sequence[str] = ()
    seconds: float | None = None
    suggestion: Mapping[str, Any] = field(default_factory=dict)


def as_draft(judged: Judged | Judgement) -> dict[str, Any]:
    """What was judged in the form in which drafts are kept: the fields of ``Judged`` by name."""
    return {name: _plain(getattr(judged, name)) for name in DRAFTED}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


@dataclass(frozen=True)
class Claim:
    """An item in a reviewer's hands until ``expires_at``, with all that is needed to judge it.

    ``claim_token`` goes with every later call; ``draft`` is what this reviewer had typed before;
    ``others`` what others have judged (empty in a blind queue); ``said`` what was written about the
    answer by those who rated it or reported a problem.
    """

    item: Item
    seat_id: int
    token: int
    claim_token: str
    expires_at: datetime
    conversation: list[Turn]
    answer: Answer
    passages: list[Passage]
    reasons: list[Any]
    draft: dict[str, Any]
    guideline: Guideline
    queue: Queue
    others: list[Judgement] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Progress:
    """How far a queue is.

    Items: ``waiting`` (a seat is free), ``held`` (claims that live), ``done``, ``removed``,
    ``unavailable``. Judgements: in all, today, and today by the person asked for; ``passed_on`` are
    the waiting items which that person has skipped or not wanted. ``seconds_per_item`` is the
    median of the latest judgements, ``seconds_left`` what the rest takes one person;
    ``proposed_lease`` in seconds. These are None where too little was measured.
    """

    waiting: int
    held: int
    done: int
    removed: int
    unavailable: int
    judgements: int
    today: int
    mine_today: int
    passed_on: int
    seconds_per_item: float | None
    seconds_left: float | None
    proposed_lease: int | None
