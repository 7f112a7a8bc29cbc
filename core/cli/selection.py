"""``ciclo annotation refill``: a review queue filled by its rules."""

from typing import Annotated

import typer

from core.cli import queues, terminal
from core.cli.terminal import AsJson, document, fields, say
from core.i18n import _, ngettext, number

NAMES = ("queue_id", "name", "seen", "new", "protected", "unavailable", "back")
Queue = Annotated[
    str | None, typer.Argument(metavar="[QUEUE]", help="A queue's id or name; else every one.")
]


def add_to(app: typer.Typer) -> None:
    """Hang the command into ``ciclo annotation``."""
    app.command()(refill)


def refill(queue: Queue = None, as_json: AsJson = False) -> None:
    """Put in what the rules of the queues take; twice does nothing."""
    terminal.ready()
    from core import annotation

    done = annotation.refill(queues.chosen(queue).id if queue else None)
    if as_json:
        document({"data": [fields(one, *NAMES) for one in done]})
        return
    if not done:
        say(_("There is no review queue yet."))
    for one in done:
        said = ngettext("{name}: {n} new item", "{name}: {n} new items", one.new)
        drawn = ngettext("{n} drawn at random", "{n} drawn at random", one.protected)
        told = said.format(name=one.name, n=number(one.new))
        say(f"{told} ({drawn.format(n=number(one.protected))})" if one.new else told)
