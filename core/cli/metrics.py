"""``ciclo metrics``: figures, over time, by what answers share; outcomes, settings."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import advice, alerts, outcomes, targets, terminal, topics, viewing
from core.cli.terminal import AsJson, document, say, table
from core.i18n import _, moment, number

if TYPE_CHECKING:
    from core import metrics

app = typer.Typer(help="What the answers are like: figures, with their n.", no_args_is_help=True)
advice.add_to(app)
alerts.add_to(app)
Measure = Annotated[str, typer.Argument(metavar="MEASURE", help="Such as satisfaction, time_p95.")]


@app.command()
def overview(
    period: viewing.Period = viewing.USUAL,
    assistant: viewing.Of = None,
    only: viewing.Only = None,
    measure: Annotated[list[str] | None, typer.Option(help="Only these measures.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every figure of a period, with its interval, its n, the time before and its target."""
    terminal.ready()
    from core import metrics
    from core.metrics import words

    view = viewing.view(period, assistant, only)
    figures = metrics.overview(view, measure or ())
    if as_json:
        versus = [asdict(one) | {"change": one.change} for one in metrics.against(view)]
        told = [words.plain(one) for one in figures]
        document({"view": view.said(), "data": told, "against": versus})
        return
    heads = ("", _("Value"), _("95 % interval"), "n", _("Against before"), _("Target"))
    table([heads, *(_line(one) for one in figures)])
    if any(one.thin and one.n for one in figures):
        say(_("~ of fewer than {n}: too few to mean much.").format(n=number(metrics.THIN)))
    if held := metrics.against(view):
        say(_("Against the baseline:"))
        table(_against(one) for one in held)


def _against(one: "metrics.Held") -> tuple[str, ...]:
    from core.metrics import saying

    found = saying.against(one)
    sides = f"{saying.said(one.then)} → {saying.said(one.now)}"
    meant = _("meant: {change}").format(change=saying.signed(one.target * 100) + "%")
    return saying.title(one.measure), sides, found.text, found.word, meant


def _line(one: "metrics.Figure") -> tuple[str, ...]:
    from core.metrics import saying

    thin, change = "~" if one.thin and one.n else "", saying.change(one)
    mark = (" ✓" if one.met else " ✗") if saying.verdict(one) else ""
    return (
        saying.title(one.measure),
        thin + saying.said(one),
        saying.interval(one),
        number(one.n),
        f"{change.text} {change.word}".strip() if change else "",
        saying.target(one) + mark,
    )


@app.command()
def series(
    measure: Measure,
    period: viewing.Period = viewing.USUAL,
    assistant: viewing.Of = None,
    only: viewing.Only = None,
    by: Annotated[str, typer.Option(help="hour, day, week or month; else what fits.")] = "",
    as_json: AsJson = False,
) -> None:
    """A measure over time."""
    terminal.ready()
    from core import metrics
    from core.metrics import words

    points = metrics.series(measure, viewing.view(period, assistant, only), by)
    if as_json:
        document({"data": [{"at": one.at} | words.plain(one.figure) for one in points]})
        return
    table((moment(one.at), *_row(one.figure)) for one in points)
    _nothing(points)


@app.command()
def breakdown(
    measure: Measure,
    by: Annotated[str, typer.Option(help="assistant, model, channel, topic, document, hour, ...")],
    period: viewing.Period = viewing.USUAL,
    assistant: viewing.Of = None,
    only: viewing.Only = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """A measure by what answers have in common, the most answers first."""
    terminal.ready()
    from core import metrics
    from core.metrics import naming, words

    rows = metrics.breakdown(measure, by, viewing.view(period, assistant, only))
    shown = rows[:limit]
    known = naming.names(by, [row.key for row in shown])
    if as_json:
        told = [{"key": row.key, "name": known[row.key]} | words.plain(row.figure) for row in shown]
        document({"data": told, "total": len(rows)})
        return
    table((known[row.key], *_row(row.figure)) for row in shown)
    if len(rows) > limit:
        say(_("{n} more: raise --limit.").format(n=number(len(rows) - limit)))
    _nothing(rows)


def _row(one: "metrics.Figure") -> tuple[str, ...]:
    from core.metrics import saying

    return (saying.said(one), saying.interval(one), f"n = {number(one.n)}")


def _nothing(rows: list[Any]) -> None:
    if not rows:
        say(_("There are no answers in this period, or none that fit."))


@app.command()
def export(
    measure: Measure,
    by: Annotated[str, typer.Option(help="assistant, model, ...; left out, over time.")] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file.")] = None,
    period: viewing.Period = viewing.USUAL,
    assistant: viewing.Of = None,
    only: viewing.Only = None,
    grain: Annotated[str, typer.Option(help="hour, day, week or month.")] = "",
) -> None:
    """A chart's figures as CSV for a spreadsheet, on the screen or into a file."""
    terminal.ready()
    from core import metrics
    from core.metrics import exporting, naming

    view = viewing.view(period, assistant, only)
    if by:
        rows = metrics.breakdown(measure, by, view)
        names = naming.names(by, [row.key for row in rows])
        text = exporting.breakdown_csv(measure, by, rows, names)
    else:
        text = exporting.series_csv(measure, metrics.series(measure, view, grain))
    if output is None:
        terminal.pour([text])
        return
    output.write_text(text, encoding="utf-8", newline="")
    say(_("Written: {path}").format(path=output))


@app.command()
def report(
    output: Annotated[
        Path | None, typer.Option("--output", "--out", "-o", help="A file; else the screen.")
    ] = None,
    period: viewing.Period = "last-month",
    assistant: viewing.Of = None,
    only: viewing.Only = None,
) -> None:
    """Everything in one HTML file to hand on: it needs nothing but a browser."""
    terminal.ready()
    from core import metrics

    text = metrics.report(viewing.view(period, assistant, only))
    if output is None:
        terminal.pour([text])
        return
    output.write_text(text, encoding="utf-8")
    say(_("Written: {path}").format(path=output))


for more in (topics, outcomes, targets):
    more.add_to(app)
