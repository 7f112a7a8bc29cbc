"""What is known of an answer while it is written, and the work that writes it.

Always holds: the parts of the text follow one another without gaps; each but the first begins where
another model took over from one that had failed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core import registry
from core.chat.runs import Run
from core.chat.types import Options
from core.db.tables import Conversation, Message
from core.errors import ModelFailed
from core.i18n import _
from core.retrieval import Found, SearchResult
from core.tracing import Trace

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

Rows = list[dict[str, Any]]
BETWEEN = "\n\n"  # between what one model began and what the next one says


@dataclass(frozen=True)
class TakeOver:
    """``after`` ("provider:model") went on where ``before`` had failed with ``error``."""

    before: registry.Passed
    after: str
    error: ModelFailed


@dataclass
class Part:
    """What one model said, from ``at`` in the text on; ``end`` holds its stream's closing facts.

    ``shown`` of the passages, best first, were in its prompt. ``taken`` are those who were to speak
    here and failed, in their order.
    """

    route: registry.Route
    at: int = 0
    end: dict[str, Any] = field(default_factory=dict)
    shown: int = 0
    taken: list[TakeOver] = field(default_factory=list)


@dataclass
class Draft:
    """The answer so far. Times in seconds from the trace's start, less those ``waited`` in line.

    ``key`` stands for all it depends on; ``given_before`` is the id of the answer it repeats,
    ``approved`` that of the approved answer it gives. ``remembered``: those that lifted a passage.
    ``stored`` is its end by columns, empty until that is stored; ``kept`` the rows of its passages
    and citations.
    """

    answer_id: str
    created_at: datetime
    trace: Trace
    parts: list[Part]
    history: list[dict[str, str]] = field(default_factory=list)
    query: str = ""
    as_of: date | None = None
    text: str = ""
    reasoning: str = ""
    passages: list[Found] | None = None
    search_seconds: float | None = None
    first_token_seconds: float | None = None
    waited: float = 0.0
    sent: "list[BaseMessage]" = field(default_factory=list)
    dropped: list[Any] = field(default_factory=list)
    attempts: int = 0
    key: str = ""
    given_before: str = ""
    approved: str = ""
    remembered: tuple[str, ...] = ()
    outcome: str = ""
    error_code: str = ""
    error: str = ""
    stored: Mapping[str, Any] = field(default_factory=dict)
    kept: "tuple[Rows, Rows] | None" = None

    @property
    def route(self) -> registry.Route:
        """Who is answering now."""
        return self.parts[-1].route

    @property
    def end(self) -> dict[str, Any]:
        """The closing facts of the last stream; empty while there are none."""
        return self.parts[-1].end

    def take_passages(self, found: SearchResult) -> None:
        """Keep what the search found, and how long it took."""
        self.passages, self.search_seconds = found.passages, found.seconds
        self.remembered = found.remembered

    def take_prompt(
        self, sent: "list[BaseMessage]", turns: Sequence[Mapping[str, str]], shown: int
    ) -> None:
        """Keep what is sent: ``turns`` and the passages after the first ``shown`` did not fit."""
        self.sent, self.parts[-1].shown = sent, shown
        self.dropped = [
            {"kind": "turn", "role": one["role"], "characters": len(one["text"])} for one in turns
        ]
        for rank, found in enumerate((self.passages or [])[shown:], shown + 1):
            self.dropped.append({"kind": "passage", "rank": rank, "document": found.document_name})

    def first_token(self) -> None:
        """The first word has arrived (later calls change nothing)."""
        if self.first_token_seconds is None:
            self.first_token_seconds = self.elapsed()

    def elapsed(self) -> float:
        """Seconds that the answer has taken so far; standing in line is no part of it."""
        return self.trace.elapsed() - self.waited

    def take_over(
        self, route: registry.Route, error: ModelFailed, at: int, before: registry.Passed
    ) -> None:
        """``route`` answers from ``at`` on, as ``before`` failed with ``error``; all are kept."""
        if not self.error_code:
            self.error_code, self.error = error.code, error.message
        if at > self.parts[-1].at:  # else nothing was said: there is no part to keep
            self.parts.append(Part(route, at))
        self.parts[-1].route = route
        self.parts[-1].taken.append(TakeOver(before, route.name, error))

    def fail(self, outcome: str, code: str, message: str) -> None:
        """It ends here: cut_off or error."""
        self.outcome, self.error_code, self.error = outcome, code, message


@dataclass(frozen=True)
class Work:
    """One answer to be written: the question, where it stands, and what is known so far.

    ``began`` is its row as it was saved where it is the first one of its conversation.
    """

    run: Run
    talk: Conversation
    asked: Message
    options: Options
    draft: Draft
    began: Message | None = None

    @property
    def trace(self) -> Trace:
        """The answer's steps."""
        return self.draft.trace

    def take_over(self, route: registry.Route, error: ModelFailed, before: registry.Passed) -> None:
        """``route`` goes on where ``before`` failed, and whoever listens is told."""
        run, draft = self.run, self.draft
        if run.length > draft.parts[-1].at:
            run.emit("text", BETWEEN)
        draft.take_over(route, error, run.length, before)
        run.emit(
            "status",
            "fallback",
            message=error.message,
            hint=error.hint,
            code=error.code,
            before=before.name,
            model=route.name,
            at=run.length,
        )


def resting(passed: registry.Passed) -> ModelFailed:
    """The failure that it is to be passed over."""
    return ModelFailed(
        _("{model} has failed several times and is left alone for a while.").format(
            model=passed.name
        ),
        hint=_("It is tried again by itself."),
        code=passed.why,
    )
