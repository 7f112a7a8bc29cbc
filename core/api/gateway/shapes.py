"""What OpenAI's clients send, read leniently, and what they get back.

In: a request with fields we know and any number we do not. Out: what ``chat`` takes; answers and
chunks as plain dicts. ``ciclo`` in an answer holds what OpenAI's shape has no place for.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from core import chat
from core.api.schemas import OutsideId, Text, no_nul
from core.api.schemas.answers import error_of
from core.chat.types import CHANNELS
from core.errors import InvalidInput
from core.i18n import _

KNOWN = {"model", "messages", "stream", "stream_options", "temperature", "max_tokens"}
KNOWN |= {"max_completion_tokens", "stop", "user", "metadata", "n", "store"}
HARMLESS = {"parallel_tool_calls", "tool_choice"}  # sent by habit, also where there are no tools


class Part(BaseModel):
    """A part of a message; only texts are read."""

    model_config = ConfigDict(extra="allow")
    type: str
    text: Text = ""


class Said(BaseModel):
    """One message of the conversation so far."""

    model_config = ConfigDict(extra="allow")
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[Part] | None = None

    def words(self) -> str:
        """Its text; InvalidInput for a user's part that is none."""
        if not isinstance(self.content, list):
            return self.content or ""
        for part in self.content:
            if part.type != "text" and self.role == "user":
                raise InvalidInput(
                    _("A part of type “{type}” cannot be read; only text can.").format(
                        type=part.type[:40]
                    ),
                    field="messages",
                )
        return "\n".join(part.text for part in self.content if part.type == "text")


class StreamOptions(BaseModel):
    """What a stream ends with."""

    model_config = ConfigDict(extra="allow")
    include_usage: bool = False


class Completion(BaseModel):
    """A request for an answer. ``metadata`` may hold conversation_id, user_tier, channel,
    mode and level."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)
    model: Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(no_nul)]
    messages: list[Said] = Field(min_length=1, max_length=2000)
    stream: bool = False
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    max_tokens: int | None = Field(None, ge=1, le=1_000_000)
    max_completion_tokens: int | None = Field(None, ge=1, le=1_000_000)
    stop: (
        Annotated[str, StringConstraints(min_length=1, max_length=200)]
        | Annotated[list[str], Field(max_length=4)]
        | None
    ) = None
    user: OutsideId | None = None
    metadata: dict[str, Any] | None = None
    n: int | None = Field(None, ge=1, le=1)

    def options(self) -> chat.Options:
        """As the chat stage takes them."""
        most = self.max_completion_tokens or self.max_tokens
        return chat.Options(
            max_tokens=most,
            temperature=self.temperature,
            stop=self.stops(),
            mode=self.fact("mode") or "",
            level=self.fact("level") or "",
        )

    def stops(self) -> tuple[str, ...]:
        """The texts before which the answer ends."""
        given = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return tuple(one for one in given if one)

    def told(self) -> list[chat.Said]:
        """The conversation so far, without instructions and tools; the last is the question."""
        spoken = [one for one in self.messages if one.role in ("user", "assistant")]
        said = [chat.Said(one.role, one.words()) for one in spoken]
        said = [one for one in said if one.text.strip()]
        if not said or said[-1].role != "user":
            raise InvalidInput(
                _("The last message must be a user’s, with text in it."), field="messages"
            )
        return said

    def fact(self, name: str, among: Sequence[str] = ()) -> str | None:
        """A text in ``metadata``; InvalidInput where it is not one of ``among``."""
        value = (self.metadata or {}).get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not 0 < len(value) <= 64 or (among and value not in among):
            raise InvalidInput(
                _("{name}={value} is not possible.").format(name=name, value=str(value)[:40]),
                field=f"metadata.{name}",
                hint=_("Allowed: {allowed}.").format(allowed=", ".join(among) or "a-z, 0-9, -"),
            )
        return value

    def asker(self) -> dict[str, Any]:
        """Who asks, and through what."""
        return {
            "user_id": self.user,
            "user_tier": self.fact("user_tier", ("free", "premium")),
            "channel": self.fact("channel", CHANNELS) or "api",
        }

    def ignored(self) -> list[str]:
        """What was asked for and is not done: instructions (they are the assistant's), and more."""
        roles = {one.role for one in self.messages} - {"user", "assistant"}
        extra = {name for name, value in (self.model_extra or {}).items() if value is not None}
        return sorted({f"messages[{role}]" for role in roles} | (extra - HARMLESS - KNOWN))


def whole(answer: chat.Answer, asked: Completion, base: str) -> dict[str, Any]:
    """A finished answer as ``chat.completion``."""
    row = answer.message
    message = {
        "role": "assistant",
        "content": row.text,
        "refusal": None,
        "annotations": annotations(answer, base),
    }
    choice = {"index": 0, "message": message, "finish_reason": finish(answer), "logprobs": None}
    return {
        **_head(answer.message.id, int(row.created_at.timestamp()), asked, "chat.completion"),
        "choices": [choice],
        "usage": usage(answer),
        "ciclo": extension(answer, asked),
    }


def chunk(
    ids: chat.Started, created: int, asked: Completion, delta: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """One piece of a stream; ``more`` may hold ``finish_reason`` and what goes beside the choice."""
    choice = {"index": 0, "delta": delta, "finish_reason": more.pop("finish_reason", None)}
    head = _head(ids.answer_id, created, asked, "chat.completion.chunk")
    return {**head, "choices": [{**choice, "logprobs": None}], **more}


def spent(
    ids: chat.Started, created: int, asked: Completion, answer: chat.Answer
) -> dict[str, Any]:
    """The chunk that tells the usage, where it was asked for."""
    head = _head(ids.answer_id, created, asked, "chat.completion.chunk")
    return {**head, "choices": [], "usage": usage(answer)}


def finish(answer: chat.Answer) -> str:
    """ "length" where the answer was cut off, whatever by; ``ciclo.error`` then says why."""
    return "length" if answer.message.outcome == "cut_off" else "stop"


def usage(answer: chat.Answer) -> dict[str, Any]:
    """Tokens, 0 where the model did not say."""
    row = answer.message
    spent, made = row.tokens_in or 0, row.tokens_out or 0
    return {"prompt_tokens": spent, "completion_tokens": made, "total_tokens": spent + made}


def annotations(answer: chat.Answer, base: str) -> list[dict[str, Any]]:
    """The citations, each an ``url_citation`` that opens the document at the cited words."""
    passages = {one.id: one for one in answer.passages}
    found = []
    for one in answer.citations:
        passage = passages[one.passage_id]
        place = urlencode({"document": passage.document_id or "", "at": one.start, "to": one.end})
        cited = {
            "start_index": one.answer_start,
            "end_index": one.answer_end,
            "title": passage.document_name,
            "url": f"{base}documents?{place}",
        }
        ours = {"number": one.number, "quote": one.quote, "page": one.page}
        found.append({"type": "url_citation", "url_citation": cited, "ciclo": ours})
    return found


def extension(answer: chat.Answer, asked: Completion) -> dict[str, Any]:
    """What OpenAI's shape has no place for."""
    row = answer.message
    error = error_of(row)
    return {
        "conversation_id": row.conversation_id,
        "outcome": row.outcome,
        "provider": row.provider,
        "model_name": row.model_name,
        "routing_reason": row.routing_reason,
        "groundedness": row.groundedness,
        "quoted": row.quoted,
        "cached": row.cached,
        "estimated_cost": row.cost or 0.0,
        "ignored": asked.ignored(),
        "error": error.model_dump() if error else None,
    }


def _head(id_: str, created: int, asked: Completion, kind: str) -> dict[str, Any]:
    return {"id": id_, "object": kind, "created": created, "model": asked.model}
