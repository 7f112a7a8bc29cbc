"""Call one model directly, without an assistant, and measure what comes.

In: "provider:model", what to say to it, a limit in seconds. Out: ``Reply``. Nothing is stored.
Always holds: it ends within the limit, as an answer or as ModelFailed.
"""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from core import llm
from core.errors import ModelFailed
from core.i18n import _
from core.llm import failures

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

PROBE_TOKENS = 400  # room for those that think before they speak and cannot be silenced


@dataclass(frozen=True)
class Reply:
    """What a model said. Times in seconds: ``first`` until the first sound (a thought counts).

    ``load``, ``generation`` and ``tokens`` as the server told them, else None.
    """

    text: str
    thoughts: str
    first: float
    seconds: float
    tokens: int | None = None
    load: float | None = None
    generation: float | None = None

    @property
    def speed(self) -> float | None:
        """Tokens a second while it wrote; None where nobody counted them."""
        spent = self.generation or self.seconds - self.first
        return self.tokens / spent if self.tokens and spent > 0 else None


def call(name: str, said: str, *, limit: float, **parameters: Any) -> Reply:
    """Ask the model once; ModelFailed, also (timed_out) where it has not ended in ``limit``."""
    return asyncio.run(acall(name, said, limit=limit, **parameters))


async def acall(name: str, said: str, *, limit: float, **parameters: Any) -> Reply:
    """The same on a running loop, so that several can be asked at once."""
    try:
        async with asyncio.timeout(limit):
            return await _called(name, said, parameters)
    except TimeoutError:
        raise ModelFailed(
            _("{model} had not answered after {n} seconds.").format(model=name, n=round(limit)),
            hint=_("A smaller model answers sooner."),
            code="timed_out",
        ) from None


async def _called(name: str, said: str, parameters: dict[str, Any]) -> Reply:
    begun, first = monotonic(), 0.0
    text, thoughts, end, tokens = "", "", dict[str, Any](), 0
    opened: Any = await asyncio.to_thread(llm.open_model, name, **parameters)
    async with aclosing(opened.astream(_messages(said))) as chunks:
        async for chunk in chunks:
            thought, word = _heard(chunk)
            text, thoughts = text + word, thoughts + thought
            if (word or thought) and not first:
                first = monotonic() - begun
            end |= chunk.response_metadata or {}
            tokens += (chunk.usage_metadata or {}).get("output_tokens", 0)
    if not end.get("done"):
        raise failures.failed("cut_off", model=name, server="")
    times = {"load": end.get("load_seconds"), "generation": end.get("generation_seconds")}
    return Reply(text.strip(), thoughts, first, monotonic() - begun, tokens or None, **times)


def _messages(said: str) -> list[Any]:
    from langchain_core.messages import HumanMessage

    return [HumanMessage(said)]


def _heard(chunk: "AIMessageChunk") -> tuple[str, str]:
    return str(chunk.additional_kwargs.get("reasoning_content") or ""), str(chunk.text)
