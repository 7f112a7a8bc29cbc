"""``ciclo secrets``: keys of providers, kept sealed. A value comes from the standard input alone."""

import sys
from typing import Annotated

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, say, table
from core.i18n import _, moment, ngettext, number

app = typer.Typer(help="Keys of providers, kept sealed.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The name of its variable, as OPENAI_API_KEY.")]


@app.command("set")
def put(name: Name, as_json: AsJson = False) -> None:
    """Keep a key: typed without being shown, or piped in. Never give it as an argument."""
    terminal.ready()
    from core import secrets

    row = secrets.put(name, _typed(name))
    if as_json:
        document({"name": row.name, "set_at": row.set_at})
        return
    say(_("Kept, sealed with the key of {place}.").format(place=secrets.key_lies()))


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """The keys that could be used, and where each comes from."""
    terminal.ready()
    from core import llm, secrets

    kept = {row.name: row for row in secrets.names()}
    names = sorted({*llm.key_names(), *kept})
    if as_json:
        facts = [
            {"name": name, "source": llm.source(name), "opens": secrets.opens(name)}
            | {"set_at": kept[name].set_at if name in kept else None}
            for name in names
        ]
        document({"data": facts})
        return
    table(
        (name, _said(llm.source(name), secrets.opens(name)), _since(kept.get(name)))
        for name in names
    )


@app.command()
def remove(name: Name, as_json: AsJson = False) -> None:
    """Delete a key that is kept here."""
    terminal.ready()
    from core import secrets

    secrets.forget(name)
    document({"removed": name}) if as_json else say(_("Deleted: {name}").format(name=name))


@app.command()
def rotate(as_json: AsJson = False) -> None:
    """Seal all of them anew, with a new key."""
    terminal.ready()
    from core import secrets

    n = secrets.rotate()
    if as_json:
        document({"sealed": n, "key": secrets.key_lies()})
        return
    said = ngettext("{n} key was sealed anew.", "{n} keys were sealed anew.", n)
    say(said.format(n=number(n)))


def _typed(name: str) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(name, hide_input=True))
    return sys.stdin.readline()


def _said(source: str, opens: bool | None) -> str:
    if source == "environment":
        return _("from the environment")
    return {
        True: _("kept here"),
        False: _("kept here, but sealed with another key"),
        None: _("not set"),
    }[opens]


def _since(row: object) -> str:
    return moment(row.set_at) if row else ""  # type: ignore[attr-defined]
