"""``ciclo assistants members``: who belongs to an assistant, and whether it is for them only."""

from typing import Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, fields, say, table
from core.i18n import _

Which = Annotated[str, typer.Argument(metavar="ASSISTANT", help="Its id or its name.")]
Names = Annotated[list[str] | None, typer.Option(metavar="NAME", help="May be given again.")]


def members(
    which: Which,
    add: Names = None,
    remove: Names = None,
    only: Annotated[
        bool | None,
        typer.Option("--only/--everybody", help="Whether nobody but members and admins finds it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Who belongs to an assistant; with options, change it."""
    terminal.ready()
    from core import access, assistants

    row = assistants.by_name_or_id(which)
    told = access.members(row.id)
    if add or remove:
        access.demand("people")  # before a name is looked for
        gone = {access.find(name).id for name in remove or ()}
        wanted = [one.id for one in told.people] + [access.find(name).id for name in add or ()]
        told = access.set_members(row.id, [one for one in wanted if one not in gone])
    if only is not None:
        told = access.set_members_only(row.id, only)
    _tell(row.name, told, as_json)


def add_to(app: typer.Typer) -> None:
    """Hang the command below ``ciclo assistants``."""
    app.command()(members)


def _tell(name: str, told: Any, as_json: bool) -> None:
    from core import access

    if as_json:
        people = [fields(one, "id", "name") for one in told.people]
        document({"assistant_id": told.assistant_id, "only": told.only, "people": people})
        return
    found = (
        _("{name} is for its members only.") if told.only else _("{name} is there for everybody.")
    )
    say(found.format(name=name))
    table((access.called(one), one.id) for one in told.people)
