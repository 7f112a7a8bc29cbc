"""``ciclo metrics advise``: should we fine-tune? What pays most now, and what another model would save."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import terminal, viewing
from core.cli.terminal import AsJson, document, say, table
from core.errors import InvalidInput
from core.i18n import _

if TYPE_CHECKING:
    from core.metrics.advice.advising import Advice, Advising

Own = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="An input of the calculation; may be repeated."
    ),
]


def add_to(app: typer.Typer) -> None:
    """Hang the command into ``ciclo metrics``."""
    app.command()(advise)


def advise(
    period: viewing.Period = viewing.USUAL,
    assistant: viewing.Of = None,
    only: viewing.Only = None,
    own: Own = None,
    as_json: AsJson = False,
) -> None:
    """Should we fine-tune? What pays most now, why, and what another model would save."""
    terminal.ready()
    from core.metrics.advice import advising as advice

    told = advice.advise(viewing.view(period, assistant, only), _own(own or []))
    if as_json:
        document(_document(told))
        return
    _tell(told)


def _own(given: list[str]) -> dict[str, str | float]:
    pairs = [one.partition("=") for one in given]
    for name, equals, _value in pairs:
        if not equals:
            raise InvalidInput(
                _("“{value}” is no NAME=VALUE.").format(value=name),
                field="set",
                hint=_("Write it as --set conversations=2000."),
            )
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def _document(told: "Advising") -> dict[str, Any]:
    return asdict(told) | {
        "inputs": [
            terminal.fields(one, "value", "default", "source", "said", "n")
            | {"name": one.input.name}
            for one in told.inputs
        ]
    }


def _tell(told: "Advising") -> None:
    from core.metrics.advice import words as advice_words

    say(told.headline)
    for one in told.options:
        say()
        say(f"{one.title}: {_(advice_words.STANDINGS[one.standing])}")
        for line in _lines(one):
            say(f"  {line}")
    if basis := advice_words.basis(told):
        say()
        say(basis)
    say()
    say(_("What another model would cost"))
    table(
        (one.input.name, _(one.input.title), advice_words.value(one), one.said)
        for one in told.inputs
    )
    say()
    table((one.title, one.text, one.local) for one in advice_words.results(told))
    if remark := advice_words.remark(told):
        say(remark)


def _lines(one: "Advice") -> list[str]:
    lacking = [_("Missing to say it firmly: {what}").format(what=what) for what in one.lacking]
    return [*one.reasons, *([one.brings] if one.brings else []), *lacking]
