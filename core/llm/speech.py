"""How our own models (the embedded engine, the fake) speak: words one by one, then an end.

In: texts. Out: LangChain chunks that look like those of a real model; the last one carries
``response_metadata`` with ``done`` True, and the counted words as usage.
"""

import asyncio
import re
import time
from abc import abstractmethod
from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any

from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk

from core.llm.streamed import Streamed

WORD = re.compile(r"\s*\S+|\s+$")
Timed = tuple[float, ChatGenerationChunk]


class OwnModel(Streamed):
    """A model in this process: a child says what it speaks, and how fast."""

    @abstractmethod
    def spoken(self, messages: Sequence[BaseMessage]) -> Iterator[Timed]:
        """The answer's chunks, each with the seconds to wait before it."""

    def chunks(
        self, messages: list[BaseMessage], stop: list[str] | None, options: dict[str, Any]
    ) -> Iterator[ChatGenerationChunk]:
        for wait, chunk in self.spoken(messages):
            time.sleep(wait)
            yield chunk

    async def achunks(
        self, messages: list[BaseMessage], stop: list[str] | None, options: dict[str, Any]
    ) -> AsyncGenerator[ChatGenerationChunk]:
        words = self.spoken(messages)
        # what is worked out before the first word is arithmetic: off the loop with it
        timed = await asyncio.to_thread(next, words, None)
        while timed:
            wait, chunk = timed
            await asyncio.sleep(wait)  # also for no time at all: a stop is heard between two words
            yield chunk
            timed = next(words, None)


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


def question_of(messages: Sequence[BaseMessage]) -> dict[str, Any]:
    """What the last message asks: question, language, passages, where they ride along with it."""
    last = messages[-1]
    return last.additional_kwargs.get("ciclo") or {"question": str(last.content)}
