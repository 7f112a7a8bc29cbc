"""``ciclo people``: who works here, with which roles, and who may do what."""

from typing import Annotated, Any

import typer

from core.cli import accounts, terminal
from core.cli.terminal import AsJson, document, fields, say, table
from core.i18n import _

app = typer.Typer(help="Who works here, and who may do what.", no_args_is_help=True)
NONE = "none"
Who = Annotated[str, typer.Argument(metavar="NAME", help="The person's name, or their id.")]


@app.command("list")
def listing(
    search: Annotated[str, typer.Option(help="A part of the name.")] = "", as_json: AsJson = False
) -> None:
    """Everybody, with their roles."""
    terminal.ready()
    from core import access

    access.local_person()
    found = access.people(search)
    if as_json:
        document({"data": [_shape(one) for one in found]})
        return
    table((access.called(one), _roles(one.roles), one.id) for one in found)


@app.command()
def roles(
    name: Who,
    given: Annotated[
        list[str], typer.Argument(metavar="ROLE...", help="viewer analyst reviewer admin, or none.")
    ],
    as_json: AsJson = False,
) -> None:
    """Give a person exactly these roles."""
    terminal.ready()
    from core import access

    wanted = [] if given == [NONE] else given
    _tell(access.set_roles(access.find(name).id, wanted), as_json)


@app.command()
def rename(
    name: Who,
    new: Annotated[str, typer.Argument(metavar="NEW", help="1 to 200 characters.")],
    as_json: AsJson = False,
) -> None:
    """Give a person another name; what is theirs goes with them."""
    terminal.ready()
    from core import access

    _tell(access.rename(access.find(name).id, new), as_json)


@app.command()
def may(as_json: AsJson = False) -> None:
    """Which roles may do what."""
    from core import access

    if as_json:
        document({"may": access.MAY})
        return
    table((_(access.DEEDS[deed]), _roles(roles)) for deed, roles in access.MAY.items())


accounts.add_to(app)


def _tell(person: Any, as_json: bool) -> None:
    from core import access

    if as_json:
        document(_shape(person))
    else:
        say(f"{access.called(person)}: {_roles(person.roles)}")


def _shape(person: Any) -> dict[str, Any]:
    return fields(person, "id", "name", "is_local", "roles", "created_at")


def _roles(roles: Any) -> str:
    from core import access

    return ", ".join(_(access.ROLE_NAMES[role]) for role in roles) or _("no role")
