"""``ciclo privacy``: what is held about somebody, erasure, retention, consent."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, Of, document, fields, note, say, table
from core.errors import Conflict
from core.i18n import _, moment, ngettext, number

if TYPE_CHECKING:
    from core import personal

app = typer.Typer(
    help="What is held about somebody; erasure, retention, consent.", no_args_is_help=True
)
Who = Annotated[str, typer.Argument(metavar="[NAME]", help="A person, by name or id.")]
User = Annotated[str, typer.Option("--user", help="An outside system's user, by its id.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
COUNTS = ("goes", "loses", "unreached")


@app.command()
def export(
    name: Who = "",
    user: User = "",
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            "--output",
            "-o",
            help="A file; else one named by the day, in CICLO_HOME/exports.",
        ),
    ] = None,
) -> None:
    """Write all that is held about somebody into a zip."""
    terminal.ready()
    from core import personal

    who = personal.subject(name, user)
    path = to or _exports() / personal.file_name(who)
    if path.exists():
        raise Conflict(_("The file is there already: {path}").format(path=path))
    with personal.packed(who) as file, open(path, "xb", opener=_ours) as target:
        shutil.copyfileobj(file, target)
    say(str(path))


def _exports() -> Path:
    """Where files with personal data lie that nobody has named a place for: within the home."""
    from core.config import settings

    place = settings().home / "exports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def _ours(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@app.command()
def plan(name: Who = "", user: User = "", as_json: AsJson = False) -> None:
    """What an erasure would do; nothing is changed."""
    terminal.ready()
    from core import personal

    planned = personal.plan(personal.subject(name, user))
    if as_json:
        document(fields(planned, *COUNTS))
        return
    _tell(planned.goes, planned.loses, planned.unreached)


@app.command()
def erase(name: Who = "", user: User = "", yes: Yes = False, as_json: AsJson = False) -> None:
    """Erase somebody for good, and say what could not be reached."""
    terminal.ready()
    from core import personal

    who = personal.subject(name, user)
    if not as_json and not yes:
        planned = personal.plan(who)
        _tell(planned.goes, planned.loses, planned.unreached)
    asked = _("Erase all of this about {name}, for good?").format(name=who.name)
    if not terminal.agreed(asked, yes, as_json):
        note(_("Nothing was erased."))
        raise terminal.stop(terminal.FAILED)
    row = personal.erase(who)
    goes, loses = personal.split(row.erased)
    if as_json:
        of = fields(row, "id", "person_id", "at", "done_at", "unreached")
        document(of | {"goes": goes, "loses": loses})
        return
    say(_("Erased: {name}.").format(name=who.name))
    _tell(goes, loses, row.unreached)


@app.command()
def erasures(as_json: AsJson = False) -> None:
    """What was erased, the newest first."""
    terminal.ready()
    from core import personal

    rows = personal.erasures()
    if as_json:
        names = ("id", "person_id", "by_id", "at", "done_at", "erased", "unreached")
        document({"data": [fields(row, *names) for row in rows]})
        return
    for row, (whom, by) in zip(rows, personal.names_of(rows), strict=True):
        said = _("by {name}").format(name=by)
        say(f"{moment(row.at)}  {whom}  {said}  {'' if row.done_at else _('goes on')}".rstrip())
        table((f"  {name}", number(n)) for name, n in personal.told(row.erased).items())


@app.command()
def retention(
    assistant: Of = None,
    days: Annotated[
        int | None, typer.Option(min=1, help="How long conversations are kept.")
    ] = None,
    forever: Annotated[bool, typer.Option("--forever", help="Keep them for good.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """How long an assistant keeps conversations; with --days or --forever, decide it."""
    terminal.ready()
    from core import assistants, personal

    row = assistants.chosen(assistant)
    if forever:
        row = personal.set_retention(row.id, None)
    elif days is not None:
        goes = personal.due(row.id, days)
        if goes and not terminal.agreed(_loss(goes), yes, as_json):
            note(_("Nothing was changed."))
            raise terminal.stop(terminal.FAILED)
        row = personal.set_retention(row.id, days)
    kept = row.retention_days
    if as_json:
        document({"days": kept, "due": personal.due(row.id, kept) if kept else {}})
        return
    say(_kept(row.name, kept))


@app.command()
def consent(
    assistant: Of = None,
    text: Annotated[
        Path | None, typer.Option(help="A file with the text that is asked from now on.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="Ask for nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """What an assistant asks before the first question; with --text or --none, decide it."""
    terminal.ready()
    from core import assistants, personal

    row = assistants.chosen(assistant)
    if text or none:
        personal.set_consent(row.id, text.read_text(encoding="utf-8") if text else "")
    _asked(personal.consent(row.id), as_json)


@app.command()
def agree(assistant: Of = None, yes: Yes = False, as_json: AsJson = False) -> None:
    """Read an assistant's text, and agree to it."""
    terminal.ready()
    from core import assistants, personal

    told = personal.consent(assistants.chosen(assistant).id)
    if not as_json:
        say(told.text)
    if not terminal.agreed(_("Do you agree?"), yes, as_json):
        raise terminal.stop(terminal.FAILED)
    _asked(personal.agree(told.assistant_id, told.digest), as_json)


@app.command()
def withdraw(assistant: Of = None, as_json: AsJson = False) -> None:
    """Take one's agreement back."""
    terminal.ready()
    from core import assistants, personal

    _asked(personal.withdraw(assistants.chosen(assistant).id), as_json)


def _asked(told: "personal.Asked", as_json: bool) -> None:
    if as_json:
        document(fields(told, "assistant_id", "text", "digest", "agreed"))
    elif not told.text:
        say(_("Nothing is asked before the first question."))
    else:
        say(told.text)
        say(_("Agreed.") if told.agreed else _("Not agreed."))


def _tell(goes: Mapping[str, int], loses: Mapping[str, int], unreached: Mapping[str, int]) -> None:
    from core import personal

    for title, counts in ((_("Goes:"), goes), (_("Stays without the name:"), loses)):
        if counts:
            say(title)
            table((f"  {name}", number(n)) for name, n in personal.told(counts).items())
    say(_("Cannot be reached:"))
    for sentence in personal.unreached_in_words(unreached):
        say(f"  {sentence}")


def _loss(goes: Mapping[str, int]) -> str:
    n = goes["conversations"]
    text = ngettext(
        "{n} conversation is older and goes within the hour. Go on?",
        "{n} conversations are older and go within the hour. Go on?",
        n,
    )
    return text.format(n=number(n))


def _kept(name: str, days: int | None) -> str:
    if days is None:
        return _("{name} keeps conversations for good.").format(name=name)
    text = ngettext(
        "{name} keeps conversations for {n} day after their last message.",
        "{name} keeps conversations for {n} days after their last message.",
        days,
    )
    return text.format(name=name, n=number(days))
