"""How our own models (the embedded engine, the fake) speak: words one by one, then an end.

In: texts. Out: LangChain chunks that look like those of a real model; the last one carries
``response_metadata`` with ``done`` True, and the counted words as usage.
"""

import asyncio
import re
import time
from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from functools import reduce
from operator import add
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

WORD = re.compile(r"\s*\S+|\s+$")
Timed = tuple[float, ChatGenerationChunk]


class OwnModel(BaseChatModel):
    """A model in this process: a child says what it speaks, this says it to LangChain."""

    @abstractmethod
    def spoken(self, messages: Sequence[BaseMessage]) -> Iterator[Timed]:
        """The answer's chunks, each with the seconds to wait before it."""

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for wait, chunk in self.spoken(messages):
            time.sleep(wait)
            yield said(chunk, run_manager)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        words = self.spoken(messages)
        # what is worked out before the first word is arithmetic: off the loop with it
        timed = await asyncio.to_thread(next, words, None)
        while timed:
            wait, chunk = timed
            await asyncio.sleep(wait)  # also for no time at all: a stop is heard between two words
            if run_manager:
                await run_manager.on_llm_new_token(str(chunk.message.content), chunk=chunk)
            yield chunk
            timed = next(words, None)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return result(self._stream(messages, stop))


def words_of(text: str) -> Iterator[str]:
    """The words of ``text``, each with the blanks before it: joined they are ``text`` again."""
    return (match.group() for match in WORD.finditer(text))


def piece(
    text: str, *, reasoning: str = "", end: dict[str, Any] | None = None
) -> ChatGenerationChunk:
    """One chunk; with ``end`` (metadata, tokens_in and tokens_out) the last one."""
    message = AIMessageChunk(content=text)
    if reasoning:
        message.additional_kwargs["reasoning_content"] = reasoning
    if end is not None:
        spent, made = end.pop("tokens_in"), end.pop("tokens_out")
        message.response_metadata = {"done": True, "done_reason": "stop", **end}
        message.usage_metadata = {
            "input_tokens": spent,
            "output_tokens": made,
            "total_tokens": spent + made,
        }
        message.chunk_position = "last"
    return ChatGenerationChunk(message=message)


def said(
    chunk: ChatGenerationChunk, run_manager: CallbackManagerForLLMRun | None
) -> ChatGenerationChunk:
    """``chunk``, after telling whoever listens."""
    if run_manager:
        run_manager.on_llm_new_token(str(chunk.message.content), chunk=chunk)
    return chunk


def result(chunks: Iterable[ChatGenerationChunk]) -> ChatResult:
    """The whole answer at once."""
    whole = reduce(add, (chunk.message for chunk in chunks))
    assert isinstance(whole, AIMessageChunk)
    message = AIMessage(
        content=whole.content,
        additional_kwargs=whole.additional_kwargs,
        response_metadata=whole.response_metadata,
        usage_metadata=whole.usage_metadata,
    )
    return ChatResult(generations=[ChatGeneration(message=message)])


def question_of(messages: Sequence[BaseMessage]) -> dict[str, Any]:
    """What the last message asks: question, language, passages, where they ride along with it."""
    last = messages[-1]
    return last.additional_kwargs.get("ciclo") or {"question": str(last.content)}
