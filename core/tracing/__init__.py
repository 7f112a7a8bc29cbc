"""How one answer came about: its steps, each with its time, its end and what is known of it.

In: steps as they happen (``with trace.span("search", "search") as span``). Out: plain lists for the
database, and OpenTelemetry's exporter where one is configured. Always holds: a step that raises is
closed as an error with the error's code; times are seconds from the answer's start; names of
attributes are those of OpenTelemetry's conventions for generative AI, our own begin with "ciclo.".
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from core import clock
from core.errors import CicloError

Kind = Literal["route", "memory", "cache", "wait", "search", "prompt", "model", "check", "store"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
MODEL = "gen_ai.request.model"
INPUT_TOKENS = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
CACHED_TOKENS = "gen_ai.usage.cache_read.input_tokens"
FINISH_REASONS = "gen_ai.response.finish_reasons"
CONVERSATION = "gen_ai.conversation.id"
SAID = "ciclo.error.said"  # may hold words of an answer: it leaves this machine never


@dataclass
class Span:
    """One step. ``start`` and ``seconds`` count from the answer's start; ``code`` says what failed."""

    name: str
    kind: Kind
    start: float
    seconds: float = 0.0
    status: Literal["ok", "error"] = "ok"
    code: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)

    def fail(self, code: str, message: str = "", said: str = "") -> None:
        """It ended badly; ``said`` are the words of a model's server or library."""
        self.status, self.code = "error", code
        told = {"error.message": message, SAID: "" if said in message else said}
        self.attributes |= {name: text for name, text in told.items() if text}


@dataclass
class Trace:
    """The steps of one answer; ``at`` is the moment of its start, ``begun`` the same in seconds."""

    begun: float = field(default_factory=clock.seconds)
    at: datetime = field(default_factory=clock.now)
    spans: list[Span] = field(default_factory=list)

    @contextmanager
    def span(
        self, kind: Kind, name: str, attributes: Mapping[str, Any] | None = None
    ) -> Iterator[Span]:
        """A step that lasts as long as the block."""
        step = Span(name, kind, self.elapsed(), attributes=dict(attributes or {}))
        self.spans.append(step)
        try:
            yield step
        except BaseException as error:
            step.fail(_code(error), getattr(error, "message", ""), getattr(error, "said", ""))
            raise
        finally:
            step.seconds = self.elapsed() - step.start

    def elapsed(self) -> float:
        """Seconds since the answer's start."""
        return clock.seconds() - self.begun

    def told(self) -> list[dict[str, Any]]:
        """The steps as they are stored: plain data, microseconds at the finest."""
        return [
            vars(step) | {"start": round(step.start, 6), "seconds": round(step.seconds, 6)}
            for step in self.spans
        ]


def _code(error: BaseException) -> str:
    """A CicloError's own code, "stopped" for a cancelled task, "internal" for our mistakes."""
    if isinstance(error, CicloError):
        return error.code
    return "internal" if isinstance(error, Exception) else "stopped"
