"""Documents, their versions, and what changed between two of them."""

from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field

from core import retrieval
from core.api.schemas import EXAMPLE_ID, Day, Error, Given, Id, Page, Shown
from core.db import tables

Kind = Literal["email", "pix", "card", "cnpj", "cpf", "ip", "phone", "cep", "rg"]
State = retrieval.State
Only = retrieval.Only
Sort = retrieval.Sort


class Progress(Shown):
    """How far reading is; null where nobody can know yet."""

    share: float | None = Field(description="0 to 1.")
    seconds_left: float | None = Field(description="Until it is ready, those before it included.")


class Usage(Shown):
    """In how many answers a document was."""

    used: int = Field(description="Answers that were given a passage of it.")
    cited: int = Field(description="Answers that cite it.")
    wrong: int = Field(description="Answers citing it that were rated down for what they say.")
    last_used: datetime | None


class Document(Shown):
    """A source as added. `ready` means searchable; `failed` carries the reason in `error`."""

    id: str = Field(examples=[EXAMPLE_ID])
    assistant_id: str
    name: str = Field(examples=["horarios.md"])
    media_type: str
    size: int = Field(description="Bytes.")
    state: State
    error: Error | None
    version: int = Field(description="The one that search finds, from 1; 0: none yet.")
    newest: int = Field(description="The one that `state` and `error` are about.")
    pages: int
    chunks: int
    language: str
    personal: dict[str, int] = Field(
        description="Personal data found, by kind.", examples=[{"cpf": 2, "phone": 1}]
    )
    masks: list[str] = Field(description="The kinds hidden from search.", examples=[["cpf"]])
    valid_from: date | None
    valid_to: date | None = Field(description="The last day on which it holds.")
    created_at: datetime
    ready_at: datetime | None
    progress: Progress | None = Field(None, description="While it waits or is being read.")
    usage: Usage | None = Field(None, description="Where it was asked for.")

    @classmethod
    def of(
        cls,
        row: tables.Document,
        progress: retrieval.Progress | None = None,
        usage: retrieval.Usage | None = None,
    ) -> "Document":
        """The stored document, with how far it is and how it was used, if given."""
        why = retrieval.why(row)
        return cls(
            id=row.id,
            assistant_id=row.assistant_id,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            state=row.state,  # type: ignore[arg-type]  # the table's own check holds
            error=Error.of(why) if why else None,
            version=row.version,
            newest=row.newest,
            pages=row.pages,
            chunks=row.chunks,
            language=row.language,
            personal=row.personal,
            masks=row.masks,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            created_at=row.created_at,
            ready_at=row.ready_at,
            progress=Progress.model_validate(progress) if progress else None,
            usage=Usage.model_validate(usage) if usage else None,
        )


class BulkFailure(Shown):
    """A document for which it could not be done, and why."""

    id: str = Field(examples=[EXAMPLE_ID])
    error: Error


class Refused(Shown):
    """A file that was not taken, and why."""

    name: str
    error: Error


class TakenDocument(Document):
    """A document whose file was taken, and what that made of it."""

    what: Literal["added", "already_here", "read_again", "new_version"] = Field(
        description="`already_here`: it has this very content; `read_again`: that had failed."
    )

    @classmethod
    def taken(cls, one: retrieval.Taken) -> "TakenDocument":
        """What became of a file."""
        return cls(**dict(Document.of(one.document)), what=one.what)


class Added(Shown):
    """The documents that were taken; follow each with GET until it is `ready` or `failed`."""

    data: list[TakenDocument]
    refused: list[Refused] = Field(description="The files that were not taken.")


class Documents(Page[Document]):
    """A page of the documents; `total` and `counts` are of all pages."""

    total: int = Field(description="As many are left by the filters.")
    counts: dict[str, int] = Field(
        description="As many each `state` and each `only` would leave, and `all`.",
        examples=[{"all": 12, "failed": 1, "never_used": 4}],
    )


class Bulk(Shown):
    """For which documents it was done, and for which it could not be."""

    done: list[Document]
    failed: list[BulkFailure]


class DocumentText(Shown):
    """The text that passages and citations count their offsets in."""

    id: str
    text: str


class DocumentVersion(Shown):
    """What a document was from one change of its file to the next."""

    number: int
    digest: str = Field(description="SHA-256 of the file.")
    media_type: str
    size: int = Field(description="Bytes.")
    state: Literal["queued", "ready", "failed"]
    pages: int
    chunks: int
    personal: dict[str, int]
    masks: list[str] = Field(description="What is hidden in its text.")
    created_at: datetime
    ready_at: datetime | None


class Line(Shown):
    """A line of a difference; where the numbers jump, unchanged lines are left out."""

    mark: Literal["-", "+", " "]
    text: str
    a: int | None = Field(description="Its number in version a, from 1.")
    b: int | None


class Difference(Shown):
    """What changed from version `a` to `b` of a document's text, line by line."""

    a: int
    b: int
    added: int = Field(description="Lines that came.")
    removed: int = Field(description="Lines that went.")
    lines: list[Line]
    cut: bool = Field(description="There is more than is given.")


class Changes(Given):
    """What shall change; what is left out stays, null leaves a side of the validity open."""

    valid_from: Day | None = Field(None, description="The first day on which it holds.")
    valid_to: Day | None = Field(None, description="The last day on which it holds.")
    masks: list[Kind] | None = Field(
        None, max_length=20, description="Kinds of personal data to hide; it is then read again."
    )

    def validity(self) -> dict[str, date | None]:
        """The dates among the changes."""
        given = {"valid_from": self.valid_from, "valid_to": self.valid_to}
        return {name: day for name, day in given.items() if name in self.model_fields_set}


class DocumentChanges(Changes):
    """What shall change in a document."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"valid_from": "2026-01-01", "valid_to": "2026-12-31"},
                {"valid_to": None, "masks": ["cpf", "card", "phone"]},
            ]
        }
    )


class NewBulk(Changes):
    """One verb for many documents. `change` takes the same fields as PATCH of a document."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"action": "remove", "ids": [EXAMPLE_ID]},
                {"action": "change", "ids": [EXAMPLE_ID], "valid_to": "2026-12-31"},
            ]
        }
    )
    action: Literal["remove", "restore", "reread", "change"]
    ids: list[Id] = Field(min_length=1, max_length=1000)
