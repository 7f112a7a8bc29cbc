"""Evaluation runs of an assistant: the one that the address names, or how to begin one and those there were.

``&run=`` is the id of one.
"""

from typing import Any

import streamlit as st

from core import access, comparison
from core.comparison.evaluations import OPEN
from core.db.tables import Assistant, EvaluationRun
from core.errors import NotFound
from core.i18n import _, moment, number
from pages.ui import (
    compare_runs_new,
    compare_runs_one,
    compare_runs_sample,
    compare_side,
    ledger,
    safe,
)

PLACE = "comparison"
MOST = 20
LARGE = 1000  # questions from which a verdict is made only where it is opened
MARKS = {"waiting": "busy", "running": "busy", "done": "good", "failed": "bad", "cancelled": "off"}


def show(assistant: Assistant) -> None:
    """One run, or all."""
    wanted = st.query_params.get("run", "")
    if wanted and _one(wanted):
        return
    runs = comparison.runs(assistant.id, limit=MOST)
    if access.may("compare"):
        compare_runs_sample.show(assistant, runs)
        compare_runs_new.show(assistant, runs)
    _list(assistant, runs)


def _one(run_id: str) -> bool:
    try:
        compare_runs_one.show(comparison.run(run_id))
    except NotFound as error:
        st.info(safe.label(error.message), icon=":material/info:")
        return False
    return True


def _list(assistant: Assistant, runs: list[EvaluationRun]) -> None:
    if not runs:
        st.caption(
            _(
                "An evaluation asks two versions all questions of a list, and says in one sentence "
                "whether the difference is real, with its interval and what is still missing."
            )
        )
        return
    st.subheader(_("Evaluations"), anchor=False)
    heads = [
        ledger.head(_("Evaluation"), wide=True),
        ledger.head(_("State"), side="short"),
        ledger.head("A"),
        ledger.head("B"),
        ledger.head("n", side="end"),
        ledger.head(_("Begun"), side="short"),
    ]
    named = compare_side.names(comparison.choices(assistant.id))
    rows = [_row(assistant, one, named) for one in runs]
    ledger.show("compare.runs", _("Evaluations"), heads, rows, here=PLACE)


def _row(assistant: Assistant, run: EvaluationRun, named: compare_side.Names) -> dict[str, Any]:
    go = ledger.link(PLACE, assistant=assistant.id, view="runs", run=run.id)
    found = comparison.verdict(run.id) if run.state not in OPEN and run.n <= LARGE else None
    return ledger.row(
        ledger.cell(
            run.name,
            go=go,
            note=found.sentence if found else "",
            flags=[_("sample")] if run.is_sample else [],
        ),
        ledger.cell(_(comparison.STATES[run.state]), mark=MARKS[run.state]),
        *(_version(named, id_) for id_ in (run.a_version_id, run.b_version_id)),
        ledger.cell(number(run.n)),
        ledger.cell(moment(run.created_at)),
    )


def _version(named: compare_side.Names, version_id: str) -> ledger.Cell:
    name = named.get(version_id)
    return ledger.cell(name.title, note=" · ".join(name.badges)) if name else ledger.cell()
