"""``ciclo trace``: how one answer came about."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, fields, say, table
from core.i18n import _, seconds

if TYPE_CHECKING:
    from core import chat

NAMES = (
    *("conversation_id", "outcome", "provider", "model_name", "routing_reason", "attempts"),
    *("cached", "first_token_seconds", "load_seconds", "generation_seconds"),
    *("tokens_in", "tokens_out", "cached_tokens", "error_code", "error"),
)


def trace(
    answer_id: Annotated[
        str, typer.Argument(metavar="ANSWER_ID", help="The message_id of an answer.")
    ],
    prompt: Annotated[
        bool, typer.Option("--prompt", help="Show the prompt as it was sent.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """How an answer came about: each step with its time."""
    terminal.ready()
    from core import chat

    found = chat.trace(answer_id)
    if as_json:
        document(shape(found))
        return
    row = found.answer
    say(found.question)
    say(f"{row.provider}:{row.model_name} · {row.routing_reason} · {row.outcome}\n")
    table(_line(span) for span in found.spans)
    for one in found.prompt or () if prompt else ():
        say(f"\n--- {one['role']}\n{one['content']}")
    if row.error:
        say(f"\n{row.error}")


def shape(found: "chat.Traced") -> dict[str, Any]:
    """A trace as plain data, with the names that the API uses."""
    row = found.answer
    return {
        "message_id": row.id,
        "question": found.question,
        "assistant_id": found.assistant_id,
        **fields(row, *NAMES),
        "model_version": row.version_id,
        "latency_seconds": row.total_seconds,
        "timestamp": row.created_at,
        **fields(found, "spans", "prompt", "dropped"),
    }


def _line(span: dict[str, Any]) -> tuple[str, ...]:
    known = span["attributes"]
    told = [f"{name.rsplit('.', 1)[-1]}={value}" for name, value in known.items()]
    ended = _("failed: {code}").format(code=span["code"]) if span["status"] == "error" else ""
    times = (f"+{span['start']:.3f}", seconds(span["seconds"]))
    return (*times, span["kind"], span["name"], ended, " ".join(told))
