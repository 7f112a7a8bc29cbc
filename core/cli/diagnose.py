"""``ciclo diagnose``: checks that say what fails and what to do, live or as JSON."""

from typing import Annotated

import typer

from core.cli import findings, terminal
from core.cli.terminal import AsJson, Of

app = typer.Typer(
    help="Find out what does not work. Exit code 1 where something fails.", no_args_is_help=True
)


@app.command()
def connectivity(as_json: AsJson = False) -> None:
    """Database, index, embedder, Ollama, named servers and providers: do they answer?"""
    terminal.ready()
    from core import diagnosis

    findings.show(diagnosis.connectivity(), as_json)


@app.command()
def answer(
    assistant: Of = None,
    question: Annotated[str, typer.Option(help="Else its first starter question.")] = "",
    as_json: AsJson = False,
) -> None:
    """Ask one question through everything; nothing of it is kept."""
    terminal.ready()
    from core import diagnosis

    findings.show(diagnosis.answer(assistant, question), as_json)


@app.command()
def reasoning(assistant: Of = None, as_json: AsJson = False) -> None:
    """Give the assistant's model three small problems; see whether its thoughts come apart."""
    terminal.ready()
    from core import diagnosis

    findings.show(diagnosis.reasoning(assistant), as_json)


@app.command()
def analysis(
    assistant: Of = None,
    level: Annotated[
        str, typer.Option(help="basic, intermediate, advanced, or a level of a mode.")
    ] = "basic",
    as_json: AsJson = False,
) -> None:
    """Ask a question in an assistant's mode at one of its levels."""
    terminal.ready()
    from core import diagnosis

    findings.show(diagnosis.analysis(assistant, level), as_json)


@app.command()
def stress(
    assistant: Of = None,
    requests: Annotated[int, typer.Option("--requests", "-n", help="How many questions.")] = 20,
    concurrency: Annotated[int, typer.Option("--concurrency", "-c", help="At a time.")] = 4,
    as_json: AsJson = False,
) -> None:
    """Ask many questions at once; nothing of them is kept. A paid model is paid for each."""
    terminal.ready()
    from core import diagnosis

    told = diagnosis.stress(assistant, requests=requests, concurrency=concurrency)
    findings.show(told, as_json)


@app.command()
def full(
    assistant: Of = None,
    detailed: Annotated[
        bool, typer.Option("--detailed", help="Also reasoning, every level, and a small stress.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Every diagnosis, one after the other."""
    terminal.ready()
    from core import diagnosis

    findings.show(diagnosis.full(assistant, detailed=detailed), as_json, detailed=detailed)
