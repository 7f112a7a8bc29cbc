"""Where B gains or loses: by topic, language, length; with the warning that goes with many slices."""

from itertools import groupby
from typing import Any

import streamlit as st

from core import comparison
from core.comparison.report import figures
from core.comparison.slices import KINDS, Slice
from core.db.tables import EvaluationRun
from core.i18n import _, number
from pages.ui import ledger, safe


def show(run: EvaluationRun) -> None:
    """A table for each kind of slice; nothing where the questions are all alike."""
    found = comparison.slices(run.id)
    if not found.found:
        st.caption(_("The questions are all of one kind: nothing to take apart."))
        return
    st.caption(safe.label(found.warning))
    shown, left = figures.differing(found)
    far = figures.farthest(shown)
    for by, group in groupby(shown, key=lambda one: one.by):
        title = _(KINDS[by])
        heads = [
            ledger.head(title),
            ledger.head(_("Metric")),
            ledger.head(_("B against A"), side="end"),
            ledger.head("", side="short"),
            ledger.head("n", side="end"),
            ledger.head(_("Claim"), side="short"),
        ]
        ledger.show(f"slices.{by}", title, heads, [_row(one, far) for one in group])
    if left:
        st.caption(left)


def _row(one: Slice, far: float) -> dict[str, Any]:
    whisker = figures.whisker(one, far)
    tone = figures.TONES[one.claim]
    return ledger.row(
        ledger.cell(one.label),
        ledger.cell(_(one.title)),
        ledger.cell(figures.sliced(one)),
        ledger.cell("", plot=whisker._asdict()),
        ledger.cell(number(one.n), flags=[_("few")] if one.thin else []),
        ledger.cell(_(figures.CLAIMS[one.claim]), mark=tone),
    )
