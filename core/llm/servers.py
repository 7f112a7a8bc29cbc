"""Servers that speak OpenAI's protocol, by name: those of CICLO_SERVERS, and those entered here.

Always holds: one of the settings goes before one that was entered under its name; an entered address
is called only where ``core.reach`` lets it lead.
"""

import re

from core import clock, db, reach
from core.access import allowed
from core.config import settings
from core.db.tables import Setting
from core.errors import Conflict, InvalidInput, NotFound
from core.i18n import _

ROW = "servers"
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
MOST = 50  # that can be entered


def servers() -> dict[str, str]:
    """Every named server: name -> address without a slash at its end."""
    return entered() | settings().named_servers


def entered() -> dict[str, str]:
    """Those that were entered here, also where the settings have the same name."""
    with db.session() as session:
        row = session.get(Setting, ROW)
        return dict(row.value) if row else {}


def is_entered(name: str) -> bool:
    """Whether the address under this name is one that was entered."""
    return name not in settings().named_servers


@allowed("operate")
def add_server(name: str, url: str) -> dict[str, str]:
    """Name a server, or give it another address; all that were entered. See ``core.reach.check`` for
    addresses that are refused."""
    name, url = name.strip().lower(), url.strip().rstrip("/")
    if not NAME.fullmatch(name):
        raise InvalidInput(
            _("'{name}' is no name of a server.").format(name=name[:80]),
            hint=_(
                "A name has up to 40 small letters, digits and hyphens, and begins with a letter."
            ),
            field="name",
        )
    if name in settings().named_servers:
        raise Conflict(
            _("CICLO_SERVERS names a server '{name}' already.").format(name=name),
            hint=_("Choose another name."),
        )
    reach.check(url)
    with db.writing() as session:
        row = session.get(Setting, ROW, with_for_update=True) or Setting(name=ROW, value={})
        if len(row.value) >= MOST and name not in row.value:
            raise Conflict(_("There are {most} servers already.").format(most=MOST))
        row.value, row.changed_at = row.value | {name: url}, clock.now()
        session.add(row)
        return dict(row.value)


@allowed("operate")
def remove_server(name: str) -> dict[str, str]:
    """Take an entered server away; all that are left. NotFound where none is called so."""
    with db.writing() as session:
        row = session.get(Setting, ROW, with_for_update=True)
        if row is None or name not in row.value:
            raise NotFound(_("No entered server is called '{name}'.").format(name=name[:80]))
        row.value = {one: url for one, url in row.value.items() if one != name}
        row.changed_at = clock.now()
        return dict(row.value)
