"""Which documents answer, and which never do."""

from typing import Any

import streamlit as st

from core import metrics
from core.i18n import _, ngettext, number
from core.metrics import naming, saying
from pages.ui import ledger
from pages.ui import metrics_chart as chart

MEASURE = "satisfaction"
MOST = 6
SHOWN = 200  # rows of the whole table


def show(view: metrics.View) -> None:
    """Those that answers cite most, then those that none cites."""
    question = _("Which documents answer, and which never do?")
    st.subheader(question, anchor=False)
    cited, silent = metrics.cited(view), metrics.silent(view)
    if not cited and not silent:
        st.caption(_("No documents."))
        return
    if cited:
        table = _cited(cited[:MOST])
        chart.listed("documents", question, view, table)
        if len(cited) > MOST:
            more = ngettext("{n} more in the file.", "{n} more in the file.", len(cited) - MOST)
            st.caption(more.format(n=number(len(cited) - MOST)))
    chart.download("documents", lambda: _cited(cited, silent))
    if silent:
        _silent(silent)


def _cited(cited: list[metrics.Cited], silent: list[metrics.Silent] | None = None) -> chart.Table:
    names = naming.names("document", [one.document_id for one in cited])
    whole = sum(one.answers for one in cited)
    rows = [_row(one, names[one.document_id], whole) for one in cited]
    rows += [chart.Row([one.name], [one.name, one.document_id, 0], None) for one in silent or ()]
    heads = [_("Document"), _("Answers"), saying.title(MEASURE), "n"]
    return chart.Table(heads, rows, [heads[0], "id", *heads[1:]])


def _row(one: metrics.Cited, name: str, whole: int) -> chart.Row:
    happy = one.satisfaction
    return chart.Row(
        [name, number(one.answers), saying.said(happy), number(happy.n)],
        [name, one.document_id, one.answers, happy.value, happy.n],
        ("answers", {"document": one.document_id}),
        _("few ratings") if happy.n and happy.thin else "",
    )


def _silent(silent: list[metrics.Silent]) -> None:
    """Behind a click: there may be many."""
    told = ngettext(
        "{n} document that no answer cites", "{n} documents that no answer cites", len(silent)
    )
    with st.expander(told.format(n=number(len(silent))), icon=":material/volume_off:"):
        st.caption(
            _(
                "Nobody asked about these in this period, or the search does not find them. Search in "
                "them by hand to see which."
            )
        )
        whose = naming.names("assistant", [one.assistant_id for one in silent[:SHOWN]])
        rows: list[dict[str, Any]] = [
            ledger.row(
                ledger.cell(one.name, go=ledger.link("documents", document=one.document_id)),
                ledger.cell(whose[one.assistant_id]),
            )
            for one in silent[:SHOWN]
        ]
        heads = [ledger.head(_("Document"), wide=True), ledger.head(_("Assistant"))]
        ledger.show("metrics.silent", told.format(n=number(len(silent))), heads, rows)
