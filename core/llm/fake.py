"""The fake model: speaks what it was told to, and remembers what it was asked.

``queue("First answer", Reply("Second", delay=0.5), Reply("Half an ans", cut_off=True))`` sets what
the next questions get, in order; ``asked`` holds what was sent. With an empty queue it answers
from the passages, always the same way, so that a demonstration needs no script. It streams word
by word like a real model and ends with the same metadata.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from langchain_core.messages import BaseMessage
from pydantic import Field

from core.llm import failures
from core.llm.speech import OwnModel, Timed, piece, question_of, words_of


@dataclass(frozen=True)
class Reply:
    """What the fake does with one question. ``delay`` and ``pause`` in seconds.

    ``delay`` comes before the first word, ``pause`` before each later one. ``error`` is raised
    after the text (so with no text, at once); ``cut_off`` leaves out the done mark.
    """

    text: str = ""
    delay: float = 0.0
    pause: float = 0.0
    error: Exception | None = None
    cut_off: bool = False
    reasoning: str = ""
    done_reason: str = "stop"


@dataclass(frozen=True)
class Asked:
    """One question as it arrived."""

    model: str
    messages: tuple[BaseMessage, ...]
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All that was sent, as one text."""
        return "\n".join(str(message.content) for message in self.messages)


asked: list[Asked] = []
_queue: deque[Reply] = deque()
_lock = Lock()


def queue(*replies: str | Exception | Reply) -> None:
    """Line up what the next questions get."""
    with _lock:
        _queue.extend(_as_reply(reply) for reply in replies)


def reset() -> None:
    """Forget the queue and what was asked."""
    with _lock:
        _queue.clear()
        asked.clear()


class FakeChat(OwnModel):
    """The fake as a LangChain chat model."""

    model: str = "echo"
    parameters: dict[str, Any] = Field(default_factory=dict)

    @property
    def _llm_type(self) -> str:
        return "fake"

    def spoken(self, messages: Sequence[BaseMessage]) -> Iterator[Timed]:
        """What the script says; errors come where it puts them."""
        reply = self._next(messages)
        wait = reply.delay
        if reply.reasoning:
            yield wait, piece("", reasoning=reply.reasoning)
            wait = reply.pause
        for word in words_of(reply.text):
            yield wait, piece(word)
            wait = reply.pause
        if reply.error:
            yield wait, piece("")
            raise reply.error
        if reply.cut_off:
            raise failures.failed("cut_off", model=self.model, server="fake")
        yield 0.0, piece("", end=_end(self.model, messages, reply))

    def _next(self, messages: Sequence[BaseMessage]) -> Reply:
        with _lock:
            asked.append(Asked(self.model, tuple(messages), dict(self.parameters)))
            return _queue.popleft() if _queue else Reply(_unscripted(messages))


def _as_reply(reply: str | Exception | Reply) -> Reply:
    if isinstance(reply, Reply):
        return reply
    return Reply(error=reply) if isinstance(reply, Exception) else Reply(reply)


def _unscripted(messages: Sequence[BaseMessage]) -> str:
    """The first sentence of the two best passages, each with its mark; else the question again."""
    asking = question_of(messages)
    firsts = [
        re.split(r"(?<=[.!?])\s", str(passage["text"]).strip(), maxsplit=1)[0]
        + f" [{passage['number']}]"
        for passage in asking.get("passages", [])[:2]
    ]
    return " ".join(firsts) or str(asking["question"])


def _end(model: str, messages: Sequence[BaseMessage], reply: Reply) -> dict[str, Any]:
    return {
        "model_name": model,
        "model_provider": "fake",
        "done_reason": reply.done_reason,
        "tokens_in": sum(len(str(message.content).split()) for message in messages),
        "tokens_out": len((reply.reasoning + " " + reply.text).split()),
    }
