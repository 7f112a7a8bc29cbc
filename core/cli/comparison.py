"""``ciclo comparison``: two versions answer the same question, side by side in the terminal."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import answering, terminal, votes
from core.cli.terminal import AsJson, Of, document, fields, note, piece, pour, say, table
from core.i18n import _, moment, number

if TYPE_CHECKING:
    from core import comparison

app = typer.Typer(help="Two versions side by side.", no_args_is_help=True)
votes.add_to(app)
Id = Annotated[str, typer.Argument(metavar="ID", help="The comparison's id.")]
WHO = "A version: its id or number, champion, challenger, baseline, or provider:model."


@app.command("ask")
def ask(
    question: Annotated[str, typer.Argument(help="3 to 4,000 characters.")],
    assistant: Of = None,
    a: Annotated[str, typer.Option("--a", help=WHO)] = "",
    b: Annotated[str, typer.Option("--b", help=WHO)] = "",
    same_passages: Annotated[
        bool | None,
        typer.Option("--same-passages/--own-search", help="What both answer from."),
    ] = None,
    in_turn: Annotated[
        bool | None,
        typer.Option("--in-turn/--together", help="One after the other, or at the same time."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask two versions (else the assistant's usual pair) and watch both answers arrive."""
    terminal.ready()
    from core import comparison, registry

    registry.follow_ollama()
    row = comparison.ask_both(
        question, assistant=assistant, a=a, b=b, same_passages=same_passages, in_turn=in_turn
    )
    if not as_json:
        _arriving(comparison.comparison(row.id))
    found = comparison.wait(row.id)
    document(shape(found)) if as_json else _figures(found)
    if found.a.failed or found.b.failed:
        raise terminal.stop(terminal.UNAVAILABLE)


@app.command("show")
def show(comparison_id: Id, as_json: AsJson = False) -> None:
    """A comparison with both its answers."""
    terminal.ready()
    from core import comparison

    found = comparison.comparison(comparison_id)
    if as_json:
        document(shape(found))
        return
    say(found.row.question)
    for side in (found.a, found.b):
        say(_head(side))
        _answer(side)
    _figures(found)


@app.command("list")
def listing(
    assistant: Of = None,
    run: Annotated[str, typer.Option("--run", help="Of this evaluation run, in its order.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """What was compared by hand, newest first; with --run the questions of that run."""
    terminal.ready()
    from core import assistants, comparison

    of = assistants.chosen(assistant).id if assistant else ""
    rows = comparison.lines(of, run_id=run, source="" if run else "hand", limit=limit)
    if as_json:
        document({"data": [_line(one) for one in rows]})
        return
    table(_row(one) for one in rows)
    if not rows:
        say(_("Nothing was compared yet."))


@app.command("export")
def export(
    comparison_id: Id,
    markdown: Annotated[bool, typer.Option("--markdown", help="To read; else JSON.")] = False,
    html: Annotated[bool, typer.Option("--html", help="One file that needs no server.")] = False,
) -> None:
    """A comparison as a file on stdout."""
    terminal.ready()
    from core import comparison
    from core.comparison import exporting
    from core.comparison.report import one

    found = comparison.comparison(comparison_id)
    if html:
        pour([one.html(found)])
        return
    told = json.dumps(exporting.told(found), ensure_ascii=False, indent=2) + "\n"
    pour([exporting.markdown(found) if markdown else told])


@app.command("remove")
def remove(comparison_id: Id) -> None:
    """Take a comparison out of every list."""
    terminal.ready()
    from core import comparison

    comparison.remove(comparison_id)
    say(_("The comparison was removed."))


def shape(found: "comparison.Compared") -> dict[str, Any]:
    """A comparison as plain data, with the names that the API uses."""
    row = found.row
    names = ("id", "assistant_id", "run_id", "source", "question", "language", "topic", "learned")
    sides: dict[str, Any] = {
        side.side: {
            "version": side.version.id,
            "number": side.version.number,
            "model": side.name,
            "state": side.state,
            "answer": answering.shape(side.answer) if side.answer else None,
            "scores": row.scores.get(side.side) or {},
        }
        for side in (found.a, found.b)
    }
    known = fields(row, *names, "settings", "reference", "created_at", "done_at")
    return {**known, **sides}


def _arriving(found: "comparison.Compared") -> None:
    """Both answers as they come: a's at once, b's from where it is when a's has ended."""
    from core import comparison

    say(_head(found.a))
    speaks, kept = "a", list[str]()
    for side, event in comparison.follow(found.row.id):
        if event.kind == "text":
            piece(event.text) if side == speaks else kept.append(event.text)
        elif event.kind == "done" and side == "a":
            speaks = "b"
            _ended(event.data["answer"])
            _begin(found.b, kept)
    if speaks == "a":  # it was stopped before its turn
        _begin(found.b, kept)
    end = comparison.comparison(found.row.id)
    if end.b.answer:
        _ended(end.b.answer)


def _begin(side: "comparison.Shown", kept: list[str]) -> None:
    say(_head(side))
    piece("".join(kept))


def _head(side: "comparison.Shown") -> str:
    return f"\n{side.side.upper()} · {number(side.version.number)} · {side.name}"


def _answer(side: "comparison.Shown") -> None:
    if side.answer is None:
        say(_("No answer."))
        return
    piece(side.answer.message.text)
    _ended(side.answer)


def _ended(answer: Any) -> None:
    from core import chat

    message = answer.message
    say()
    if message.outcome in ("error", "cut_off"):
        note(" ".join(filter(None, [message.error, chat.way_out(message)])))


def _figures(found: "comparison.Compared") -> None:
    """What the scorers say, side by side."""
    from core.comparison.report import figures
    from core.comparison.scorers import SCORERS

    rows: list[tuple[str, ...]] = [("", "A", "B")]
    for name, one in SCORERS.items():
        values = [(found.row.scores.get(side) or {}).get(name) for side in ("a", "b")]
        if any(value is not None for value in values):
            rows.append((_(one.title), *(figures.value(one.unit, value) for value in values)))
    say()
    if len(rows) > 1:
        table(rows)
    say(found.row.id)


def _line(one: "comparison.Line") -> dict[str, Any]:
    names = ("id", "assistant_id", "run_id", "source", "question", "language", "topic", "learned")
    return {
        **fields(one.row, *names, "created_at", "done_at"),
        **{name: _side(side) for name, side in (("a", one.a), ("b", one.b))},
        "votes": list(one.votes),
    }


def _side(one: "comparison.Ended") -> dict[str, Any]:
    model = f"{one.model.provider}:{one.model.name}"
    known = {"version": one.version.id, "number": one.version.number, "model": model}
    return known | {"outcome": one.outcome or None}


def _called(side: "comparison.Ended") -> str:
    from core.comparison.pairing import remembers

    memory = _("with memory") if remembers(side.version) else _("without memory")
    return f"{number(side.version.number)} {side.model.provider}:{side.model.name}, {memory}"


def _row(one: "comparison.Line") -> tuple[str, ...]:
    sides = [_called(side) for side in (one.a, one.b)]
    question = " ".join(one.row.question.split())
    short = question if len(question) <= 60 else question[:59] + "…"
    return (one.row.id, moment(one.row.created_at), *sides, short)
