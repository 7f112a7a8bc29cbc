"""``ciclo audit``: who did what, and the log as a file."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, say, table
from core.i18n import _, moment

if TYPE_CHECKING:
    from core import audit

app = typer.Typer(help="Who did what, when and from where.", no_args_is_help=True)
NOBODY = "-"
CHANGED = 240  # letters: roles before and after fit
Who = Annotated[
    str | None, typer.Option(help="A person's name or id (of an erased one, the id); - is nobody.")
]
Kind = Annotated[str | None, typer.Option(help="Of what: assistant, document, person, ...")]
Action = Annotated[str | None, typer.Option(help="create, change, remove, look, export, ...")]
Object = Annotated[str | None, typer.Option("--object", help="The object's id.")]
Of = Annotated[str | None, typer.Option("--assistant", "-a", help="An assistant's id or name.")]
Door = Annotated[str | None, typer.Option(help="page, api, cli; - is the background.")]
Since = Annotated[str | None, typer.Option(help="A day, such as 2026-03-01.")]
Until = Annotated[str | None, typer.Option(help="A day, itself included.")]


@app.command("list")
def listing(
    who: Who = None,
    kind: Kind = None,
    action: Action = None,
    object_id: Object = None,
    assistant: Of = None,
    door: Door = None,
    since: Since = None,
    until: Until = None,
    before: Annotated[int | None, typer.Option(help="Lines before this number.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Lines of the log, newest first."""
    terminal.ready()
    from core import audit

    wanted = _wanted(who, kind, action, object_id, assistant, door, since, until)
    rows = audit.events(wanted, before=before, limit=limit)
    if as_json:
        document({"data": [audit.plain(row) for row in rows]})
        return
    table(_line(row) for row in rows)
    if not rows:
        say(_("Nothing in the log fits."))


@app.command()
def export(
    format: Annotated[Literal["csv", "jsonl"], typer.Option()] = "csv",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file.")] = None,
    who: Who = None,
    kind: Kind = None,
    action: Action = None,
    object_id: Object = None,
    assistant: Of = None,
    door: Door = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """The log as CSV for a spreadsheet or JSONL, on the screen or into a file."""
    terminal.ready()
    from core import audit

    wanted = _wanted(who, kind, action, object_id, assistant, door, since, until)
    pieces = audit.export(format, wanted)
    if output is None:
        terminal.pour(pieces)
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
    say(_("Written: {path}").format(path=output))


def _wanted(
    who: str | None,
    kind: str | None,
    action: str | None,
    object_id: str | None,
    assistant: str | None,
    door: str | None,
    since: str | None,
    until: str | None,
) -> "audit.Wanted":
    from core import assistants, audit

    return audit.Wanted(
        person_id="" if who == NOBODY else audit.whose(who) if who else None,
        kind=kind,
        action=action,
        object_id=object_id,
        assistant_id=assistants.chosen(assistant).id if assistant else None,
        door="" if door == NOBODY else door,
        since=_midnight(since),
        until=_midnight(until, days=1),
    )


def _midnight(day: str | None, days: int = 0) -> datetime | None:
    found = terminal.day(day)
    return datetime.combine(found + timedelta(days), time(), UTC) if found else None


def _line(row: "audit.Event") -> tuple[str, ...]:
    from core.audit import words

    object_ = " ".join((row.title or row.object_id).split())[:60]
    fields = ", ".join(words.field(name) for name in {**row.before, **row.after})
    changed = words.summary(row.before, row.after) or fields
    who = words.who(row.person, row.person_id, row.door)
    said = f"{words.kind(row.kind)}: {words.action(row.action)}"
    return (
        str(row.number),
        moment(row.at),
        who,
        words.door(row.door),
        said,
        object_,
        changed[:CHANGED],
    )
