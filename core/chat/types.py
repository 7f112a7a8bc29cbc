"""What the chat stage takes and gives: who asks, with which options; events, then the answer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from core.db.tables import Citation, Conversation, Feedback, Message, Passage

OUTCOMES = ("answered", "related", "not_found", "cut_off", "error")
FINISH = "approved"  # the finish_reason of an approved answer given again
CHANNELS = ("web", "api", "cli", "site", "whatsapp", "sample", "import")
APART = "comparison"  # the channel of what is asked to compare versions; no list shows it


class Asker(TypedDict, total=False):
    """Who asks and through what: a person of ours, or an outside system's user.

    ``removed_at``: nobody shall find the conversation, from its first moment on (a check).
    """

    person_id: str | None
    user_id: str | None
    user_tier: str | None
    channel: str
    is_sample: bool
    removed_at: datetime | None


@dataclass(frozen=True)
class Options:
    """What an asker may set for one answer; None leaves it to the version that answers.

    ``model`` ("provider:model") and ``version_id`` pin who answers. ``max_tokens`` in tokens,
    ``temperature`` from 0 to 2. The answer ends before the first of the texts in ``stop``;
    ``fresh`` looks for no answer given before. ``mode`` and ``level`` are names of the assistant's.
    ``alone``: whoever is asked answers or fails, nobody takes over (a trial); ``searches_as`` is the
    id of the version whose search settings hold instead of its own.
    """

    max_tokens: int | None = None
    temperature: float | None = None
    version_id: str | None = None
    model: str | None = None
    stop: tuple[str, ...] = ()
    fresh: bool = False
    mode: str = ""
    level: str = ""
    alone: bool = False
    searches_as: str | None = None

    def parameters(self) -> dict[str, Any]:
        """The model parameters that were set."""
        given = {"max_tokens": self.max_tokens, "temperature": self.temperature}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class Event:
    """One thing that happened while an answer was written.

    ``kind``: status (``text`` is waiting | searching | writing | loading | thinking | retrying |
    fallback | cached | approved, ``data`` its facts: ``seconds`` so far; while waiting, the ``place`` in
    line from 1; of a fallback, ``at`` in the text), reasoning and text (the next piece), done
    (``data["answer"]`` is the Answer).
    """

    kind: str
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Started:
    """The ids of a question that is saved and of its answer that is being written."""

    conversation_id: str
    question_id: str
    answer_id: str


@dataclass(frozen=True)
class ApprovedBy:
    """Which approved answer was given again, who had approved it ("" if nobody knows) and when."""

    id: str
    name: str
    at: datetime
    corrected: bool


@dataclass(frozen=True)
class Answer:
    """A stored answer with all that belongs to it. ``approved`` where it was one given again.

    ``siblings`` are the ids of the answers to its question, ``wordings`` those of the question and
    of the others asked in its place; both oldest first, itself among them.
    """

    message: Message
    question: Message
    conversation: Conversation
    passages: list[Passage]
    citations: list[Citation]
    feedback: Feedback | None = None
    siblings: list[str] = field(default_factory=list)
    wordings: list[str] = field(default_factory=list)
    approved: ApprovedBy | None = None


@dataclass(frozen=True)
class Turn:
    """One message of the branch shown; ``answer`` is set where it is an assistant's.

    ``siblings`` are the ids of its alternatives (itself among them), oldest first.
    """

    message: Message
    siblings: list[str]
    answer: Answer | None = None
