"""Which conversations a command's figures are of: ``--period``, ``--assistant``, ``--only``.

In: words as typed. Out: a ``View``. Raises InvalidInput, naming what cannot be.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import InvalidInput
from core.i18n import _

if TYPE_CHECKING:
    from core import metrics

Period = Annotated[
    str,
    typer.Option(
        help="24h, 7d, 30d, 90d, 365d, this-month, last-month, all, or 2026-03-01..2026-03-31."
    ),
]
Of = Annotated[
    str | None, typer.Option("--assistant", "-a", help="Id or name of one; else of all.")
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="Only those of a version, channel, mode, tier, language, data (real, sample), topic, "
        "document, outcome, weekday (0 is Monday) or hour. Several times for several.",
    ),
]
USUAL = "30d"


def view(period: str, assistant: str | None, only: list[str] | None) -> "metrics.View":
    """What is meant by the three options."""
    from core import assistants, metrics
    from core.metrics import views

    said = {"period": period}
    for one in only or ():
        name, equals, value = one.partition("=")
        if not equals or name.strip() not in views.NAMES:
            raise InvalidInput(
                _("“{value}” narrows nothing.").format(value=one[:60]),
                hint=_("Write NAME=VALUE with one of: {names}.").format(
                    names=", ".join(views.NAMES)
                ),
            )
        said[name.strip()] = value.strip()
    if assistant:
        said["assistant"] = assistants.chosen(assistant).id
    return metrics.view(said)
