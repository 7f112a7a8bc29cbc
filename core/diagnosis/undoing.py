"""``ciclo models undo``: champions and routing as they were before the last migration, exactly.

In: what ``migration`` wrote down in CICLO_HOME (migration.json): of each assistant how it stood
before and after. Out: ``Undone`` lines. Always holds: an assistant that somebody has changed since
is left as it is; undoing twice does nothing the second time.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core import clock, db
from core.access import allowed, sees
from core.config import settings
from core.db.tables import Assistant, Version
from core.errors import NotFound, Unavailable
from core.i18n import _
from core.registry.versions import CHAMPION, current, moved

FILE = "migration.json"
REASON = "migration:undone"


@dataclass(frozen=True)
class Standing:
    """Who answers for an assistant: its champion, its routing, and whether it follows Ollama."""

    champion: str
    routing: dict[str, Any]
    follows_ollama: bool


@dataclass(frozen=True)
class Change:
    """An assistant before and after."""

    id: str
    name: str
    before: Standing
    after: Standing


@dataclass(frozen=True)
class Undone:
    """What undoing did with an assistant. ``state``: undone | already | changed | gone."""

    id: str
    name: str
    state: str
    sentence: str


@dataclass(frozen=True)
class Migration:
    """The last migration, as it was written down. ``at`` as an ISO time."""

    before: str
    after: str
    at: str
    changes: tuple[Change, ...]


def standing(session: Session, row: Assistant) -> Standing:
    """How an assistant stands now, in the caller's transaction."""
    champion = current(session, row.id, CHAMPION)
    routing = json.loads(json.dumps(row.routing or {}))  # as it will be read back
    return Standing(champion.id if champion else "", routing, row.follows_ollama)


def write(before: str, after: str, changes: list[Change]) -> None:
    """Write a migration down, durably, before it is committed."""
    told = Migration(before, after, clock.now().isoformat(), tuple(changes))
    path, new = _path(), _path().with_suffix(".new")
    try:
        with new.open("w", encoding="utf-8") as file:
            json.dump(asdict(told), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise Unavailable(
            _("{path} cannot be written: nothing was switched.").format(path=path),
            hint=error.strerror or "",
        ) from error


def last_migration() -> Migration | None:
    """The migration that ``undo`` would undo, as far as its assistants are there for who acts; None
    where there was none here."""
    try:
        told = json.loads(_path().read_text("utf-8"))
        changes = tuple(_change(one) for one in told["changes"] if sees(one["id"]))
        return Migration(told["before"], told["after"], told["at"], changes)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unavailable(
            _("{path} cannot be read.").format(path=_path()),
            hint=_("`ciclo assistants model` and `routing` set who answers, one by one."),
        ) from error


@allowed("change")
def undo() -> list[Undone]:
    """Bring back how it was; NotFound where nothing was migrated from this home."""
    known = last_migration()
    if known is None:
        raise NotFound(
            _("There is no migration to undo."),
            hint=_("`ciclo models migrate FROM TO` was never run with this CICLO_HOME."),
        )
    with db.writing() as session:
        return [_undone(session, change) for change in known.changes]


def _undone(session: Session, change: Change) -> Undone:
    row = session.get(Assistant, change.id, with_for_update=True)
    if row is None or row.removed_at:
        return _told(change, "gone", _("“{name}” was removed since."))
    now = standing(session, row)
    if now == change.before:
        return _told(change, "already", _("“{name}” is as it was before."))
    if now != change.after or session.get(Version, change.before.champion) is None:
        sentence = _("“{name}” was changed since the migration, so it was left as it is.")
        return _told(change, "changed", sentence)
    moved(session, change.id, CHAMPION, change.before.champion, REASON)
    row.routing = change.before.routing
    row.follows_ollama = change.before.follows_ollama
    return _told(change, "undone", _("“{name}” is answered for as before."))


def _told(change: Change, state: str, sentence: str) -> Undone:
    return Undone(change.id, change.name, state, sentence.format(name=change.name))


def _change(told: Mapping[str, Any]) -> Change:
    before, after = Standing(**told["before"]), Standing(**told["after"])
    return Change(told["id"], told["name"], before, after)


def _path() -> Path:
    return settings().home / FILE
