"""``ciclo tokens``: what programs show in a person's place. A secret is printed once, alone on stdout."""

from typing import Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, fields, note, say, table
from core.errors import InvalidInput, NotFound
from core.i18n import _, day, moment

app = typer.Typer(help="What programs show in a person's place.", no_args_is_help=True)
FIELDS = "id person_id name prefix scopes assistants created_at expires_at last_used_at".split()
FIELDS += ["last_address", "revoked_at"]
LEAST = 8  # letters of a beginning; all tokens share the first six
Whose = Annotated[
    str | None, typer.Option("--person", metavar="NAME", help="Whose, by name or id.")
]


@app.command()
def make(
    name: Annotated[str, typer.Argument(help="What it is for: 1 to 120 characters.")],
    may: Annotated[
        list[str] | None, typer.Option("--may", help="A deed; several times. ciclo people may")
    ] = None,
    days: Annotated[int, typer.Option(help="How long it holds: 1 to 3650.")] = 90,
    of: Annotated[
        list[str] | None,
        typer.Option("--assistant", "-a", help="Only for this one, by id or name; several times."),
    ] = None,
    person: Whose = None,
    as_json: AsJson = False,
) -> None:
    """Make a token; it may ask and rate unless --may says what."""
    terminal.ready()
    from core import access, assistants, sign_in

    ids = [assistants.by_name_or_id(one).id for one in of or ()]
    whose = access.find(person).id if person else ""
    row, secret = sign_in.make_token(name, may or sign_in.USUAL_SCOPES, days, ids, whose)
    if as_json:
        document(fields(row, *FIELDS) | {"secret": secret})
        return
    say(secret)
    note(_("It is shown this once: Ciclo does not keep it."))


@app.command("list")
def listing(person: Whose = None, as_json: AsJson = False) -> None:
    """One's own; for the machine's owner everybody's."""
    terminal.ready()
    from core import access, sign_in

    found = sign_in.tokens(access.find(person).id if person else "")
    if as_json:
        document({"data": [fields(row, *FIELDS) for row in found]})
        return
    names = {one.id: access.called(one) for one in access.people()}
    table(
        (f"{row.prefix}…", row.name, names.get(row.person_id, ""), _state(row), row.id)
        for row in found
    )


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="Its id, or its first letters, 8 at least.")],
    as_json: AsJson = False,
) -> None:
    """End a token at once."""
    terminal.ready()
    from core import sign_in

    row = sign_in.revoke_token(_found(token))
    if as_json:
        document(fields(row, *FIELDS))
    else:
        say(_("The token “{name}” is revoked.").format(name=row.name))


def _found(wanted: str) -> str:
    """The id of the one token that is meant, by a beginning of it; a whole one is known by that too."""
    from core import sign_in
    from core.sign_in.api_tokens import SHOWN

    letters = wanted.rstrip("…")[:SHOWN]
    if sign_in.is_token(letters) and len(letters) < LEAST:
        said = _("Give its id, or at least {least} of its first letters.").format(least=LEAST)
        raise InvalidInput(said, field="token")
    told = sign_in.tokens() if len(letters) >= LEAST else []
    meant = [row for row in told if row.prefix.startswith(letters)]
    ids = [row.id for row in [one for one in meant if not one.revoked_at] or meant]
    if len(ids) > 1:
        raise InvalidInput(_("Several tokens begin so; name one by its id."), field="token")
    if not ids and sign_in.is_token(wanted):
        raise NotFound(_("There is no token {id}.").format(id=letters))
    return ids[0] if ids else wanted


def _state(row: Any) -> str:
    from core import clock

    if row.revoked_at:
        return _("revoked {day}").format(day=day(row.revoked_at))
    if row.expires_at <= clock.now():
        return _("over since {day}").format(day=day(row.expires_at))
    used = _("never used")
    if row.last_used_at:
        used = _("last used {time}").format(time=moment(row.last_used_at))
    return f"{_('until {day}').format(day=day(row.expires_at))}, {used}"
