"""A question as it comes in, an answer as it goes out, and a search by hand."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from core import chat
from core.api.schemas import (
    EXAMPLE_ID,
    Day,
    Error,
    Flag,
    Given,
    Id,
    Line,
    List,
    Named,
    Number,
    OutsideId,
    Shown,
    Whole,
    no_nul,
    within,
)
from core.api.schemas.explained import Explanation, Why
from core.db import tables

Outcome = Literal["answered", "related", "not_found", "cut_off", "error"]
Tier = Literal["free", "premium"]
QuestionText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=4000),
    within(4000),
    AfterValidator(no_nul),
]


class Limits(Given):
    """What an asker may set for one answer."""

    max_tokens: Whole | None = Field(None, ge=50, le=2000, description="Longest answer, in tokens.")
    temperature: Number | None = Field(None, ge=0, le=1)
    mode: Line | None = Field(None, description="One of the assistant's modes, by name.")
    level: Line | None = Field(None, description="A level of the mode; its first if left out.")
    model: Line | None = Field(
        None,
        description="Who answers, instead of whom the assistant would ask: `provider:model`.",
        examples=["ollama:llama3.2"],
    )
    stream: Flag = Field(False, description="Answer as server-sent events.")

    def options(self) -> chat.Options:
        """As the chat stage takes them."""
        return chat.Options(
            max_tokens=self.max_tokens,
            temperature=self.temperature,
            mode=self.mode or "",
            level=self.level or "",
            model=self.model or None,
        )


class NewQuestion(Limits):
    """A question to an assistant (else the default one), alone or within a conversation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "Como configuro o webhook do WhatsApp?"},
                {
                    "question": "What are the support hours?",
                    "assistant": "Support desk",
                    "user_id": 1042,
                    "user_tier": "premium",
                    "max_tokens": 400,
                    "temperature": 0.2,
                    "stream": True,
                },
            ]
        }
    )
    question: QuestionText
    assistant: Named | None = None
    conversation_id: Id | None = Field(None, description="Go on with this conversation.")
    user_id: OutsideId | None = Field(None, description="Your own id of who asks.")
    user_tier: Tier | None = None


class Passage(Shown):
    """A piece of a document that was found; `start` and `end` are offsets in its text."""

    number: int = Field(description="What [n] in the answer refers to.")
    document: str
    document_id: str | None = Field(description="Null once the document is gone for good.")
    document_version: int | None = Field(description="In whose text the offsets count.")
    heading: str
    text: str
    page: int | None
    start: int
    end: int
    score: float = Field(description="0 to 1; `lexical` and `vector` are its two sides.")
    lexical: float
    vector: float

    @classmethod
    def of(cls, row: tables.Passage) -> "Passage":
        """The stored passage."""
        return cls(
            number=row.rank,
            document=row.document_name,
            document_id=row.document_id,
            document_version=row.document_version,
            heading=row.heading,
            text=row.text,
            page=row.page,
            start=row.start,
            end=row.end,
            score=row.score,
            lexical=row.lexical,
            vector=row.vector,
        )


class Citation(Shown):
    """A mark [number] in the answer and the words of the document behind it."""

    number: int
    document: str
    document_id: str | None
    page: int | None
    quote: str
    start: int = Field(description="Where the quote begins in the document's text.")
    end: int
    answer_start: int = Field(description="Where the mark begins in the answer.")
    answer_end: int

    @classmethod
    def of(cls, row: tables.Citation, passage: tables.Passage) -> "Citation":
        """The stored citation with its passage's document."""
        return cls(
            number=row.number,
            document=passage.document_name,
            document_id=passage.document_id,
            page=row.page,
            quote=row.quote,
            start=row.start,
            end=row.end,
            answer_start=row.answer_start,
            answer_end=row.answer_end,
        )


class Break(Shown):
    """Where in the answer another model took over from one that had failed."""

    at: int = Field(
        description="Where in `answer` what the second one says begins; 0 where the first said nothing."
    )
    before: str = Field(description="Which failed.", examples=["ollama:llama3.2"])
    after: str = Field(examples=["embedded:quotes"])
    code: str = Field(examples=["cut_off"])
    message: str
    hint: str = Field("", description="The way out.")


class ApprovedBy(Shown):
    """Which approved answer was given again, and who had approved it when."""

    id: str
    name: str = Field(description="Empty where nobody knows.", examples=["Ana"])
    at: datetime
    corrected: bool


class Answer(Shown):
    """An answer with all that belongs to it. While it is being written, `outcome` is null."""

    answer: str = Field(examples=["O webhook é criado em Canais > WhatsApp > Integração. [1]"])
    outcome: Outcome | None
    provider: str = Field(examples=["embedded"])
    model_name: str = Field(examples=["quotes"])
    model_version: str | None = Field(
        description="Id of the version that answered.", examples=[EXAMPLE_ID]
    )
    latency_seconds: float | None
    first_token_seconds: float | None
    routing_reason: str = Field(
        description="A stable code for why this version answered.", examples=["champion"]
    )
    as_of: date | None = Field(
        description="The day whose documents were searched, where the question names one."
    )
    mode: str | None = Field(description="The assistant's mode in which it was given.")
    level: str | None
    attempts: int = Field(description="How often a model was called.")
    breaks: list[Break] = Field(
        description="Where another model took over: everybody who failed, in their order."
    )
    load_seconds: float | None = Field(description="Part of the latency: the model was loaded.")
    generation_seconds: float | None = Field(description="Part of it: the model wrote.")
    estimated_cost: float = Field(description="In US dollars.")
    citations: list[Citation]
    passages: list[Passage]
    groundedness: float | None = Field(
        description="Share of sentences the passages support, 0 to 1; null for quoted answers."
    )
    quoted: bool = Field(description="The sentences are taken word for word from the documents.")
    cached: bool
    approved: ApprovedBy | None = Field(
        description="Set where an approved answer was given at once, without a model."
    )
    message_id: str = Field(examples=[EXAMPLE_ID])
    conversation_id: str = Field(examples=[EXAMPLE_ID])
    success: bool = Field(description="False where the answer broke off or failed.")
    error: Error | None = Field(None, description="Why it failed.")
    rating: Literal["up", "down"] | None = Field(None, description="The active rating.")
    timestamp: datetime

    @classmethod
    def of(cls, found: chat.Answer) -> "Answer":
        """The stored answer."""
        row = found.message
        by_id = {passage.id: passage for passage in found.passages}
        return cls(
            answer=row.text,
            outcome=row.outcome,  # type: ignore[arg-type]  # the table's own check holds
            provider=row.provider,
            model_name=row.model_name,
            model_version=row.version_id,
            latency_seconds=row.total_seconds,
            first_token_seconds=row.first_token_seconds,
            routing_reason=row.routing_reason,
            as_of=row.as_of,
            mode=row.mode or None,
            level=row.level or None,
            attempts=row.attempts,
            breaks=[Break(**one) for one in row.breaks or []],
            load_seconds=row.load_seconds,
            generation_seconds=row.generation_seconds,
            estimated_cost=row.cost or 0.0,
            citations=[Citation.of(one, by_id[one.passage_id]) for one in found.citations],
            passages=[Passage.of(one) for one in found.passages],
            groundedness=row.groundedness,
            quoted=row.quoted,
            cached=row.cached,
            approved=ApprovedBy.model_validate(found.approved) if found.approved else None,
            message_id=row.id,
            conversation_id=row.conversation_id,
            success=row.outcome in ("answered", "related", "not_found"),
            error=error_of(row),
            rating=found.feedback.rating if found.feedback else None,  # type: ignore[arg-type]
            timestamp=row.created_at,
        )


def error_of(row: tables.Message) -> Error | None:
    """Why an answer failed or broke off, as stored with it."""
    if not row.error_code:
        return None
    return Error(code=row.error_code, message=row.error, hint=chat.way_out(row))


class NewSearch(Given):
    """A search by hand in an assistant's documents."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"query": "horário de atendimento", "k": 3}]}
    )
    query: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
        within(4000),
        AfterValidator(no_nul),
    ]
    assistant: Named | None = None
    k: Whole = Field(6, ge=1, le=50, description="How many passages at most.")
    at: Day | None = Field(
        None, description="Only what holds on this day is looked at; today if left out."
    )
    explain: Flag = Field(False, description="Tell why each passage was found.")


class Hit(Shown):
    """A passage found by a search, best first; `start` and `end` are offsets in the document."""

    document: str
    document_id: str
    version: int = Field(description="Of the document, in whose text the offsets count.")
    heading: str
    text: str
    page: int | None
    start: int
    end: int
    score: float
    why: Why | None = Field(None, description="Where it was asked for.")


class Hits(List[Hit]):
    """The passages found, best first."""

    meaning: str = Field(description="Empty, or why only the words were searched.")
    explanation: Explanation | None = Field(None, description="Where it was asked for.")
