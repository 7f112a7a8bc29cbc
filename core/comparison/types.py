"""What a comparison takes and gives: questions with what is known of their answers; two sides.

Pure. Always holds: sides are "a" (what one compares with, usually the champion or a baseline) and "b"
(what may take its place); figures of a difference are b minus a.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from core.chat import Answer
from core.db.tables import Comparison, Model, Version

Side = Literal["a", "b"]
SIDES: tuple[Side, Side] = ("a", "b")


@dataclass(frozen=True)
class Reference:
    """What is known of the right answer to a question; nothing of it need be known.

    ``answers``: texts that would be right, any of them. ``documents``: names of those that hold it;
    ``quotes``: the words in them that say it. ``answerable``: False where the documents hold no
    answer. ``must_pass``: a version that fails here may not take over. ``rules`` is what an answer
    must keep ({"max_words": 80, "contains": [...], ...}; see scorers.rules). ``id`` is the file's own.
    """

    id: str = ""
    answers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    answerable: bool | None = None
    must_pass: bool = False
    rules: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Reference":
        """From what a row holds; names it does not know are left out."""
        texts = {name: tuple(told.get(name) or ()) for name in ("answers", "documents", "quotes")}
        return cls(
            id=str(told.get("id") or ""),
            answerable=told.get("answerable"),
            must_pass=bool(told.get("must_pass")),
            rules=dict(told.get("rules") or {}),
            **texts,
        )

    def told(self) -> dict[str, Any]:
        """As JSON; what is not known is left out."""
        known = {name: value for name, value in asdict(self).items() if value}
        return known if self.answerable is None else known | {"answerable": self.answerable}


@dataclass(frozen=True)
class Question:
    """A question to compare by. ``topic`` and ``language`` are for slices; "" where unknown."""

    text: str
    reference: Reference = field(default_factory=Reference)
    language: str = ""
    topic: str = ""


@dataclass(frozen=True)
class Seen:
    """A passage as it was retrieved for an answer."""

    document: str
    text: str
    chunk_id: str = ""


@dataclass(frozen=True)
class Cited:
    """What an answer cites: the document, and the quoted words in it."""

    document: str
    quote: str


@dataclass(frozen=True)
class Example:
    """One side's answer as a scorer sees it. Times in seconds, cost in US dollars.

    ``text`` is without citation marks, ``marked`` with them ([1] is the first passage); ``passages``
    are best first; ``failed`` where the version gave no answer of its own.
    """

    question: str
    text: str
    reference: Reference = field(default_factory=Reference)
    language: str = ""
    outcome: str = "answered"
    passages: tuple[Seen, ...] = ()
    citations: tuple[Cited, ...] = ()
    groundedness: float | None = None
    quoted: bool = False
    first_token_seconds: float | None = None
    total_seconds: float | None = None
    load_seconds: float | None = None
    generation_seconds: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    failed: bool = False
    model: str = ""
    assistant_id: str = ""
    message_id: str = ""
    marked: str = ""


@dataclass(frozen=True)
class Shown:
    """One side of a comparison as it stands: ``state`` is waiting | running | done."""

    side: Side
    version: Version
    model: Model
    answer_id: str
    state: str
    answer: Answer | None = None

    @property
    def name(self) -> str:
        """ "provider:model"."""
        return f"{self.model.provider}:{self.model.name}"

    @property
    def failed(self) -> bool:
        """Whether it ended without an answer of its own."""
        return self.answer is not None and failed(self.answer.message)


@dataclass(frozen=True)
class Compared:
    """A comparison with both sides as they stand."""

    row: Comparison
    a: Shown
    b: Shown

    def side(self, side: Side) -> Shown:
        """The one or the other."""
        return self.a if side == "a" else self.b

    @property
    def done(self) -> bool:
        """Whether both have ended."""
        return self.a.state == self.b.state == "done"


def failed(message: Any) -> bool:
    """Whether a stored answer is none: an error, or broken off."""
    return message.state == "done" and message.outcome in ("error", "cut_off")
