"""How backups stand: the last one, the next one, where they lie, and what is risky about that.

Takes nothing; gives ``Standing``. Always holds: it writes nothing, and tells a bad key as a sentence
instead of failing, so that whoever operates sees everything else too.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core import clock
from core.access import allowed
from core.backup import archives, making
from core.backup.archives import Backup
from core.backup.making import Failure
from core.config import settings
from core.db import room
from core.errors import InvalidInput
from core.i18n import _, moment, number


@dataclass(frozen=True)
class Standing:
    """``n`` archives of ``size`` bytes in ``folder``, of which the newest is ``last``.

    ``next_at`` is when one is made by itself (None: never), ``on_change`` that it waits beyond that
    until anything changes. ``same_disk``: the archives go when the home's disk does. ``free`` bytes
    are left where they lie. ``key_error``: why the key that is set is none. ``failure``: the last
    one that should have come by itself and did not, in this process.
    """

    n: int
    size: int
    folder: Path
    free: int
    same_disk: bool
    encrypted: bool
    last: Backup | None = None
    next_at: datetime | None = None
    on_change: bool = False
    key_error: str = ""
    failure: Failure | None = None


@allowed("operate")
def standing() -> Standing:
    """How backups stand now."""
    known, place = archives.listed(), archives.folder()
    there, why = _there(place), _key_error()
    return Standing(
        n=len(known),
        size=sum(one.size for one in known),
        folder=place,
        free=shutil.disk_usage(there).free,
        same_disk=os.stat(there).st_dev == os.stat(_there(settings().home)).st_dev,
        encrypted=bool(settings().backup_key.get_secret_value()) and not why,
        last=next(iter(known), None),
        next_at=_next(known),
        on_change=_unchanged(known),
        key_error=why,
        failure=making.last_failure(),
    )


def risks(now: Standing) -> list[str]:
    """What would lose something, a sentence each; the worst first."""
    found = []
    if now.failure:
        said = _("The last backup failed at {time}: {why}")
        found.append(said.format(time=moment(now.failure.at), why=now.failure.why))
    if now.key_error:
        found.append(now.key_error)
    elif not now.encrypted:
        found.append(
            _(
                "Backups are not encrypted: whoever has the file can read everything. `ciclo backup"
                " key` prints a key for CICLO_BACKUP_KEY."
            )
        )
    if now.same_disk:
        found.append(
            _(
                "Backups lie on the disk that they are to make up for. Set CICLO_BACKUP_DIR to a"
                " folder on another one."
            )
        )
    elif room.state(now.free) != "good":  # of the home's own disk everybody who operates is told
        said = _("{mb} MB are left on the disk of the backups.")
        found.append(said.format(mb=number(now.free / 1e6)))
    if now.next_at is None:
        found.append(_("No backup is made by itself: CICLO_BACKUP_HOURS is 0."))
    return found


def _next(known: list[Backup]) -> datetime | None:
    hours = settings().backup_hours
    if not hours:
        return None
    last = next((one.at for one in known if not one.by_hand), None)
    planned = last + timedelta(hours=hours) if last else clock.now()
    failed = making.last_failure()
    return max(planned, failed.at + making.RETRY) if failed else planned


def _unchanged(known: list[Backup]) -> bool:
    last = next((one.at for one in known if not one.by_hand), None)
    return last is not None and not making.changed_since(last)


def _key_error() -> str:
    try:
        archives.key()
    except InvalidInput as error:
        return f"{error.message} {error.hint}"
    return ""


def _there(place: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(one for one in (place, *place.parents) if one.exists())
