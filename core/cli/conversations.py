"""``ciclo conversations``: list, show, export, import, remove, restore."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, Of, document, fields, say, table
from core.errors import InvalidInput
from core.i18n import _, moment

if TYPE_CHECKING:
    from core.db.tables import Conversation

app = typer.Typer(help="What was asked and answered.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(metavar="ID", help="The conversation's id.")]
NAMES = ("id", "title", "assistant_id", "channel", "external_id", "user_id", "user_tier")


@app.command("list")
def listing(
    search: Annotated[str, typer.Option(help="Words in the title or in any message.")] = "",
    assistant: Of = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """The conversations, newest first."""
    terminal.ready()
    from core import assistants, chat

    chosen = assistants.chosen(assistant).id if assistant else None
    rows = chat.conversations(search=search, assistant_id=chosen, limit=limit)
    if as_json:
        document({"data": [shape(row) for row in rows]})
        return
    table((row.id, moment(row.updated_at), row.channel, row.title) for row in rows)
    if not rows:
        say(_("There are no conversations."))


@app.command()
def show(conversation_id: Which, as_json: AsJson = False) -> None:
    """A conversation with its sources."""
    export(conversation_id, "json" if as_json else "markdown", None)


@app.command()
def export(
    conversation_id: Which,
    format: Annotated[Literal["markdown", "json"], typer.Option()] = "markdown",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file.")] = None,
    as_json: AsJson = False,
) -> None:
    """A conversation as Markdown or JSON, on the screen or into a file."""
    terminal.ready()
    from core import chat

    if as_json or format == "json":
        import json

        text = json.dumps(chat.export_json(conversation_id), ensure_ascii=False, indent=2)
    else:
        text = chat.export_markdown(conversation_id)
    if output is None:
        say(text)
    else:
        output.write_text(text, "utf-8")
        say(_("Written: {path}").format(path=output))


@app.command("import")
def bring(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.jsonl", exists=True, dir_okay=False, allow_dash=True, help="- is stdin."
        ),
    ],
    assistant: Of = None,
    as_json: AsJson = False,
) -> None:
    """Bring in what another bot has said, one conversation a line; twice adds nothing.

    A line: {"external_id": "...", "channel": "whatsapp", "messages": [{"role": "user",
    "text": "...", "created_at": "2026-11-20T14:30:00Z", "external_id": "..."}, ...]}
    """
    terminal.ready()
    from core import chat

    done = chat.import_jsonl(_lines(source), assistant)
    if as_json:
        document(fields(done, "conversations", "added", "known"))
        return
    say(
        _("{talks} conversations: {added} messages added, {known} already there.").format(
            talks=done.conversations, added=done.added, known=done.known
        )
    )


@app.command()
def remove(conversation_id: Which, as_json: AsJson = False) -> None:
    """Take a conversation out of every list; `restore` brings it back."""
    terminal.ready()
    from core import chat

    _told(chat.remove(conversation_id), _("Removed: {title}"), as_json)


@app.command()
def restore(conversation_id: Which, as_json: AsJson = False) -> None:
    """Bring a removed conversation back."""
    terminal.ready()
    from core import chat

    _told(chat.restore(conversation_id), _("Restored: {title}"), as_json)


def shape(row: "Conversation") -> dict[str, Any]:
    """A conversation as plain data, with the names that the API uses."""
    return fields(row, *NAMES, "created_at", "updated_at")


def _lines(source: Path) -> Iterator[str]:
    """The file's lines as they are needed; InvalidInput for what is no text."""
    try:
        if str(source) == "-":
            yield from sys.stdin
            return
        with source.open(encoding="utf-8") as file:
            yield from file
    except UnicodeDecodeError as error:
        raise InvalidInput(
            _("{path} is not UTF-8 text: {why}").format(path=source, why=error),
            hint=_("Save it as UTF-8 and import it again."),
            field="file",
        ) from None


def _told(row: "Conversation", sentence: str, as_json: bool) -> None:
    if as_json:
        document(shape(row))
    else:
        say(f"{sentence.format(title=row.title)}  {row.id}")
