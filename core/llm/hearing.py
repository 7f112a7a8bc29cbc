"""Listening to one answer of any provider's client: words and thoughts out, and one kind of end.

In: LangChain's chunks as a provider's package makes them. Out: chunks with text, or with thoughts
in ``additional_kwargs["reasoning_content"]``, and at last one chunk whose ``response_metadata`` has

    done True; done_reason stop | length | content_filter | tool_calls | ...; model_name;
    model_provider; load_seconds, prompt_seconds, generation_seconds where told; tokens_counted (our
    estimate of the prompt); prompt_read "cut" or "more" where the server's count contradicts it

and whose ``usage_metadata`` has input_tokens, output_tokens, total_tokens and, where told,
``input_token_details["cache_read"]``. An end without its mark is ModelFailed(cut_off), one without
a word ModelFailed(bad_answer).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk

from core.errors import ModelFailed
from core.i18n import _
from core.llm import budget, failures
from core.llm.thoughts import Cutter

MOST_CHARACTERS = 1_000_000  # of one answer with its thoughts; nobody reads more
REASONS = {  # the providers' words for how an answer ended
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
    "tool_use": "tool_calls",
}
DURATIONS = {  # Ollama's, in nanoseconds
    "load_duration": "load_seconds",
    "prompt_eval_duration": "prompt_seconds",
    "eval_duration": "generation_seconds",
}
NANO = 1e-9


@dataclass(frozen=True)
class Speaker:
    """Whose answer it is: ``server`` as it may be shown; ``key`` is what must not show."""

    provider: str
    model: str
    server: str
    key: str = ""
    key_name: str = ""

    def failed(self, code: str, detail: str = "", hint: str = "") -> ModelFailed:
        """The failure ``code`` of this model."""
        return failures.failed(
            code,
            model=self.model,
            server=self.server,
            detail=detail,
            provider=self.provider,
            hint=hint,
        )


class Ear:
    """Hears one stream, chunk by chunk; ``end`` closes it."""

    def __init__(self, speaker: Speaker, messages: Sequence[BaseMessage]) -> None:
        self.speaker = speaker
        self.counted = budget.count_tokens(messages)
        self.least = budget.least_tokens(messages)
        self.cutter = Cutter()
        self.facts: dict[str, Any] = {}
        self.usage: UsageMetadata | None = None
        self.spoke = self.thought = self.called = False
        self.characters = 0

    def hear(self, chunk: ChatGenerationChunk) -> ChatGenerationChunk | None:
        """What is to be passed on of ``chunk``, if anything."""
        message: Any = chunk.message
        self._note(message, chunk.generation_info or {})
        text, thought = self.cutter.cut(message.text)
        return self._said(text, _thought_of(message) + thought, message.tool_call_chunks)

    def rest(self) -> Iterator[ChatGenerationChunk]:
        """What was still held back, at the end of the stream."""
        said = self._said(*self.cutter.rest(), [])
        return iter([said] if said else [])

    def end(self) -> ChatGenerationChunk:
        """The last chunk; ModelFailed where there was no proper end."""
        reason = str(self.facts.get("done_reason") or "")
        if not reason:
            raise self.speaker.failed("cut_off")
        if not (self.spoke or self.called):
            raise self._silent(reason)
        message = AIMessageChunk(content="", response_metadata=self._metadata())
        message.usage_metadata = self.usage
        message.chunk_position = "last"  # else LangChain appends one without metadata
        return ChatGenerationChunk(message=message)

    def _said(self, text: str, thought: str, calls: list[Any]) -> ChatGenerationChunk | None:
        self.spoke = self.spoke or bool(text.strip())
        self.thought = self.thought or bool(thought)
        self.called = self.called or bool(calls)
        self.characters += len(text) + len(thought)
        if self.characters > MOST_CHARACTERS:
            raise self.speaker.failed("cut_off", _("It did not come to an end."))
        if not (text or thought or calls):
            return None
        message = AIMessageChunk(content=text, tool_call_chunks=calls)
        if thought:
            message.additional_kwargs["reasoning_content"] = thought
        return ChatGenerationChunk(message=message)

    def _note(self, message: Any, info: dict[str, Any]) -> None:
        told = {**info, **message.response_metadata}
        reason = told.get("done_reason") or told.get("finish_reason") or told.get("stop_reason")
        if told.get("done") is True or (reason and "done" not in told):
            self.facts["done_reason"] = REASONS.get(str(reason), str(reason or "stop"))
        name = told.get("model_name") or told.get("model")
        if isinstance(name, str) and name:
            self.facts["model_name"] = name
        self.facts |= {
            ours: told[theirs] * NANO
            for theirs, ours in DURATIONS.items()
            if isinstance(told.get(theirs), int | float)
        }
        if message.usage_metadata:
            self.usage = message.usage_metadata

    def _metadata(self) -> dict[str, Any]:
        read = self.usage["input_tokens"] if self.usage else None
        compared = budget.read_as_sent(read, self.counted, self.least)
        return {
            "model_name": self.speaker.model,
            **self.facts,
            "done": True,
            "model_provider": self.speaker.provider,
            "tokens_counted": self.counted,
            **({"prompt_read": compared} if compared else {}),
        }

    def _silent(self, reason: str) -> ModelFailed:
        if reason == "content_filter":
            return self.speaker.failed("refused", _("its rules forbid the answer"))
        if reason == "length":
            return self.speaker.failed(
                "cut_off",
                _("It spent all its tokens before its first word."),
                hint=_("Raise max_tokens, or let it think less."),
            )
        return self.speaker.failed("bad_answer", _("The model ended without saying anything."))


def _thought_of(message: Any) -> str:
    """The thoughts that a package has set apart already."""
    apart = message.additional_kwargs.get("reasoning_content")
    if isinstance(apart, str):
        return apart
    blocks = message.content if isinstance(message.content, list) else []
    return "".join(_block(block) for block in blocks)


def _block(block: Any) -> str:
    thought = block.get("thinking") if isinstance(block, dict) else None
    return thought if isinstance(thought, str) else ""
