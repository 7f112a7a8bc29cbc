"""``ciclo annotation agreement | export``: how far reviewers agree, and a queue as a file."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from core.cli import queues, terminal
from core.cli.terminal import AsJson, document, say, table
from core.i18n import _, ngettext, number, percent

Queue = Annotated[
    str | None, typer.Argument(metavar="[QUEUE]", help="A queue's id or name; else the oldest one.")
]
Format = Literal[
    "jsonl", "csv", "argilla", "argilla-settings", "label-studio", "label-studio-config"
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands into ``ciclo annotation``."""
    app.command()(agreement)
    app.command()(export)


def agreement(queue: Queue = None, as_json: AsJson = False) -> None:
    """How far reviewers agree: percent, kappa and alpha, with their 95 % intervals."""
    terminal.ready()
    from core import annotation

    told = annotation.agreement(queues.chosen(queue).id)
    if as_json:
        document(asdict(told) | {"on": [_plain(one) for one in told.on]})
        return
    n = told.judgements
    say(ngettext("{n} judgement", "{n} judgements", n).format(n=number(n)))
    heads = (_("About"), _("Items"), _("Agree"), _("Kappa"), "", _("Alpha"), "")
    table([heads, *map(_line, told.on)])


def export(
    queue: Queue = None,
    format: Annotated[Format, typer.Option(help="For a program, a sheet, or a tool.")] = "jsonl",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file.")] = None,
) -> None:
    """A queue with its judgements, on the screen or into a file.

    Argilla and Label Studio want their settings or configuration beside the records: export both.
    """
    terminal.ready()
    from core import annotation

    pieces = annotation.export(queues.chosen(queue).id, format)
    if output is None:
        terminal.pour(pieces)
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
    say(_("Written: {path}").format(path=output))


def _plain(one: Any) -> dict[str, Any]:
    """With the names of what the figures are."""
    figures = {name: getattr(one, name) for name in ("percent", "kappa", "alpha")}
    return asdict(one) | {
        name: figure._asdict() if figure else None for name, figure in figures.items()
    }


def _line(one: Any) -> tuple[str, ...]:
    agree = percent(one.percent.share) if one.percent else "–"
    kappa, alpha = _coefficient(one.kappa), _coefficient(one.alpha)
    words = _(one.kappa_words if one.kappa else one.why or one.kappa_words)
    return _(one.title), number(one.items), agree, kappa, words, alpha, _(one.alpha_words)


def _coefficient(found: Any) -> str:
    if found is None:
        return "–"
    told = [number(value, 2) for value in (found.value, found.low, found.high)]
    return _("{value} ({low} to {high})").format(value=told[0], low=told[1], high=told[2])
