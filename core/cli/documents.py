"""``ciclo documents``: add, list, show, remove, restore."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, Of, document, fields, note, say, table
from core.errors import InvalidInput
from core.i18n import _

if TYPE_CHECKING:
    from core.db.tables import Document

app = typer.Typer(help="The documents that answers are taken from.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(metavar="ID", help="The document's id.")]
NAMES = ("id", "assistant_id", "name", "media_type", "size", "state", "pages", "chunks")
MARKS = {"ready": "+", "failed": "!", "queued": "…", "reading": "…"}


@app.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|FOLDER...", exists=True, help="Markdown, text or PDF."),
    ],
    assistant: Of = None,
    as_json: AsJson = False,
) -> None:
    """Add files, or whole folders of them; adding the same again changes nothing.

    Each line is printed once the file is kept for good and read. Exit code 2 where a file was
    refused, 1 where one could not be read.
    """
    terminal.ready()
    from core import assistants, retrieval

    chosen = assistants.chosen(assistant)
    added: list[Document] = []
    refused: list[dict[str, str]] = []
    for path, name in files(paths):
        try:
            row = retrieval.add(chosen.id, name, path.read_bytes(), now=True)
        except (InvalidInput, OSError) as error:
            refused.append(_refusal(name, error))
            note(f"ciclo: {refused[-1]['message']}")
            continue
        added.append(row)
        if not as_json:
            _line(row)
    if as_json:
        document({"data": [shape(row) for row in added], "refused": refused})
    if refused or not added:
        raise terminal.stop(terminal.BAD_INPUT)
    if any(row.state == "failed" for row in added):
        raise terminal.stop(terminal.FAILED)


@app.command("list")
def listing(assistant: Of = None, as_json: AsJson = False) -> None:
    """Every document, newest first; of one assistant, or of all."""
    terminal.ready()
    from core import assistants

    rows = list(every(assistants.chosen(assistant).id if assistant else None))
    if as_json:
        document({"data": [shape(row) for row in rows]})
        return
    table((row.id, row.state, row.chunks, row.name) for row in rows)
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
    _line(row)
    say(text)


@app.command()
def remove(document_id: Which, as_json: AsJson = False) -> None:
    """Take a document out of search; `restore` brings it back within a day."""
    terminal.ready()
    from core import retrieval

    row = retrieval.remove(document_id)
    if as_json:
        document(shape(row))
    else:
        say(_("Removed: {name}").format(name=row.name))


@app.command()
def restore(document_id: Which, as_json: AsJson = False) -> None:
    """Bring a removed document back."""
    terminal.ready()
    from core import retrieval

    row = retrieval.restore(document_id)
    if as_json:
        document(shape(row))
    else:
        _line(row)


def files(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """Every file of the paths with its name as a document; in a folder the name keeps the way."""
    for path in paths:
        if path.is_file():
            yield path, path.name
            continue
        for file in sorted(path.rglob("*")):
            way = file.relative_to(path)
            if file.is_file() and not any(part.startswith(".") for part in way.parts):
                yield file, way.as_posix()


def every(assistant_id: str | None) -> "Iterator[Document]":
    """All documents of an assistant (None: of all), newest first."""
    from core import retrieval

    after: str | None = None
    while page := retrieval.documents(assistant_id, limit=200, after=after):
        yield from page
        after = page[-1].id


def shape(row: "Document") -> dict[str, Any]:
    """A document as plain data, with the names that the API uses."""
    why = {"code": row.error_code, "message": row.error} if row.error_code else None
    return fields(row, *NAMES, "language", "created_at", "ready_at") | {"error": why}


def _refusal(name: str, error: InvalidInput | OSError) -> dict[str, str]:
    if isinstance(error, InvalidInput):
        return {"name": name, "code": error.code, "message": error.message, "hint": error.hint}
    reason = error.strerror or str(error)
    message = _("'{name}' cannot be read: {reason}.").format(name=name, reason=reason)
    return {"name": name, "code": "unreadable", "message": message, "hint": ""}


def _line(row: "Document") -> None:
    facts = f"{MARKS[row.state]} {row.name}  {row.id}"
    say(f"{facts}  {row.error}" if row.error else facts)
