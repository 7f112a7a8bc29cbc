"""``ciclo cache``: what is kept to be answered again, and forgetting it."""

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, Of, document, fields, say
from core.i18n import _, money, ngettext, number, seconds

app = typer.Typer(help="Answers kept to be given again.", no_args_is_help=True)


@app.command()
def show(assistant: Of = None, as_json: AsJson = False) -> None:
    """How many answers are kept, and what that has spared."""
    terminal.ready()
    from core import chat

    told = chat.cached(_id(assistant))
    if as_json:
        document(fields(told, "entries", "answers", "seconds", "cost"))
        return
    kept = ngettext("{n} answer is kept.", "{n} answers are kept.", told.entries)
    say(kept.format(n=number(told.entries)))
    given = ngettext("Given again {n} time", "Given again {n} times", told.answers)
    spared = _("spared: {time}, {money}").format(
        time=seconds(told.seconds), money=money(told.cost, "USD")
    )
    say(f"{given.format(n=number(told.answers))} · {spared}")


@app.command()
def clear(assistant: Of = None, as_json: AsJson = False) -> None:
    """Forget the kept answers of an assistant, or all; conversations stay."""
    terminal.ready()
    from core import chat

    cleared = chat.clear_cache(_id(assistant))
    if as_json:
        document({"cleared": cleared})
        return
    said = ngettext("{n} kept answer was forgotten.", "{n} kept answers were forgotten.", cleared)
    say(said.format(n=number(cleared)))


def _id(assistant: str | None) -> str | None:
    from core import assistants

    return assistants.chosen(assistant).id if assistant else None
