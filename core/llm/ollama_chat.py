"""A chat model on an Ollama server: LangChain's own, made to tell the truth about how it ended.

Beside what ChatOllama does: num_ctx is always sent (the server's silent default would drop half
of a long prompt), silence has a limit, a stream that ends without its done mark raises
ModelFailed(cut_off), an empty answer raises bad_answer, and every other failure is translated.
Imported on first use only: LangChain takes a second.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any

from langchain_core.outputs import ChatGenerationChunk
from langchain_ollama import ChatOllama

from core.config import settings
from core.llm import failures
from core.llm.ollama import CONTEXT_TOKENS, KEEP_ALIVE, client_options

RENAMED = {"max_tokens": "num_predict"}


def opened(model: str, parameters: dict[str, Any]) -> "OllamaChat":
    """ChatOllama for ``model`` on the configured server, set to our ``parameters``."""
    given = {RENAMED.get(name, name): value for name, value in parameters.items()}
    url = settings().ollama
    options = {"num_ctx": CONTEXT_TOKENS, "keep_alive": KEEP_ALIVE, **given}
    return OllamaChat(
        model=model,
        base_url=url,
        client_kwargs=client_options(url, silence=settings().answer_silence_s),
        **options,
    )


class OllamaChat(ChatOllama):
    """ChatOllama that requires the done mark and raises only ModelFailed."""

    def _iterate_over_stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        end = _End(self.model, str(self.base_url))
        with failures.translating(model=self.model, server=str(self.base_url)):
            for chunk in super()._iterate_over_stream(*args, **kwargs):
                yield end.saw(chunk)
        end.check()

    async def _aiterate_over_stream(
        self, *args: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        end = _End(self.model, str(self.base_url))
        with failures.translating(model=self.model, server=str(self.base_url)):
            async with aclosing(super()._aiterate_over_stream(*args, **kwargs)) as chunks:  # type: ignore[type-var]
                async for chunk in chunks:
                    yield end.saw(chunk)
        end.check()


class _End:
    """Watches a stream go by: did it say anything, and did it say that it was done?"""

    def __init__(self, model: str, server: str) -> None:
        self.model, self.server = model, server
        self.done = self.spoke = False

    def saw(self, chunk: ChatGenerationChunk) -> ChatGenerationChunk:
        message: Any = chunk.message
        self.spoke = self.spoke or bool(message.content or message.tool_calls)
        if (chunk.generation_info or {}).get("done") is True:
            self.done = True
            message.chunk_position = "last"  # else LangChain appends an empty one without metadata
        return chunk

    def check(self) -> None:
        if not self.done:
            raise failures.failed("cut_off", model=self.model, server=self.server)
        if not self.spoke:
            raise failures.failed(
                "bad_answer", model=self.model, server=self.server, detail="(empty)"
            )
