"""The command line door: ``ciclo <subject> <verb>``, the same verbs as the pages and the API.

Every command parses, calls one verb and prints. Importing this package is light: what a command
needs is imported inside it.
"""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer._click.exceptions import UsageError

from core.cli import (
    annotation,
    answering,
    assistants,
    audit,
    backup,
    cache,
    changing,
    comparison,
    comparison_judge,
    conversations,
    database,
    diagnose,
    documents,
    embedder,
    evaluation,
    feedback,
    machine,
    members,
    memory,
    metrics,
    models,
    people,
    privacy,
    secrets,
    terminal,
    tokens,
    tracing,
    versions,
)
from core.errors import CicloError
from core.i18n import _

HELP = f"Run and improve an assistant that answers from your documents. {terminal.EXIT_HELP}"

app = typer.Typer(
    name="ciclo",
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def whoever(
    name: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="NAME",
            envvar="CICLO_PERSON",
            help="Who acts; else the machine's owner.",
        ),
    ] = None,
) -> None:
    """Whose roles count and whose name stands at what is done."""
    terminal.named(name)


asking = (answering.ask, answering.search, tracing.trace)
for command in (machine.serve, machine.status, machine.demo, *asking):
    app.command()(command)
app.add_typer(documents.app, name="documents")
versions.add_to(documents.app)
documents.app.add_typer(embedder.app, name="embedder")
app.add_typer(assistants.app, name="assistants")
members.add_to(assistants.app)
app.add_typer(conversations.app, name="conversations")
app.add_typer(feedback.app, name="feedback")
app.add_typer(annotation.app, name="annotation")
app.add_typer(comparison.app, name="comparison")
evaluation.add_to(comparison.app)
comparison_judge.add_to(comparison.app)
app.add_typer(cache.app, name="cache")
app.add_typer(memory.app, name="memory")
app.add_typer(metrics.app, name="metrics")
app.add_typer(backup.app, name="backup")
app.add_typer(audit.app, name="audit")
app.add_typer(database.app, name="database")
app.add_typer(models.app, name="models")
changing.add_to(models.app)
app.add_typer(diagnose.app, name="diagnose")
app.add_typer(people.app, name="people")
app.add_typer(privacy.app, name="privacy")
app.add_typer(secrets.app, name="secrets")
app.add_typer(tokens.app, name="tokens")
for command in (machine.migrate, machine.doctor):
    app.command()(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end the process with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        terminal.speak()
        sys.exit(app(args=given, standalone_mode=False))
    except UsageError as error:
        error.show()
        if "--json" in given:
            terminal.failed("usage", error.format_message())
        sys.exit(terminal.BAD_INPUT)
    except typer.Abort:
        terminal.note(_("Stopped."))
        sys.exit(terminal.INTERRUPTED)
    except CicloError as error:
        sys.exit(terminal.fail(error, "--json" in given))
    except BrokenPipeError:  # whoever read our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(terminal.FAILED)
    except Exception as error:
        sys.exit(terminal.fail(terminal.told(error), "--json" in given))
