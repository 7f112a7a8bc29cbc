"""How an answer came about, as it goes out."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from core import chat
from core.api.schemas import EXAMPLE_ID, Error, Shown
from core.api.schemas.answers import Outcome, error_of

Kind = Literal["route", "memory", "cache", "wait", "search", "prompt", "model", "check", "store"]


class Span(Shown):
    """One timed step; `start` and `seconds` count from the answer's start."""

    name: str = Field(examples=["chat llama3.2"])
    kind: Kind
    start: float
    seconds: float
    status: Literal["ok", "error"]
    code: str = Field(description="What failed, where it did.")
    attributes: dict[str, Any] = Field(
        description="Named as OpenTelemetry's conventions for generative AI have it.",
        examples=[{"gen_ai.request.model": "llama3.2", "gen_ai.usage.output_tokens": 84}],
    )


class TraceLine(Shown):
    """An answer in a list of traces."""

    message_id: str = Field(examples=[EXAMPLE_ID])
    conversation_id: str
    assistant_id: str
    question: str
    outcome: Outcome | None
    provider: str
    model_name: str
    model_version: str | None
    routing_reason: str = Field(
        description="pinned, rule:<n>, experiment, champion or fallback:<code>.",
        examples=["fallback:timed_out"],
    )
    attempts: int = Field(description="How often a model was called.")
    cached: bool
    latency_seconds: float | None
    first_token_seconds: float | None
    load_seconds: float | None
    generation_seconds: float | None
    tokens_in: int | None
    tokens_out: int | None
    cached_tokens: int | None
    error: Error | None
    timestamp: datetime

    @classmethod
    def facts(cls, found: chat.Traced) -> dict[str, Any]:
        """What a line says of an answer."""
        row = found.answer
        same = (
            *("conversation_id", "outcome", "provider", "model_name", "routing_reason", "cached"),
            *("attempts", "first_token_seconds", "load_seconds", "generation_seconds"),
            *("tokens_in", "tokens_out", "cached_tokens"),
        )
        return {name: getattr(row, name) for name in same} | {
            "message_id": row.id,
            "assistant_id": found.assistant_id,
            "question": found.question,
            "model_version": row.version_id,
            "latency_seconds": row.total_seconds,
            "error": error_of(row),
            "timestamp": row.created_at,
        }

    @classmethod
    def of(cls, found: chat.Traced) -> "TraceLine":
        """The stored answer."""
        return cls(**cls.facts(found))


class Sent(Shown):
    """A message as the model was sent it."""

    role: str = Field(examples=["system"])
    content: Any


class Trace(TraceLine):
    """How one answer came about, step by step."""

    spans: list[Span]
    prompt: list[Sent] | None = Field(
        description="The messages as they were sent; null once they are no longer kept."
    )
    dropped: list[Any] = Field(description="What was left out of the prompt so that it fits.")

    @classmethod
    def of(cls, found: chat.Traced) -> "Trace":
        """The stored answer with its steps."""
        return cls(
            **cls.facts(found),
            spans=[Span(**span) for span in found.spans],
            prompt=None if found.prompt is None else [Sent(**one) for one in found.prompt],
            dropped=found.dropped or [],
        )
