"""``ciclo documents embedder``: who makes the vectors; choose another one."""

from time import sleep
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, fields, note, say, table
from core.i18n import _, moment, number

if TYPE_CHECKING:
    from core.retrieval import Coming, EmbedderStatus, Identity

app = typer.Typer(help="Who makes the vectors that search by meaning.", no_args_is_help=True)
Spec = Annotated[str, typer.Argument(metavar="PROVIDER:MODEL", help="Such as ollama:bge-m3.")]
Prefix = Annotated[
    str | None, typer.Option(help='Put before each text; "" for nothing; known ones by themselves.')
]
FACTS = ("provider", "name", "dimension", "query_prefix", "document_prefix", "digest")
PROGRESS = ("state", "done", "total", "seconds_left")


@app.command()
def show(as_json: AsJson = False) -> None:
    """Who makes the vectors now, who is to, and who could."""
    terminal.ready()
    from core import retrieval

    status, proposed = retrieval.embedder(), retrieval.propose_embedders()
    if as_json:
        names = ("spec", "state", "why", "hint")
        document(shape(status) | {"proposed": [fields(one, *names) for one in proposed]})
        return
    tell(status)
    table((one.spec, one.state, one.why) for one in proposed)


@app.command()
def use(
    spec: Spec,
    query_prefix: Prefix = None,
    document_prefix: Prefix = None,
    wait: Annotated[
        bool, typer.Option(help="Stay until it serves; else a running server does the work.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Let another embedder make the vectors; until all are made, the one before serves.

    Ctrl+C loses nothing: a running server, or the next `use`, goes on.
    """
    terminal.ready()
    from core import retrieval

    status = retrieval.use_embedder(spec, query_prefix, document_prefix)
    if wait:
        status = _stayed(status)
    document(shape(status)) if as_json else tell(status)
    if status.coming and status.coming.state == "failed":
        raise terminal.stop(terminal.UNAVAILABLE)


@app.command()
def cancel(as_json: AsJson = False) -> None:
    """Give up the embedder that is being built; the one that serves stays."""
    terminal.ready()
    from core import retrieval

    status = retrieval.cancel_embedder()
    document(shape(status)) if as_json else tell(status)


def shape(status: "EmbedderStatus") -> dict[str, Any]:
    """The status as plain data, with the names that the API uses."""
    told = _named(status.embedder) | fields(status, "since", "done", "total")
    told |= {"error": _error(status), "coming": None}
    if status.coming:
        coming = _named(status.coming.embedder) | fields(status.coming, *PROGRESS)
        told["coming"] = coming | {"error": _error(status.coming)}
    return told


def tell(status: "EmbedderStatus") -> None:
    """The status in lines."""
    since = moment(status.since) if status.since else ""
    counted = f"{number(status.done)}/{number(status.total)}"
    say("  ".join(filter(None, [f"+ {status.embedder.key}", counted, since, status.error])))
    if status.coming:
        say("  ".join(filter(None, [_line(status.coming), status.coming.error])))


def _stayed(status: "EmbedderStatus") -> "EmbedderStatus":
    """Embed, beside whoever else does, until nothing is to come or it has failed for good."""
    from core import retrieval

    try:
        while status.coming and status.coming.state == "building":
            terminal.progress(_line(status.coming))
            if not retrieval.embed_waiting(1):
                sleep(0.5)
            status = retrieval.embedder()
        terminal.progress("")
        retrieval.settle()
    except KeyboardInterrupt:
        note(_("Stopped waiting; what is made is kept."))
    return status


def _line(coming: "Coming") -> str:
    mark = "!" if coming.state == "failed" else "…"
    left = (
        ""
        if coming.seconds_left is None
        else _("{n} s left").format(n=number(round(coming.seconds_left)))
    )
    counted = f"{number(coming.done)}/{number(coming.total)}"
    return "  ".join(filter(None, [f"{mark} {coming.embedder.key}", counted, left]))


def _named(one: "Identity") -> dict[str, Any]:
    return {"spec": one.key} | fields(one, *FACTS)


def _error(of: "EmbedderStatus | Coming") -> dict[str, Any] | None:
    if not of.error_code:
        return None
    return {"code": of.error_code, "message": of.error, "retry_at": of.retry_at}
