"""Conversations and their messages."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from core import chat
from core.api.schemas import (
    EXAMPLE_ID,
    Flag,
    Given,
    Line,
    Moment,
    Named,
    Number,
    OutsideId,
    Shown,
    Text,
)
from core.api.schemas.answers import Answer, Limits, QuestionText, Tier

Role = Literal["user", "assistant", "system"]
Channel = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9_-]{1,20}$"),
    Field(description="Where it was said.", examples=list(chat.CHANNELS)),
]
MOST_MESSAGES = 1000


class NewConversation(Given):
    """An empty conversation. The same `external_id` on the same channel gives the same one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {},
                {"channel": "whatsapp", "external_id": "wa-5511-1", "user_id": "5511999990000"},
            ]
        }
    )
    assistant: Named | None = None
    title: Line = ""
    channel: Channel = "api"
    external_id: OutsideId | None = None
    user_id: OutsideId | None = None
    user_tier: Tier | None = None


class NewTitle(Given):
    """Another title for a conversation."""

    title: Annotated[Line, StringConstraints(min_length=1)] = Field(examples=["Reembolsos"])


class Conversation(Shown):
    """One exchange with an assistant."""

    id: str = Field(examples=[EXAMPLE_ID])
    title: str
    assistant_id: str
    channel: str
    external_id: str | None
    user_id: str | None
    user_tier: str | None
    created_at: datetime
    updated_at: datetime


class NewWording(Limits):
    """A question in other words."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "A que horas o suporte abre aos sábados?"}]}
    )
    text: QuestionText


class NewMessage(Limits):
    """A user's message is a question and gets an answer; anything else was said elsewhere.

    A user's message that carries `created_at`, `external_id`, `model` or `latency` was said
    elsewhere too. `ask` decides where that guess is wrong.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"role": "user", "text": "E aos sábados?"},
                {
                    "role": "assistant",
                    "text": "Atendemos das 9h às 13h.",
                    "created_at": "2026-11-20T14:30:00Z",
                    "external_id": "wamid.2",
                    "model": "other-bot",
                    "latency": 1.8,
                },
            ]
        }
    )
    role: Role = "user"
    text: Annotated[Text, StringConstraints(min_length=1, max_length=100_000)] = Field(
        validation_alias=AliasChoices("text", "content")
    )
    created_at: Moment | None = None
    external_id: OutsideId | None = None
    channel: Channel | None = None
    model: Line = ""
    latency: Number | None = Field(
        None,
        ge=0,
        lt=86_400,
        validation_alias=AliasChoices("latency", "latency_seconds"),
        description="Seconds.",
    )
    ask: Flag | None = Field(None, description="Whether Ciclo shall answer it.")

    @property
    def asks(self) -> bool:
        """Whether this wants an answer of ours."""
        if self.ask is not None:
            return self.ask and self.role == "user"
        marks = (self.created_at, self.external_id, self.model or None, self.latency)
        return self.role == "user" and all(mark is None for mark in marks)

    def said(self) -> chat.Said:
        """As the chat stage records it."""
        return chat.Said(
            role=self.role,
            text=self.text,
            created_at=self.created_at,
            external_id=self.external_id,
            channel=self.channel or "",
            model=self.model,
            latency=self.latency,
        )


class NewText(Given):
    """Another text for a message."""

    text: Annotated[Text, StringConstraints(min_length=1, max_length=100_000)] = Field(
        examples=["E aos sábados?"]
    )


class NewMessages(Given):
    """What was said elsewhere, in order; the same `external_id` twice is recorded once."""

    messages: list[NewMessage] = Field(min_length=1, max_length=MOST_MESSAGES)


def _in_an_object(body: Any) -> Any:
    """A bare list of messages is taken as well."""
    return {"messages": body} if isinstance(body, list) else body


def _which(body: Any) -> str:
    many = "messages" in body if isinstance(body, dict) else isinstance(body, NewMessages)
    return "many" if many else "one"


OneOrMany = Annotated[
    Annotated[NewMessage, Tag("one")] | Annotated[NewMessages, Tag("many")],
    Discriminator(_which),
    BeforeValidator(_in_an_object),
]


class Message(Shown):
    """One message; `answer` holds the whole answer where the message is one of ours."""

    id: str = Field(examples=[EXAMPLE_ID])
    conversation_id: str
    parent_id: str | None
    role: Role
    text: str
    created_at: datetime
    external_id: str | None
    model_name: str
    latency_seconds: float | None
    siblings: list[str] = Field(description="Ids of its alternatives, itself among them.")
    answer: Answer | None = None

    @classmethod
    def of(cls, turn: chat.Turn) -> "Message":
        """A message of a branch."""
        row = turn.message
        return cls(
            id=row.id,
            conversation_id=row.conversation_id,
            parent_id=row.parent_id,
            role=row.role,  # type: ignore[arg-type]  # the table's own check holds
            text=row.text,
            created_at=row.created_at,
            external_id=row.external_id,
            model_name=row.model_name,
            latency_seconds=row.total_seconds,
            siblings=turn.siblings,
            answer=Answer.of(turn.answer) if turn.answer else None,
        )
