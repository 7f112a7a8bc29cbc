"""Single questions that B lost or won, the worst first; each opens side by side."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import access
from core.comparison.changes import Change, changes
from core.comparison.report.parts import counted, flags, moved
from core.db.tables import EvaluationRun
from core.i18n import _, ngettext, number
from pages.ui import ledger, places

PLACE = "comparison"
FIRST, MOST = 10, 100
LONGEST = 240


def show(run: EvaluationRun) -> None:
    """Both lists, for whoever may read questions."""
    if not access.may("read"):
        st.caption(_("The questions themselves are for analysts and admins."))
        return
    found = changes(run.id)
    _listed(run, "lost", _("Where B is worse"), found.regressions, _("No question went worse."))
    _listed(run, "won", _("Where B is better"), found.improvements, _("No question went better."))
    if found.regressions or found.improvements:
        st.caption(
            _("Single questions show where to look; they prove nothing about the next ones.")
        )


def _listed(run: EvaluationRun, key: str, title: str, rows: Sequence[Change], none: str) -> None:
    st.subheader(counted(title, rows), anchor=False)
    if not rows:
        st.caption(none)
        return
    wanted = f"all_{key}"
    every = wanted in st.query_params
    shown = rows[: MOST if every else FIRST]
    heads = [
        ledger.head(_("Question"), wide=True),
        ledger.head(_("What changed, A to B")),
        ledger.head(_("Topic"), side="short"),
    ]
    ledger.show(f"changes.{key}", title, heads, [_row(run, one) for one in shown], here=PLACE)
    _more(run, wanted, every, len(rows), len(shown))


def _more(run: EvaluationRun, wanted: str, every: bool, n: int, shown: int) -> None:
    if not every and n > shown:
        said = ngettext("Show {n} more", "Show {n} more", n - shown)
        here = {"assistant": run.assistant_id, "view": "runs", "run": run.id, wanted: "1"}
        label = said.format(n=number(min(n, MOST) - shown))
        places.here(label, key=f"changes.{wanted}", icon=":material/expand_more:", **here)
    elif n > shown:
        said = ngettext("{n} more is in the file.", "{n} more are in the API.", n - shown)
        st.caption(said.format(n=number(n - shown)))


def _row(run: EvaluationRun, one: Change) -> dict[str, Any]:
    go = ledger.link(PLACE, assistant=run.assistant_id, comparison=one.comparison_id)
    also = _("but: {changes}").format(changes=moved(one.also)) if one.also else ""
    return ledger.row(
        ledger.cell(one.question[:LONGEST], go=go, flags=flags(one)),
        ledger.cell(moved(one.scorers), note=also),
        ledger.cell(one.topic),
    )
