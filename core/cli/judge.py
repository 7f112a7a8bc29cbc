"""``ciclo annotation judge``: a queue's judge model named, asked, and what it is worth."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import queues, terminal
from core.cli.terminal import AsJson, document, say
from core.i18n import _, ngettext, number, percent

if TYPE_CHECKING:
    from core.annotation import Asked, JudgeFigures
    from core.db.tables import Queue

One = Annotated[
    str | None, typer.Argument(metavar="[QUEUE]", help="A queue's id or name; else the oldest one.")
]
NONE = "none"


def add_to(app: typer.Typer) -> None:
    """Hang the command into ``ciclo annotation``."""
    app.command()(judge)


def judge(
    queue: One = None,
    most: Annotated[
        int, typer.Option(min=0, max=10_000, help="Items; 0: ask nothing, only tell.")
    ] = 10,
    use: Annotated[
        str | None, typer.Option(help="Name the judge first: provider:model, or none.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask a queue's judge model about the next items that wait, and tell how good it was so far.

    Questions, answers, passages and guidelines are sent to it; reviewers see what it says as a
    suggestion.
    """
    terminal.ready()
    from core import annotation

    row = queues.chosen(queue)
    if use is not None:
        row = annotation.change_queue(row.id, judge="" if use == NONE else use)
    asked = annotation.ask_judge(row.id, most) if most and (row.judge or use is None) else None
    told = annotation.judge_figures(row.id)
    if as_json:
        document({"asked": asdict(asked) if asked else None, "figures": _plain(told)})
        return
    say(_named(row))
    if asked:
        _tell(asked)
    if told.percent:
        say(_worth(told))


def _named(row: "Queue") -> str:
    from core import annotation

    if not row.judge:
        return _("{queue}: no judge").format(queue=row.name)
    where = annotation.address(row.judge)
    said = _("{queue}: {model} is the judge").format(queue=row.name, model=row.judge)
    return f"{said} ({where})" if where else said


def _tell(asked: "Asked") -> None:
    from core.annotation import FAILED

    n = asked.opinions
    say(ngettext("{n} opinion came in.", "{n} opinions came in.", n).format(n=number(n)))
    for code, times in asked.failed.items():
        why = _(FAILED[code]) if code in FAILED else code
        say(_("{n} without one: {why}").format(n=number(times), why=why))
    if asked.why:
        say(f"  {asked.why}")


def _worth(told: "JudgeFigures") -> str:
    share, kappa = told.percent, told.kappa
    assert share
    n = ngettext("of {n} item", "of {n} items", share.n).format(n=number(share.n))
    said = _("as the reviewers: {percent} {of}").format(percent=percent(share.share), of=n)
    return f"{said}, kappa {number(kappa.value, 2)} ({_(told.kappa_words)})" if kappa else said


def _plain(told: "JudgeFigures") -> dict[str, Any]:
    figures = {name: getattr(told, name) for name in ("percent", "kappa")}
    return asdict(told) | {n: one._asdict() if one else None for n, one in figures.items()}
