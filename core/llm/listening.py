"""A model outside this process as a LangChain chat model that tells the truth about how it ended.

Around the chat model of a provider's package. What always holds, for every provider: whatever the
server sends, only ModelFailed comes out; silence has a limit, in which empty chunks and comments
count as silence and thoughts as sound; what was said before a failure was passed on; the stream's
last chunk is the one of ``hearing``. Answers are always streamed, so that silence is noticed.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, aclosing, closing
from time import monotonic
from typing import Any

from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from pydantic import Field

from core.llm import failures
from core.llm.hearing import Ear, Speaker
from core.llm.http import letting_go, opening
from core.llm.streamed import Streamed


class Listener(Streamed):
    """``inner`` behind our rules; ``silence`` in seconds.

    ``ready`` is called, in a thread, before each answer and gives keyword arguments for it.
    """

    inner: Any = Field(repr=False)
    speaker: Speaker = Field(repr=False)
    silence: float
    ready: Callable[[], dict[str, Any]] | None = Field(default=None, repr=False)

    @property
    def _llm_type(self) -> str:
        return self.speaker.provider

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": self.speaker.model, "provider": self.speaker.provider}

    def chunks(
        self, messages: list[BaseMessage], stop: list[str] | None, options: dict[str, Any]
    ) -> Iterator[ChatGenerationChunk]:
        ear = Ear(self.speaker, messages)
        with self._translating():
            options = options | (self.ready() if self.ready else {})
            with closing(self.inner._stream(messages, stop=stop, **options)) as chunks:
                until = monotonic() + self.silence
                for each in chunks:
                    if heard := ear.hear(each):
                        yield heard
                        until = monotonic() + self.silence
                    elif monotonic() > until:
                        raise TimeoutError
            yield from ear.rest()
            yield ear.end()

    async def achunks(
        self, messages: list[BaseMessage], stop: list[str] | None, options: dict[str, Any]
    ) -> AsyncGenerator[ChatGenerationChunk]:
        ear, time = Ear(self.speaker, messages), asyncio.get_running_loop().time
        with self._translating():
            options = options | (await asyncio.to_thread(self.ready) if self.ready else {})
            stream = self.inner._astream(messages, stop=stop, **options)
            async with letting_go() as opened, aclosing(stream) as chunks:
                until = time() + self.silence
                with opening(opened):  # the request is made for the first chunk
                    each = await _next(chunks, until)
                while each:
                    if heard := ear.hear(each):
                        yield heard
                        until = time() + self.silence
                    each = await _next(chunks, until)
            for chunk in ear.rest():
                yield chunk
            yield ear.end()

    def _translating(self) -> AbstractContextManager[None]:
        who = self.speaker
        return failures.translating(
            model=who.model,
            server=who.server,
            provider=who.provider,
            key=who.key,
            key_name=who.key_name,
        )


async def _next(chunks: AsyncIterator[Any], until: float) -> Any:
    """The next chunk, None after the last; TimeoutError when it has not come by ``until``."""
    async with asyncio.timeout_at(until):
        return await anext(chunks, None)
