"""From a question to a stream: passages, prompt, model, pieces.

``search`` and ``messages`` are plain and quick; ``pieces`` streams what a LangChain chat model says.
A model is opened once and kept. Always holds: a model's stream must end with its done mark and must
have said something; one that does not was cut off, or is no answer, whatever it said before.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core import registry, retrieval
from core.chat import prompt
from core.chat.stops import Stops
from core.config import Settings, settings
from core.errors import ModelFailed
from core.i18n import _
from core.llm import failures
from core.text import day_named, without_day

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

    from core.llm.budget import Fitted

OPEN_MODELS = 64  # kept open: more than a machine's assistants use at a time


@dataclass(frozen=True)
class Question:
    """The question as typed and as searched, where, what was said before, and how to answer."""

    text: str
    query: str
    assistant_id: str
    history: list[dict[str, str]] = field(default_factory=list)
    mode: str = ""
    level: str = ""


@dataclass(frozen=True)
class Piece:
    """A piece of the answer; ``end`` holds the stream's closing facts on the last one."""

    text: str = ""
    reasoning: str = ""
    end: dict[str, Any] | None = None


def search(
    question: Question, route: registry.Route, at: date | None = None
) -> retrieval.SearchResult:
    """The passages for a question, by the version's settings, of what held on the day ``at``."""
    settings = route.version.retrieval
    if route.version.memory_freeze:
        settings = settings | {"memory_freeze": route.version.memory_freeze}
    k = int(settings.get("k") or registry.PASSAGES)
    return retrieval.search(
        question.query, assistant_id=question.assistant_id, k=k, settings=settings, at=at
    )


def day_meant(question: Question) -> date | None:
    """The day whose documents a question is about; None for today, or where none has dates."""
    today = retrieval.today()
    named = day_named(question.text, today) or day_named(question.query, today)
    if named is None or named == today or not retrieval.has_dates(question.assistant_id):
        return None
    return named


def messages(
    question: Question, route: registry.Route, passages: Sequence[retrieval.Found]
) -> "list[BaseMessage]":
    """What the model is sent."""
    return prompt.messages(
        prompt.in_mode(route.version.prompt, question.mode, question.level),
        passages,
        question.history,
        question.text,
        question.query,
    )


def fitted(
    question: Question,
    route: registry.Route,
    passages: Sequence[retrieval.Found],
    parameters: dict[str, Any],
) -> "Fitted[dict[str, str], retrieval.Found]":
    """What the model is sent, with as many turns and passages as its window holds."""
    from core.llm import budget, prompt_limit

    def build(
        turns: Sequence[dict[str, str]], kept: Sequence[retrieval.Found]
    ) -> "list[BaseMessage]":
        return messages(replace(question, history=list(turns)), route, kept)

    given = {**route.version.parameters, **parameters}
    limit = prompt_limit(route.name, given, route.model.context_tokens)
    whole = build(question.history, passages)
    # no vocabulary spends more than a token a byte: most prompts need no counting
    most = sum(len(str(one.content).encode()) + budget.MESSAGE_TOKENS for one in whole)
    if most + budget.PROMPT_TOKENS <= limit:
        return budget.Fitted(whole, most, limit, tuple(passages))
    return budget.fit(build, question.history, passages, limit)


def model(route: registry.Route, parameters: dict[str, Any]) -> "BaseChatModel":
    """The route's chat model, set to the version's parameters and to ``parameters``."""
    given = {**route.version.parameters, **parameters}
    return _opened(route.name, tuple(sorted(given.items())), settings())


def asked_of_a_day(question: Question) -> Question:
    """What is looked for leaves the day out: the documents in force then need not name it."""
    return replace(question, query=without_day(question.query, retrieval.today()))


@lru_cache(OPEN_MODELS)
def _opened(name: str, parameters: tuple[tuple[str, Any], ...], known: Settings) -> "BaseChatModel":
    """``known`` is here because a model keeps the addresses it was opened with."""
    from core.llm import open_model

    return open_model(name, **dict(parameters))


async def pieces(
    opened: "BaseChatModel", sent: "list[BaseMessage]", stop: Sequence[str] = ()
) -> AsyncIterator[Piece]:
    """What the model says, piece by piece, up to the first of the texts in ``stop``."""
    async with aclosing(opened.astream(sent)) as chunks:  # type: ignore[type-var]
        async for piece in _parse(chunks, Stops(stop)):
            yield piece


async def _parse(chunks: "AsyncIterator[AIMessageChunk]", stops: Stops) -> AsyncIterator[Piece]:
    """Message chunks to pieces; raises ModelFailed(cut_off) where the done mark never came."""
    end: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    spoke = False
    async for chunk in chunks:
        if chunk.response_metadata:
            end |= chunk.response_metadata
        if chunk.usage_metadata:
            _count(usage, chunk.usage_metadata)
        reasoning = str(chunk.additional_kwargs.get("reasoning_content") or "")
        said = str(chunk.text)
        spoke = spoke or bool(said.strip())
        text = stops.passed(said)
        if text or reasoning:
            yield Piece(text, reasoning)
        if stops.ended:
            end = {"done": True, "done_reason": "stop"} | end
            break
    if rest := stops.rest():
        yield Piece(rest)
    _check(end, spoke)
    yield Piece(end=end | {"usage": usage})


def _count(usage: dict[str, Any], told: Any) -> None:
    for name, n in told.items():
        if isinstance(n, int):
            usage[name] = usage.get(name, 0) + n
    cached = (told.get("input_token_details") or {}).get("cache_read")
    if cached is not None:
        usage["cached_tokens"] = usage.get("cached_tokens", 0) + cached


def _check(end: dict[str, Any], spoke: bool) -> None:
    if not end.get("done"):
        raise ModelFailed(
            _("The model's answer broke off before its end."),
            hint=failures.way_out("cut_off"),
            code="cut_off",
        )
    if not spoke:
        raise ModelFailed(
            _("The model ended without saying anything."),
            hint=_("Ask again, or choose another model."),
            code="bad_answer",
        )
