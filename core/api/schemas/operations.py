"""Backups and room on the disk as the API tells of them. Sizes are bytes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from core.api.schemas import Shown
from core.backup import Backup, Standing, Verified

NAME = Annotated[
    str,
    StringConstraints(
        max_length=60, pattern=r"^ciclo-[0-9]{8}T[0-9]{6}Z(-by-hand)?\.tar\.gz(\.age)?$"
    ),
    Field(examples=["ciclo-20261122T051500Z.tar.gz.age"]),
]


class BackupShown(Shown):
    """An archive."""

    name: NAME
    at: datetime
    by_hand: bool = Field(description="It stays until somebody deletes it.")
    encrypted: bool
    size: int


class BackupFailure(Shown):
    """Why one that was due did not come."""

    at: datetime
    why: str


class Backups(Shown):
    """How backups stand, and the archives there are, newest first."""

    folder: str
    free: int = Field(description="Left on the disk where they lie.")
    same_disk: bool = Field(description="They go when the disk of everything else does.")
    encrypted: bool = Field(description="The next one will be.")
    key_error: str = Field(description="Why the key that is set is none; else empty.")
    next_at: datetime | None = Field(description="Null: none is made by itself.")
    on_change: bool = Field(description="Nothing has changed since the last: it waits for that.")
    failure: BackupFailure | None = Field(description="Of the last that should have come.")
    data: list[BackupShown]

    @classmethod
    def of(cls, now: Standing, known: list[Backup]) -> "Backups":
        """Both together."""
        told = {name: getattr(now, name) for name in cls.model_fields if name != "data"}
        return cls.model_validate(told | {"folder": str(now.folder), "data": known})


class VerifiedBackup(Shown):
    """A whole archive, and what it holds."""

    name: NAME
    rows: int = Field(description="Of all tables.")
    documents: int
    tables: dict[str, int]
    migration: str

    @classmethod
    def of(cls, whole: Verified) -> "VerifiedBackup":
        """As the verb tells it."""
        return cls(
            name=whole.backup.name,
            rows=whole.rows,
            documents=whole.documents,
            tables=whole.manifest.rows,
            migration=whole.manifest.migration,
        )


class StorageShown(Shown):
    """Room on the disk of the home, and what takes it."""

    home: str
    free: int
    total: int
    state: Literal["good", "note", "bad"] = Field(
        description="note: it will soon be full; bad: nothing new is taken in."
    )
    parts: dict[str, int] = Field(description="By what it is: database, documents, index, backups.")
    per_day: float = Field(description="By how much the database grows.")
    days: int = Field(description="How many days that was seen; 0: not known yet.")
