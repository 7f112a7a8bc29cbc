"""Who makes the vectors: what a door shows of it and takes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from core.api.schemas import Given, Line, Shown, no_nul
from core.retrieval.embedders.identity import NAME_LENGTH, PREFIX_LENGTH

Spec = Annotated[
    Line,
    StringConstraints(min_length=3, max_length=NAME_LENGTH),
    Field(description="provider:model", examples=["embedded:lexical-512"]),
]
Prefix = Annotated[
    str, StringConstraints(max_length=PREFIX_LENGTH), AfterValidator(no_nul)
]  # blanks at its end belong to it
LEFT_OUT = "Left out: what the model is known to want."


class NewEmbedder(Given):
    """Who shall make the vectors from as soon as all are made."""

    spec: Spec
    query_prefix: Prefix | None = Field(None, description=f"Before each question. {LEFT_OUT}")
    document_prefix: Prefix | None = Field(None, description=f"Before each passage. {LEFT_OUT}")


class Trouble(Shown):
    """What went wrong last, and when it is tried again (null: not by itself)."""

    code: str = Field(examples=["not_reachable"])
    message: str
    retry_at: datetime | None


class Named(Shown):
    """An embedder: its model, and what everything it made is kept under."""

    spec: str = Field(examples=["ollama:bge-m3"])
    provider: str = Field(examples=["ollama"])
    name: str = Field(examples=["bge-m3"])
    dimension: int = Field(examples=[1024])
    query_prefix: str
    document_prefix: str
    digest: str


class Coming(Named):
    """The embedder that is to serve: until all is done, the other one does."""

    state: Literal["building", "failed"]
    done: int = Field(description="Chunks that have their vector.")
    total: int
    seconds_left: float | None = Field(description="null as long as nothing has been measured.")
    error: Trouble | None


class Embedder(Named):
    """The embedder that serves, and the one that is to."""

    since: datetime | None = Field(description="null for the built-in one that was never replaced.")
    done: int = Field(description="Chunks that have their vector; the others are found by words.")
    total: int
    error: Trouble | None
    coming: Coming | None


class Proposal(Shown):
    """An embedder that can be chosen, or could once it is there."""

    spec: str = Field(examples=["ollama:bge-m3"])
    state: Literal[
        "serving", "ready", "missing", "not_reachable", "not_installed", "not_configured"
    ]
    why: str
    hint: str
