"""``ciclo documents``: add, list, show, remove, restore, reread, original."""

import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, Of, document, fields, note, say, table
from core.errors import CicloError, InvalidInput
from core.i18n import N_, _, day, ngettext, number, seconds

if TYPE_CHECKING:
    from core.db.tables import Document
    from core.retrieval import Happened, Left, Listed, Usage

app = typer.Typer(help="The documents that answers are taken from.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(metavar="ID", help="The document's id.")]
Several = Annotated[list[str], typer.Argument(metavar="ID...", help="The documents' ids.")]
NAMES = ("id", "assistant_id", "name", "media_type", "size", "state", "version", "newest")
MORE = ("pages", "chunks", "language", "personal", "masks", "valid_from", "valid_to")
SAID = {
    "already_here": N_("already here, unchanged"),
    "read_again": N_("read again"),
    "new_version": N_("a new version"),
}
STATES = {
    "queued": N_("waiting to be read"),
    "reading": N_("being read"),
    "ready": N_("ready"),
    "failed": N_("failed"),
}
MARKS = {"ready": "+", "failed": "!", "queued": "…", "reading": "…"}


@dataclass
class Told:
    """What becomes of files, told line by line, or at the end in one JSON document."""

    as_json: bool
    rows: dict[str, "Document"] = field(default_factory=dict)
    what: dict[str, str] = field(default_factory=dict)
    refused: list[dict[str, str]] = field(default_factory=list)

    def take(self, one: "Happened") -> None:
        """Keep it, and say it, and on a terminal how much is left."""
        terminal.progress("")
        if one.error:
            refusal = {"name": one.name, **_error(one.error)}
            if refusal not in self.refused:  # a full disk is told once, however often it is tried
                self.refused.append(refusal)
                note(f"ciclo: {one.error.message}")
        elif one.document:
            self.rows[one.document.id] = one.document
            if one.taken:
                self.what[one.document.id] = one.taken
            if not self.as_json:
                line(one.document, _(SAID[one.taken]) if one.taken in SAID else "")
        if one.left and one.left.files:
            terminal.progress(_left(one.left))

    def end(self) -> None:
        """The JSON document, if one is wanted: the documents that are there now, and refusals."""
        if self.as_json:
            live = [
                shape(row) | {"what": self.what[row.id]}
                for row in self.rows.values()
                if row.removed_at is None
            ]
            document({"data": live, "refused": self.refused})

    def code(self) -> int:
        """The exit code: was all taken and read?"""
        if self.refused or not self.rows:
            return terminal.BAD_INPUT
        failed = any(row.state == "failed" for row in self.rows.values())
        return terminal.FAILED if failed else 0


@app.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|FOLDER...", help="Files, or folders of them."),
    ],
    assistant: Of = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and follow what changes there, until Ctrl+C.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add files, or whole folders of them; adding the same again changes nothing.

    Each line is printed once the file is kept for good and read. Exit code 2 where a file was
    refused, 1 where one could not be read; 0 when --watch is ended.
    """
    terminal.ready()
    from core import assistants, retrieval

    if missing := [path for path in paths if not path.exists()]:
        raise InvalidInput(_("There is no file or folder '{path}'.").format(path=missing[0]))
    told, chosen = Told(as_json), assistants.chosen(assistant)
    follow = _watched if watch else retrieval.add_all
    for one in follow(chosen.id, paths):
        told.take(one)
    retrieval.embed_waiting()
    told.end()
    if not watch and not told.rows and not told.refused:
        note(_("There is no file to add in {path}.").format(path=", ".join(map(str, paths))))
    if not watch and told.code():
        raise terminal.stop(told.code())


@app.command("list")
def listing(
    assistant: Of = None,
    search: Annotated[str, typer.Option(help="Words of the name; accents and case are one.")] = "",
    state: Annotated[str | None, typer.Option(help="queued, reading, ready or failed.")] = None,
    only: Annotated[
        str | None,
        typer.Option(
            help="never_used, wrong, expired, upcoming, personal, waiting, failed or old_version."
        ),
    ] = None,
    sort: Annotated[
        str, typer.Option(help="added, name, used, cited, wrong, pages or chunks.")
    ] = "added",
    reverse: Annotated[
        bool, typer.Option("--reverse", help="Oldest or least first; names from Z to A.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Documents, newest first unless sorted; of one assistant, or of all.

    never_used are those in no answer, though they were there for the last ten.
    """
    terminal.ready()
    from core import assistants

    chosen = assistants.chosen(assistant).id if assistant else None
    rows = list(every(chosen, search=search, state=state, only=only, sort=sort, reverse=reverse))
    if as_json:
        document({"data": [shape(row.document) | {"usage": use(row.usage)} for row in rows]})
        return
    found = (row.document for row in rows)
    table((row.id, _(STATES[row.state]), f"v{row.version}", row.chunks, row.name) for row in found)
    if not rows:
        filtered = search or state or only
        say(_("No document fits.") if filtered else _("There are no documents yet."))


@app.command()
def show(document_id: Which, as_json: AsJson = False) -> None:
    """A document's state, and its text."""
    terminal.ready()
    from core import retrieval

    row = retrieval.document(document_id)
    text = retrieval.text(document_id)
    if as_json:
        document(shape(row) | {"text": text})
        return
    line(row)
    say(text)


@app.command()
def remove(document_ids: Several, as_json: AsJson = False) -> None:
    """Take documents out of search; `restore` brings them back within a day."""
    terminal.ready()
    from core import retrieval

    changed(retrieval.remove_many(document_ids), as_json)


@app.command()
def restore(document_ids: Several, as_json: AsJson = False) -> None:
    """Bring removed documents back."""
    terminal.ready()
    from core import retrieval

    changed(retrieval.restore_many(document_ids), as_json)


@app.command()
def reread(document_ids: Several, as_json: AsJson = False) -> None:
    """Read documents again: those that failed, or all after a limit was raised."""
    terminal.ready()
    from core import retrieval

    retrieval.reread_many(document_ids)
    changed([retrieval.read_now(id_) for id_ in dict.fromkeys(document_ids)], as_json)


@app.command()
def original(
    document_id: Which,
    to: Annotated[
        Path | None, typer.Option(help="A file or folder; else here, under its own name.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Save a document's file as it was added, personal data included."""
    terminal.ready()
    from core import retrieval

    found = retrieval.original(document_id)
    target = to or Path()
    target = target / found.name if target.is_dir() else target
    with target.open("xb") as file:
        file.write(found.path.read_bytes())
    document({"path": str(target)}) if as_json else say(str(target))


def every(
    assistant_id: str | None, *, reverse: bool = False, sort: Any = "added", **wanted: Any
) -> "Iterator[Listed]":
    """All documents of an assistant (None: of all) that ``retrieval.listed`` finds, in its order."""
    from core import retrieval

    descending, after = (sort == "name") == reverse, None
    while rows := retrieval.listed(
        assistant_id, sort=sort, descending=descending, limit=500, after=after, **wanted
    ).rows:
        yield from rows
        after = rows[-1].document.id


def use(of: "Usage") -> dict[str, Any]:
    """A document's use as plain data."""
    return fields(of, "used", "cited", "wrong", "last_used")


def changed(rows: "Sequence[Document]", as_json: bool) -> None:
    """Say what documents have become: one as itself, several as a list."""
    if as_json:
        shapes = [shape(row) for row in rows]
        document(shapes[0] if len(shapes) == 1 else {"data": shapes})
        return
    for row in rows:
        line(row)


def shape(row: "Document") -> dict[str, Any]:
    """A document as plain data, with the names that the API uses."""
    from core import retrieval

    why = retrieval.why(row)
    error = _error(why) if why else None
    return fields(row, *NAMES, *MORE, "created_at", "ready_at") | {"error": error}


def line(row: "Document", said: str = "") -> None:
    """A document in a line: its state, its name, what is ``said`` of it, what is wrong with it."""
    from core import retrieval

    mark, why = "-" if row.removed_at else MARKS[row.state], retrieval.why(row)
    facts = [f"{mark} {row.name}", row.id, _dates(row), said, why.message if why else ""]
    if why and row.version:
        facts.append(_("Version {n} goes on serving.").format(n=row.version))
    say("  ".join(filter(None, facts)))


def _left(left: "Left") -> str:
    """How many files wait, and for how long: a guess, in whole seconds."""
    files = ngettext("{n} file left", "{n} files left", left.files).format(n=number(left.files))
    guess = float(ceil(max(1.0, left.seconds)))
    time = seconds(guess) if guess > 9 else f"{number(guess)} s"
    return ", ".join((files, _("about {time} left").format(time=time)))


def _dates(row: "Document") -> str:
    if not row.valid_from and not row.valid_to:
        return ""
    first, last = (day(one) if one else "…" for one in (row.valid_from, row.valid_to))
    return f"{first} – {last}"


def _watched(assistant_id: str, paths: list[Path]) -> "Iterator[Happened]":
    """Follow the paths until Ctrl+C or the end of the session; the file at hand is finished."""
    from core import retrieval

    stop = Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_given: stop.set())
    note(_("Following; Ctrl+C ends it."))
    yield from retrieval.watch(assistant_id, paths, stop)
    note(_("No longer following."))


def _error(error: CicloError) -> dict[str, str]:
    return {"code": error.code, "message": error.message, "hint": error.hint}
