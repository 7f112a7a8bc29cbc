"""Room on the disk: nothing new is taken in when it runs out, so that what was begun can be ended.

In: a moment before something is stored that grows the home. Out: nothing, or Unavailable. Always holds:
what is refused is refused whole, before anything of it is written; deleting and ending go on.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

from core import clock
from core.config import settings
from core.errors import Unavailable
from core.i18n import _, number

LOW = 2_000_000_000  # bytes; a model alone takes as much
LEAST = 200_000_000  # under this nothing new is taken in
LOOK_EVERY = 2.0  # seconds
_seen: dict[str, tuple[float, int]] = {}


def free() -> int:
    """Bytes that are free where the home lies; looked up anew every two seconds."""
    home, now = settings().home, clock.seconds()
    at, known = _seen.get(str(home), (float("-inf"), 0))
    if now - at > LOOK_EVERY:
        known = shutil.disk_usage(home).free
        _seen.clear()
        _seen[str(home)] = (now, known)
    return known


def taken(folder: Path) -> int:
    """Bytes of the files in a folder and below it; one that goes meanwhile is not counted."""
    return sum(_sizes(folder))


def _sizes(folder: Path) -> Iterator[int]:
    for at, _folders, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                yield os.lstat(os.path.join(at, name)).st_size


def state(free: int) -> Literal["good", "note", "bad"]:
    """What so many free bytes are: enough, soon too few ("note"), too few to take anything in."""
    return "bad" if free < LEAST else "note" if free < LOW else "good"


def warning() -> str:
    """A sentence for those who can make room, while there is still time; "" where there is enough."""
    left = free()
    if (now := state(left)) == "good":
        return ""
    said = {
        "note": _(
            "The disk of {path} is filling up: {mb} MB are left. Under {least} MB nothing new"
            " is taken in."
        ),
        "bad": _(
            "The disk of {path} is full: {mb} MB are left. Nothing new is taken in; what is"
            " there can be read and deleted."
        ),
    }[now]
    return said.format(path=settings().home, mb=number(left / 1e6), least=number(LEAST / 1e6))


def demand() -> None:
    """Unavailable (code disk_full) where there is no room for anything new."""
    if free() < LEAST:
        raise Unavailable(
            _("The disk is almost full: {mb} MB are left.").format(mb=number(free() / 1e6)),
            hint=_("Nothing was stored. Make room on the disk of {path}.").format(
                path=settings().home
            ),
            code="disk_full",
        )
