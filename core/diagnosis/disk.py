"""What lies on the disk, how much room is left, and how long that lasts.

Takes nothing; gives ``Storage``, sizes in bytes. Always holds: it only looks, and a file that goes
while it looks is not counted.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from core import db
from core.access import allowed
from core.config import settings
from core.db import growth, room
from core.diagnosis.finding import State
from core.i18n import N_

PARTS = {  # what lies in the home, by the name of its folder
    "documents": N_("Files of documents"),
    "index": N_("Search index"),
    "backups": N_("Backups"),
}


@dataclass(frozen=True)
class Storage:
    """``state``: "good", "note" (it will soon be full), "bad" (nothing new is taken in).

    ``parts`` tells bytes by "database" and the names of PARTS; ``per_day`` the database's mean growth
    over ``days`` (0 days: not known yet).
    """

    home: Path
    free: int
    total: int
    state: State
    parts: dict[str, int]
    per_day: float
    days: int


@allowed("operate")
def storage() -> Storage:
    """What lies in the home, and the room on its disk."""
    home, grown = settings().home, growth.growth()
    backups = settings().backup_dir or home / "backups"
    places = {name: home / name for name in PARTS} | {"backups": backups}
    disk = shutil.disk_usage(home)
    return Storage(
        home=home,
        free=disk.free,
        total=disk.total,
        state=room.state(disk.free),
        parts={"database": db.size()} | {name: room.taken(at) for name, at in places.items()},
        per_day=grown.per_day,
        days=grown.days,
    )
