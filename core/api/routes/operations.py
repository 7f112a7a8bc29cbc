"""What an operator looks after: ``/backups`` and ``/storage``."""

from typing import Annotated

from fastapi import APIRouter, Path

from core import backup, diagnosis
from core.api.errors import answers
from core.api.schemas.operations import NAME, Backups, BackupShown, StorageShown, VerifiedBackup

router = APIRouter(tags=["operations"])


@router.get("/backups", summary="How backups stand")
def backups() -> Backups:
    """The archives there are, when the next one comes, and what is risky about them."""
    return Backups.of(backup.standing(), backup.backups())


@router.post("/backups", status_code=201, summary="Back up now", responses=answers(409, 503))
def make() -> BackupShown:
    """Everything that cannot be made anew, read back after writing; nobody waits for it but you."""
    return BackupShown.model_validate(backup.make())


@router.post(
    "/backups/{name}/verify", summary="Read a backup to its end", responses=answers(404, 503)
)
def verify(name: Annotated[NAME, Path()]) -> VerifiedBackup:
    """Every file by its hash, the database by its own check; 422 (`damaged`) where it is not whole."""
    return VerifiedBackup.of(backup.verify(name))


@router.get("/storage", summary="Room on the disk")
def storage() -> StorageShown:
    """How full it is, what takes the room, how fast that grows."""
    told = diagnosis.storage()
    return StorageShown.model_validate(vars(told) | {"home": str(told.home)})
