"""``ciclo backup``: now, list, verify, restore, and a key."""

from typing import TYPE_CHECKING, Annotated

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, fields, say, table
from core.i18n import _, moment, ngettext, number

if TYPE_CHECKING:
    from core.backup import Standing

app = typer.Typer(help="Backups of everything that cannot be made anew.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="As `list` tells it, or a path. Without: the newest.")]


@app.command()
def now(as_json: AsJson = False) -> None:
    """Make a backup now, read it back, and keep it until somebody deletes it."""
    terminal.ready()
    from core import backup

    made = backup.make()
    if as_json:
        document(fields(made, "name", "path", "at", "by_hand", "encrypted", "size"))
        return
    say(_("Backed up and read back: {path} ({mb} MB)").format(path=made.path, mb=_mb(made.size)))
    if not made.encrypted:
        say(_("It is not encrypted. `ciclo backup key` prints a key for CICLO_BACKUP_KEY."))


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """The backups there are, newest first."""
    terminal.ready()
    from core import backup

    found = backup.backups()
    if as_json:
        document(
            [fields(one, "name", "path", "at", "by_hand", "encrypted", "size") for one in found]
        )
        return
    if not found:
        say(_("There is no backup yet. `ciclo backup now` makes one."))
    table((one.name, moment(one.at), _("{mb} MB").format(mb=_mb(one.size))) for one in found)


@app.command()
def status(as_json: AsJson = False) -> None:
    """The last backup, the next one, where they lie, and what is risky about that."""
    terminal.ready()
    from core import backup

    told = backup.standing()
    if as_json:
        plain = ("n", "size", "free", "same_disk", "encrypted", "next_at", "on_change", "key_error")
        last = told.last and told.last.name
        why = told.failure and told.failure.why
        document(fields(told, *plain, "folder") | {"last": last, "failure": why})
        return
    table(_standing(told))
    for risk in backup.risks(told):
        say(risk)


def _standing(told: "Standing") -> list[tuple[str, str]]:
    last, next_ = told.last, told.next_at
    return [
        (_("last"), moment(last.at) if last else _("There is none yet.")),
        (_("next"), moment(next_) if next_ else _("never by itself")),
        (_("where"), str(told.folder)),
        (_("free"), _("{mb} MB").format(mb=_mb(told.free))),
    ]


@app.command()
def verify(name: Name = "", as_json: AsJson = False) -> None:
    """Read a backup to its end: every file by its hash, the database by its own check."""
    terminal.ready()
    from core import backup

    whole = backup.verify(name)
    if as_json:
        told = {"name": whole.backup.name, "rows": whole.rows, "documents": whole.documents}
        document(told | {"tables": whole.manifest.rows, "migration": whole.manifest.migration})
        return
    said = _("{name} is whole: {rows} rows, {documents}.").format(
        name=whole.backup.name, rows=number(whole.rows), documents=_files(whole.documents)
    )
    say(said)


@app.command()
def restore(
    name: Name = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put back what a backup holds. Ciclo must not be running; what is there now is put aside."""
    terminal.ready()
    from core import backup

    found = backup.restorable(name)
    asked = _("Put {name} in place of what is there now?").format(name=found.name)
    if not terminal.agreed(asked, yes or as_json, as_json):
        say(_("Nothing was restored."))
        return
    whole, before = backup.restore(name)
    backup.settled(whole)
    if as_json:
        document({"name": whole.backup.name, "rows": whole.rows, "before": str(before)})
        return
    say(
        _("Restored: {rows} rows, {documents}.").format(
            rows=number(whole.rows), documents=_files(whole.documents)
        )
    )
    say(_("What was there before lies in {path}; delete it when you are sure.").format(path=before))


@app.command()
def key() -> None:
    """Print a new key. Set it as CICLO_BACKUP_KEY, and keep it elsewhere too: nothing opens an
    encrypted backup without it."""
    from core import backup

    say(backup.new_key())


def _mb(size: int) -> str:
    return number(size / 1e6, 1)


def _files(n: int) -> str:
    return ngettext("{n} document file", "{n} document files", n).format(n=number(n))
