"""The chain, in LangChain's own language: passages, prompt, model, parser.

``pieces`` streams what the chain gives: first the passages, then the answer piece by piece. A
model's stream must end with its done mark; one that does not was cut off, whatever it said before.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from core import registry, retrieval
from core.chat import prompt
from core.chat.stops import Stops
from core.errors import ModelFailed
from core.i18n import _

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk, BaseMessage
    from langchain_core.runnables import Runnable


@dataclass(frozen=True)
class Question:
    """What the chain takes: the question as typed and as searched, and what was said before."""

    text: str
    query: str
    assistant_id: str
    history: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Piece:
    """A piece of the answer; ``end`` holds the stream's closing facts on the last one."""

    text: str = ""
    reasoning: str = ""
    end: dict[str, Any] | None = None


def chain(
    route: registry.Route, parameters: dict[str, Any], stop: Sequence[str] = ()
) -> "Runnable[Question, dict[str, Any]]":
    """The runnable that answers with ``route``; it streams ``{"found": ...}``, then ``{"piece": Piece}``."""
    from langchain_core.runnables import RunnableGenerator, RunnableLambda, RunnablePassthrough

    from core.llm import open_model

    def search(question: Question) -> dict[str, Any]:
        found = retrieval.search(
            question.query, assistant_id=question.assistant_id, settings=route.version.retrieval
        )
        return {"question": question, "found": found}

    def write_prompt(known: dict[str, Any]) -> "list[BaseMessage]":
        question = known["question"]
        return prompt.messages(
            route.version.prompt,
            known["found"].passages,
            question.history,
            question.text,
            question.query,
        )

    model = open_model(route.name, **{**route.version.parameters, **parameters})
    parse: RunnableGenerator[Any, Piece] = RunnableGenerator(partial(_parse, stops=Stops(stop)))
    answer = RunnableLambda(write_prompt) | model | parse
    return RunnableLambda(search) | RunnablePassthrough.assign(piece=answer)


async def _parse(chunks: "AsyncIterator[AIMessageChunk]", stops: Stops) -> AsyncIterator[Piece]:
    """Message chunks to pieces; raises ModelFailed(cut_off) where the done mark never came."""
    end: dict[str, Any] = {}
    usage: dict[str, int] = {}
    async for chunk in chunks:
        end |= chunk.response_metadata
        for name, n in (chunk.usage_metadata or {}).items():
            if isinstance(n, int):
                usage[name] = usage.get(name, 0) + n
        reasoning = str(chunk.additional_kwargs.get("reasoning_content") or "")
        text = stops.passed(str(chunk.text))
        if text or reasoning:
            yield Piece(text, reasoning)
        if stops.ended:
            end = {"done": True, "done_reason": "stop"} | end
            break
    if rest := stops.rest():
        yield Piece(rest)
    if not end.get("done"):
        raise ModelFailed(_("The model's answer broke off before its end."), code="cut_off")
    yield Piece(end=end | {"usage": usage})
