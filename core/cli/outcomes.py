"""``ciclo metrics outcome``: what an outside system says has become of a conversation."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, say, table
from core.errors import InvalidInput
from core.i18n import _, moment, number

if TYPE_CHECKING:
    from core.metrics.outcomes import Reported

Name = Annotated[str, typer.Argument(help="Such as converted; left out, what was reported.")]


def add_to(app: typer.Typer) -> None:
    """Hang the command into ``ciclo metrics``."""
    app.command()(outcome)


def outcome(
    conversation: Annotated[str, typer.Argument(help="Its id or external_id.")],
    name: Name = "",
    value: Annotated[float | None, typer.Option(help="What it was worth.")] = None,
    currency: Annotated[str, typer.Option(help="Of the value, such as BRL.")] = "",
    at: Annotated[str, typer.Option(help="When, such as 2026-03-01T14:30.")] = "",
    note: Annotated[str, typer.Option(help="At most 500 characters.")] = "",
    channel: Annotated[str, typer.Option(help="Where its external_id is on several.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take it back.")] = False,
    as_json: AsJson = False,
) -> None:
    """Report what has become of a conversation, take it back, or list what was reported."""
    terminal.ready()
    from core.metrics import outcomes

    if name and withdraw:
        outcomes.withdraw(conversation, name, channel)
    elif name:
        told = (value, currency, _moment(at), note)
        outcomes.report(conversation, name, *told, channel=channel)
    rows = outcomes.outcomes(conversation, channel)
    if as_json:
        document({"data": [asdict(one) for one in rows]})
        return
    table(_line(one) for one in rows)
    if not rows:
        say(_("Nothing is reported of this conversation."))


def _line(one: "Reported") -> tuple[str, ...]:
    worth = "" if one.value is None else f"{number(one.value, 2)} {one.currency}".strip()
    return (one.name, moment(datetime.fromisoformat(one.happened_at)), worth, one.note)


def _moment(text: str) -> datetime | None:
    from core import i18n

    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        message = _("'{text}' is no time.").format(text=text[:60])
        raise InvalidInput(message, hint=_("Write it as 2026-03-01T14:30.")) from None
    return at.replace(tzinfo=i18n.zone()) if at and at.tzinfo is None else at
