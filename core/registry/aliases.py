"""Aliases: movable names for versions. Append-only: the newest row of a name holds.

In: an assistant, an alias ("champion", "challenger"), a version. Out: rows. Always holds: an alias
points at a version of its own assistant.
"""

from sqlalchemy import select

from core import db
from core.access import allowed, there
from core.db.tables import Alias, Assistant, Version
from core.errors import InvalidInput
from core.i18n import _
from core.registry.versions import CHALLENGER, CHAMPION, current, moved, no_version

NAMES = (CHAMPION, CHALLENGER)


@allowed("change")
def point(assistant_id: str, alias: str, version_id: str, reason: str) -> Version:
    """Point ``alias`` at the version; where it points there already, no row is added.

    InvalidInput for another alias, NotFound where the version is not one of this assistant's.
    """
    if alias not in NAMES:
        raise InvalidInput(
            _("'{alias}' is no alias.").format(alias=alias),
            hint=_("The aliases are {names}.").format(names=", ".join(NAMES)),
            field="alias",
        )
    with db.writing() as session:
        version = session.get(Version, version_id)
        if version is None or version.assistant_id != assistant_id:
            raise no_version(version_id)
        before = current(session, assistant_id, alias)
        if before is None or before.id != version_id:
            moved(session, assistant_id, alias, version_id, reason)
        if alias == CHAMPION:  # somebody's choice now: Ollama's coming and going no longer moves it
            session.get_one(Assistant, assistant_id).follows_ollama = False
        return version


@there
def pointed(assistant_id: str, alias: str) -> Version | None:
    """The version that ``alias`` points at now, or None."""
    with db.session() as session:
        return current(session, assistant_id, alias)


@there
def history(assistant_id: str, alias: str) -> list[Alias]:
    """Every move of ``alias``, newest first."""
    with db.session() as session:
        moves = select(Alias).where(Alias.assistant_id == assistant_id, Alias.name == alias)
        return list(session.scalars(moves.order_by(Alias.number.desc())))
