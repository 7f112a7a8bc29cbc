"""``ciclo documents``: add, list, show, remove, restore."""

import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, Of, document, fields, note, say, table
from core.errors import CicloError
from core.i18n import _, day

if TYPE_CHECKING:
    from core.db.tables import Document
    from core.retrieval import Happened

app = typer.Typer(help="The documents that answers are taken from.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(metavar="ID", help="The document's id.")]
Several = Annotated[list[str], typer.Argument(metavar="ID...", help="The documents' ids.")]
NAMES = ("id", "assistant_id", "name", "media_type", "size", "state", "version", "newest")
MORE = ("pages", "chunks", "language", "personal", "masks", "valid_from", "valid_to")
MARKS = {"ready": "+", "failed": "!", "queued": "…", "reading": "…"}


@dataclass
class Told:
    """What becomes of files, told line by line, or at the end in one JSON document."""

    as_json: bool
    rows: dict[str, "Document"] = field(default_factory=dict)
    refused: list[dict[str, str]] = field(default_factory=list)

    def take(self, one: "Happened") -> None:
        """Keep it, and say it."""
        if one.error:
            refusal = {"name": one.name, **_error(one.error)}
            if refusal not in self.refused:  # a full disk is told once, however often it is tried
                self.refused.append(refusal)
                note(f"ciclo: {one.error.message}")
        elif one.document:
            self.rows[one.document.id] = one.document
            if not self.as_json:
                line(one.document)

    def end(self) -> None:
        """The JSON document, if one is wanted: the documents that are there now, and refusals."""
        if self.as_json:
            live = [shape(row) for row in self.rows.values() if row.removed_at is None]
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
        typer.Argument(metavar="FILE|FOLDER...", exists=True, help="Files, or folders of them."),
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

    told, chosen = Told(as_json), assistants.chosen(assistant)
    follow = _watched if watch else retrieval.add_all
    for one in follow(chosen.id, paths):
        told.take(one)
    retrieval.embed_waiting()
    told.end()
    if not watch and told.code():
        raise terminal.stop(told.code())


@app.command("list")
def listing(assistant: Of = None, as_json: AsJson = False) -> None:
    """Every document, newest first; of one assistant, or of all."""
    terminal.ready()
    from core import assistants

    rows = list(every(assistants.chosen(assistant).id if assistant else None))
    if as_json:
        document({"data": [shape(row) for row in rows]})
        return
    table((row.id, row.state, f"v{row.version}", row.chunks, row.name) for row in rows)
    if not rows:
        say(_("There are no documents yet."))


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


def every(assistant_id: str | None) -> "Iterator[Document]":
    """All documents of an assistant (None: of all), newest first."""
    from core import retrieval

    after: str | None = None
    while page := retrieval.documents(assistant_id, limit=200, after=after):
        yield from page
        after = page[-1].id


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
    why = {"code": row.error_code, "message": row.error} if row.error_code else None
    return fields(row, *NAMES, *MORE, "created_at", "ready_at") | {"error": why}


def line(row: "Document") -> None:
    """A document in a line: its state, its name, and what is wrong with it."""
    mark = "-" if row.removed_at else MARKS[row.state]
    facts = [f"{mark} {row.name}", row.id, _dates(row), row.error]
    if row.error and row.version:
        facts.append(_("Version {n} goes on serving.").format(n=row.version))
    say("  ".join(filter(None, facts)))


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
