"""``ciclo metrics settings``: targets, baseline and currency, shown and set."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, say, table
from core.errors import InvalidInput
from core.i18n import _, number

if TYPE_CHECKING:
    from core import metrics


def add_to(app: typer.Typer) -> None:
    """Hang the command into ``ciclo metrics``."""
    app.command()(settings)


def settings(
    target: Annotated[
        list[str] | None,
        typer.Option(metavar="MEASURE=VALUE", help="A share as 0.85; none takes it away."),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(metavar="MEASURE=VALUE", help="Against the baseline: -0.6 is 60 % less."),
    ] = None,
    baseline: Annotated[str | None, typer.Option(help="Id of a version; none for none.")] = None,
    currency: Annotated[str | None, typer.Option(help="In which money is shown.")] = None,
    rate: Annotated[float | None, typer.Option(help="Of it for a dollar; 0: dollars.")] = None,
    silence: Annotated[float | None, typer.Option(help="Minutes that end a talk.")] = None,
    as_json: AsJson = False,
) -> None:
    """Targets, baseline, currency: shown, and set where given."""
    terminal.ready()
    from core import metrics

    given = {
        "targets": _targets(target),
        "against": _targets(against),
        "baseline": "" if baseline == "none" else baseline,
        "currency": currency,
        "rate": rate,
        "silence_minutes": silence,
    }
    said = {name: value for name, value in given.items() if value is not None}
    held = metrics.set_settings(**said) if said else metrics.settings()
    if as_json:
        document(asdict(held))
        return
    _settings(held)


def _targets(written: list[str] | None) -> dict[str, float | None] | None:
    found: dict[str, float | None] = {}
    for one in written or ():
        name, _equals, value = one.partition("=")
        try:
            found[name.strip()] = None if value.strip() == "none" else float(value)
        except ValueError:
            raise InvalidInput(
                _("“{value}” is no target.").format(value=one[:60]),
                hint=_("Write MEASURE=VALUE, such as satisfaction=0.85."),
            ) from None
    return found or None


def _settings(held: "metrics.MetricsSettings") -> None:
    from core.metrics import saying

    versus = _("against the baseline")
    table(
        [
            *((_title(name), saying.value(name, value)) for name, value in held.targets.items()),
            *((_title(name), f"{value:+.0%} {versus}") for name, value in held.against.items()),
        ]
    )
    say(_("Baseline: {version}").format(version=held.baseline or saying.NOTHING))
    if held.rate:
        rate = number(held.rate, 4)
        say(_("A dollar is shown as {rate} {currency}.").format(rate=rate, currency=held.currency))
    else:
        say(_("Money is shown in dollars: no rate is set."))
    minutes = number(held.silence_minutes)
    say(_("A conversation is over after {n} minutes of silence.").format(n=minutes))


def _title(name: str) -> str:
    """What a measure is called; one that is not measured yet by its bare name."""
    from core import metrics

    known = metrics.MEASURES.get(name)
    return _(known.title) if known else name
