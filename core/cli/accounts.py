"""``ciclo people invite|reset|...``: who can sign in, and in which browsers they are signed in.

A link is printed once, alone on stdout, so that a script can hand it on.
"""

from typing import Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, fields, note, say, table
from core.i18n import _, moment, ngettext

Who = Annotated[str, typer.Argument(metavar="NAME", help="The person's name, or their id.")]
FIELDS = "id person_id method address agent created_at seen_at expires_at".split()


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others of ``ciclo people``."""
    for command in (invite, reset, disable, enable, end):
        app.command()(command)
    app.command("first-admin")(first_admin)
    app.command("sign-ins")(sign_ins)


def invite(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What they are called here.")],
    given: Annotated[
        list[str], typer.Argument(metavar="ROLE...", help="viewer analyst reviewer admin, or none.")
    ],
    login: Annotated[str, typer.Option(help="What they sign in with; else they choose.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print a link by which somebody chooses a password and signs in."""
    terminal.ready()
    from core import sign_in

    _tell(sign_in.invite(name, [] if given == ["none"] else given, login), as_json)


def reset(name: Who, as_json: AsJson = False) -> None:
    """Print a link by which somebody chooses a new password."""
    terminal.ready()
    from core import access, sign_in

    _tell(sign_in.reset(access.find(name).id), as_json)


def first_admin() -> None:
    """Print the link of the first admin, as the start of a server with accounts does."""
    terminal.ready()
    from core import access, sign_in
    from core.errors import Conflict

    access.demand("people")
    link = sign_in.first_admin_link()
    if link is None:
        raise Conflict(
            _("No first admin is needed: one can sign in, or sign-in is not by accounts."),
            hint=_("`ciclo people reset` makes a link for a new password."),
        )
    say(link)


def disable(name: Who, as_json: AsJson = False) -> None:
    """Nobody signs in with this account any more; who is signed in with it is out at once."""
    _change("disable", name, as_json)


def enable(name: Who, as_json: AsJson = False) -> None:
    """The account may be used again."""
    _change("enable", name, as_json)


def sign_ins(name: Who, as_json: AsJson = False) -> None:
    """Where somebody is signed in now."""
    terminal.ready()
    from core import access, sign_in

    found = sign_in.sign_ins(access.find(name).id)
    if as_json:
        document({"data": [fields(row, *FIELDS) for row in found]})
        return
    table((moment(row.seen_at), row.address, row.agent[:60], row.id) for row in found)


def end(name: Who, as_json: AsJson = False) -> None:
    """Sign somebody out of every browser, at once."""
    terminal.ready()
    from core import access, sign_in

    n = sign_in.end_all(access.find(name).id)
    if as_json:
        document({"ended": n})
        return
    say(ngettext("{n} sign-in has ended.", "{n} sign-ins have ended.", n).format(n=n))


def _change(verb: str, name: str, as_json: bool) -> None:
    terminal.ready()
    from core import access, sign_in

    person = access.find(name)
    row = getattr(sign_in, verb)(person.id)
    if as_json:
        document(fields(row, "person_id", "login", "disabled_at"))
    elif row.disabled_at:
        say(_("{name} can no longer sign in.").format(name=access.called(person)))
    else:
        say(_("{name} can sign in.").format(name=access.called(person)))


def _tell(link: Any, as_json: bool) -> None:
    if as_json:
        document(fields(link, "url", "expires_at"))
        return
    say(link.url)
    note(_("It works once, until {moment}.").format(moment=moment(link.expires_at)))
