"""Assistants, and the models that can answer."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from core.api.schemas import (
    EXAMPLE_ID,
    Flag,
    Given,
    Line,
    Number,
    Shown,
    Text,
    Whole,
    no_nul,
    within,
)
from core.api.schemas.metrics import Figure
from core.assistants import fields, modes
from core.db import tables
from core.llm.parameters import PARAMETERS
from core.registry import routing

Language = Literal["pt-BR", "en"]
AssistantName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    within(120),
    AfterValidator(no_nul),
]
Rule = Annotated[Text, StringConstraints(min_length=1, max_length=fields.RULE_LENGTH)]
Starter = Annotated[Text, StringConstraints(min_length=1, max_length=fields.STARTER_LENGTH)]
ModelName = Annotated[
    Line,
    StringConstraints(pattern=r"^[a-z]+:.+$"),
    Field(description="provider:model", examples=["embedded:quotes", "ollama:llama3.2"]),
]


class Criterion(Given):
    """What reviewers shall judge an answer by."""

    model_config = ConfigDict(from_attributes=True)
    name: AssistantName
    description: Annotated[Text, StringConstraints(max_length=fields.CRITERION_LENGTH)] = ""


class Level(Given):
    """How deep a mode goes."""

    name: Line
    title: Line = ""
    prompt: Annotated[Text, StringConstraints(min_length=1, max_length=modes.PROMPT_LENGTH)]


class Mode(Level):
    """A named way of answering: its prompt is added to persona and rules, its level's after it."""

    levels: list[Level] = Field([], max_length=modes.MOST_LEVELS)


class Condition(Given):
    """When a rule holds: all that is given must."""

    tier: Line | None = Field(None, min_length=1, examples=["premium"])
    language: Language | None = Field(None, description="Of the question.")
    mode: Line | None = Field(None, min_length=1)
    min_length: Whole | None = Field(None, ge=0, description="Of the question, in characters.")
    max_length: Whole | None = Field(None, ge=0)


class RoutingRule(Given):
    """Who answers where the condition holds."""

    if_: Condition = Field(alias="if")
    use: ModelName | Annotated[Whole, Field(ge=1)] = Field(
        description="provider:model, or the number of a version."
    )


class Routing(Given):
    """Who answers beside the champion. Rules are read in order, fallbacks too."""

    fallbacks: list[ModelName] | None = Field(None, max_length=routing.MOST_FALLBACKS)
    rules: list[RoutingRule] | None = Field(None, max_length=routing.MOST_RULES)
    challenger_share: Number | None = Field(None, ge=0, le=1)


class NewAssistant(Given):
    """An empty assistant; add documents to it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Suporte", "language": "pt-BR"}]}
    )
    name: AssistantName
    language: Language = "pt-BR"


class NewChallenger(Given):
    """Whom the champion is tried against."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"use": "ollama:llama3.2", "share": 0.1}]}
    )
    use: Annotated[Line, StringConstraints(min_length=1)] = Field(
        description="`provider:model`, or the number of a version."
    )
    share: Annotated[Number, Field(ge=0, le=1)] | None = Field(
        None, description="Of the askers, who are given it: 0 to 1."
    )


class Challenger(Shown):
    """Who is on trial; null where nobody is."""

    version_id: str | None
    number: int | None
    model: str | None
    share: float
    warning: str = Field(description="Where the model cannot answer now; else empty.")


class Changes(Given):
    """What shall change; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"rules": ["Trate o cliente por você."], "model": "ollama:llama3.2"}]
        }
    )
    name: AssistantName | None = None
    language: Language | None = None
    persona: Annotated[Text, StringConstraints(max_length=fields.PERSONA_LENGTH)] | None = None
    rules: list[Rule] | None = Field(None, max_length=fields.RULES)
    starters: list[Starter] | None = Field(None, max_length=fields.STARTERS)
    rubric: list[Criterion] | None = Field(None, max_length=fields.CRITERIA)
    modes: list[Mode] | None = Field(None, max_length=modes.MOST_MODES)
    thoughts: Flag | None = Field(None, description="Whether askers see how the model thought.")
    routing: Routing | None = Field(
        None,
        examples=[
            {
                "fallbacks": ["ollama:llama3.2:1b"],
                "rules": [{"if": {"tier": "premium"}, "use": "ollama:llama3.1:8b"}],
            }
        ],
    )
    model: ModelName | None = None
    parameters: dict[Line, bool | Whole | Number | Line | None] | None = Field(
        None,
        description="Of its model: reasoning (low, medium, high, true, false), temperature, "
        "max_tokens... Null leaves one to the model; what is not named stays.",
        examples=[{"reasoning": "high"}],
        max_length=len(PARAMETERS),
    )
    follows_ollama: Literal[True] | None = Field(
        None, description="Take the choice of a model back: use the best that Ollama has."
    )

    def fields(self) -> dict[str, Any]:
        """The assistant's own fields among the changes."""
        apart = {"model", "parameters", "follows_ollama"}
        return self.model_dump(exclude_none=True, by_alias=True, exclude=apart)


class Assistant(Shown):
    """Persona, language, rules, starter questions, and who answers."""

    id: str = Field(examples=[EXAMPLE_ID])
    name: str
    language: str
    persona: str
    rules: list[str]
    starters: list[str]
    rubric: list[Criterion]
    modes: list[Mode]
    thoughts: bool
    is_default: bool
    is_sample: bool
    model: str | None = Field(description="provider:model of its champion.")
    follows_ollama: bool = Field(description="It uses the best model that Ollama has installed.")
    routing: dict[str, Any] = Field(description="Fallbacks, rules and the challenger's share.")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: tables.Assistant, model: str | None) -> "Assistant":
        """The stored assistant and the model of its champion."""
        return cls(
            id=row.id,
            name=row.name,
            language=row.language,
            persona=row.persona,
            rules=row.rules,
            starters=row.starters,
            rubric=[Criterion.model_validate(one) for one in row.rubric],
            modes=[Mode.model_validate(one) for one in row.modes],
            thoughts=row.thoughts,
            is_default=row.is_default,
            is_sample=bool(row.sample),
            model=model,
            follows_ollama=row.follows_ollama,
            routing=row.routing,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class Model(Shown):
    """A model that can answer (`ready`) or could (`missing`, `not_reachable`)."""

    provider: str = Field(examples=["embedded"])
    name: str = Field(examples=["quotes"])
    status: str = Field(examples=["ready"])
    description: str


class RouterStats(Shown):
    """How many answers there are, by the reason for which and the model by which they were given."""

    total: int
    by_reason: dict[str, int] = Field(examples=[{"champion": 128}])
    by_model: dict[str, int] = Field(examples=[{"embedded:quotes": 128}])


class Stats(Shown):
    """What the router has done, and for how long this process is up; of all time, but the figures."""

    router_stats: RouterStats
    uptime_seconds: float
    documents: int
    documents_waiting: int
    documents_seconds_left: float | None = Field(
        description="Until all that wait are read; null as long as nothing has been measured."
    )
    conversations: int
    figures: list[Figure] = Field(
        description="Of the last 30 days, as `/metrics/overview`; empty for those who may not see them."
    )
