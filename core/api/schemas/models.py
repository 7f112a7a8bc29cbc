"""Models in detail, how they do, and diagnoses: what a door shows of them and takes."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from core.api.schemas import Flag, Given, Line, Named, Number, Shown, Text, Whole, no_nul

Name = Annotated[Line, StringConstraints(min_length=1), Field(description="As Ollama calls it.")]
Price = Annotated[Number, Field(ge=0, le=10_000)]
Question = Annotated[str, StringConstraints(max_length=4000), AfterValidator(no_nul)]
Kind = Literal["connectivity", "models", "answer", "reasoning", "analysis", "stress", "full"]
MOST_REQUESTS, MOST_AT_ONCE = 100, 20  # over the network; the command line allows more


class NewPull(Given):
    """A model to fetch into Ollama."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "llama3.2"}]})
    name: Name


class NewDiagnosis(Given):
    """What to find out. `level` is for analysis, `requests` and `concurrency` for stress."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "connectivity"}]})
    kind: Kind
    assistant: Named | None = None
    question: Question = Field("", description="For `answer`; else a starter question.")
    level: Text = Field("basic", max_length=40)
    requests: Whole = Field(20, ge=1, le=MOST_REQUESTS)
    concurrency: Whole = Field(4, ge=1, le=MOST_AT_ONCE)
    detailed: Flag = Field(False, description="For `full`: also reasoning, levels, stress.")


class Finding(Shown):
    """How one thing stands: `good`, a `note` (works, but), or `bad` (does not work)."""

    name: str = Field(examples=["server"])
    state: Literal["good", "note", "bad"]
    found: str
    advice: str = Field(description="What to do; empty where nothing needs doing.")
    subject: str = Field(description="An assistant, a model, a server.")
    seconds: float | None
    group: str


class Provider(Shown):
    """Who runs models, and what it lacks."""

    name: str = Field(examples=["ollama"])
    prefix: str = Field(examples=["ollama:"], description="Goes before a model's name.")
    ready: bool
    missing: str = Field(description="package, key or server; empty where it is ready.")
    hint: str


class Use(Shown):
    """An assistant that names the model."""

    assistant_id: str
    assistant: str
    role: Literal["champion", "challenger", "fallback", "rule"]
    number: int = Field(description="Of the fallback or rule, from 1; 0 for the others.")


class ModelFacts(Shown):
    """A model with all that is known of it; null is what nobody tells."""

    provider: str
    name: str
    status: Literal["ready", "missing", "not_reachable", "not_ready"]
    size: int | None = Field(description="Bytes.")
    parameters: float | None = Field(description="Billions.")
    context_tokens: int | None
    thinks: bool | None
    price_in: float = Field(description="US dollars a million tokens.")
    price_out: float
    origin: str
    in_memory: bool
    used_by: list[Use]


class NewModel(Given):
    """A model, its prices in US dollars a million tokens, its window in tokens."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "ollama:loja-lora", "price_in": 0.1, "price_out": 0.4, "origin": "LoRA"}
            ]
        }
    )
    name: Name = Field(description="`provider:model`.")
    price_in: Price | None = None
    price_out: Price | None = None
    context_tokens: Annotated[Whole, Field(ge=256, le=100_000_000)] | None = None
    origin: Annotated[Line, StringConstraints(max_length=200)] | None = Field(
        None, description="Where it came from."
    )


class RegisteredModel(Shown):
    """A model as it is registered."""

    provider: str
    name: str
    price_in: float
    price_out: float
    context_tokens: int | None
    origin: str


class Models(Shown):
    """Every provider and every model."""

    providers: list[Provider]
    models: list[ModelFacts]


class ModelServer(Shown):
    """A model server; `error` is empty where it answers."""

    name: str
    url: str
    version: str
    error: str
    hint: str


class LoadedModel(Shown):
    """A model in the server's memory. Sizes in bytes."""

    name: str
    size: int
    in_gpu: int
    until: datetime | None


class Breaker(Shown):
    """A version that is, or was lately, left alone after failures; in this process."""

    version_id: str
    assistant: str
    number: int
    model: str
    state: str = Field(examples=["open"])
    failures: int
    rests_for: float = Field(description="Seconds until it is tried again.")


class VersionRate(Shown):
    """How one version did in the last `minutes`."""

    version_id: str
    assistant: str
    number: int
    model: str
    answers: int
    as_fallback: int = Field(description="Of its answers, those for another version that failed.")
    failed: int = Field(description="Of its answers, those that ended as error or cut off.")
    calls: int = Field(description="Of its model, retries included.")
    failed_calls: int
    failure_rate: float | None
    codes: dict[str, int]


class ModelsHealth(Shown):
    """Servers, what is loaded, breakers, and the failures of the last hour."""

    servers: list[ModelServer]
    loaded: list[LoadedModel]
    breakers: list[Breaker]
    versions: list[VersionRate] = Field(validation_alias="rates")
    minutes: int
    answers: int
    fallbacks: int


ServerName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$"),
    Path(description="What models of it are named by.", examples=["lab"]),
]


class NewServer(Given):
    """Where a server is."""

    url: Annotated[Text, StringConstraints(min_length=1, max_length=500)] = Field(
        examples=["https://lab.example/v1"]
    )


class NamedServer(Shown):
    """A server that speaks OpenAI's protocol."""

    name: str
    url: str
    entered: bool = Field(description="In the app; the others are named in the settings.")
