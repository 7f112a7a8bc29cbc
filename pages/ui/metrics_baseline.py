"""What has become better than the baseline, where one is set."""

from typing import Any

from core import metrics
from core.i18n import _, number
from core.metrics import naming, saying
from pages.ui import ledger


def show(view: metrics.View) -> None:
    """A table of the measures that are held against it; nothing without a baseline."""
    held = metrics.against(view)
    if not held:
        return
    version = metrics.settings().baseline
    name = naming.names("version", [version])[version]
    heads = [
        ledger.head(_("Against {version}").format(version=name), wide=True),
        ledger.head(_("Baseline"), side="end"),
        ledger.head(_("Now"), side="end"),
        ledger.head(_("Difference"), side="end"),
        ledger.head(_("Meant"), side="end"),
    ]
    ledger.show(
        "metrics.baseline",
        _("Against the baseline"),
        heads,
        [_row(one) for one in held],
        here="metrics",
    )


def _row(one: metrics.Held) -> dict[str, Any]:
    found = saying.against(one)
    return ledger.row(
        ledger.cell(saying.title(one.measure)),
        ledger.cell(saying.said(one.then), note=f"n = {number(one.then.n)}"),
        ledger.cell(saying.said(one.now), note=f"n = {number(one.now.n)}"),
        ledger.cell(found.text, mark=found.tone, note=found.word),
        ledger.cell(saying.signed(one.target * 100) + "%"),
    )
