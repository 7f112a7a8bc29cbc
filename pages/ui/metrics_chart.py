"""A chart that answers a question: its title, the chart, the same as a table and as a file.

In: a question, a plotly figure whose points carry what they open, and its rows. Always holds: whatever
a point opens a row of the table opens too, so that no mouse is needed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import streamlit as st

from core import metrics
from core.i18n import _
from core.i18n.sheets import lines, safe
from core.metrics import exporting
from pages.ui import ledger, metrics_behind, notices
from pages.ui.language import kept

Plain = str | float | int | None


@dataclass(frozen=True)
class Row:
    """``shown`` for the table, ``plain`` for the file; ``opens``: the measure and what narrows it;
    ``flag`` stands after the first cell."""

    shown: Sequence[str]
    plain: Sequence[Plain]
    opens: tuple[str, Mapping[str, str]] | None = None
    flag: str = ""


@dataclass(frozen=True)
class Table:
    """Titles of the columns as they are shown, and of those in the file (the same ones where empty)."""

    shown: Sequence[str]
    rows: Sequence[Row]
    plain: Sequence[str] = field(default_factory=tuple)


def show(
    name: str,
    question: str,
    view: metrics.View,
    figure: Any,
    table: Callable[[], Table],
    note: str = "",
) -> None:
    """All of it; ``figure`` None where there is nothing to draw, which ``note`` then says."""
    with st.container(gap="small"):
        st.subheader(question, anchor=False)
        if note:
            st.caption(note)
        if figure is None:
            return
        plot(name, question, figure)
        tables(name, question, view, table)


def plot(name: str, question: str, figure: Any) -> None:
    """The chart; a point that is pressed opens what is behind it."""
    again = st.session_state.get(f"metrics.again.{name}", 0)
    key = f"metrics.chart.{name}.{again}"
    st.plotly_chart(
        figure,
        theme=None,
        key=key,
        alt=question,
        config={"displayModeBar": False, "locale": "en"},
        on_select=notices.acting(lambda: _press(name, key)),
        selection_mode="points",
    )


def _press(name: str, key: str) -> None:
    points = st.session_state[key]["selection"]["points"]
    carried = points[0].get("customdata") if points else None
    if carried:
        # the next time this chart is another element: the same point can be pressed again
        again = f"metrics.again.{name}"
        st.session_state[again] = st.session_state.get(again, 0) + 1
        metrics_behind.open_(str(carried[0]), **dict(parse_qsl(str(carried[1]))))


def tables(name: str, question: str, view: metrics.View, table: Callable[[], Table]) -> None:
    """The ways to the table and to the file, and the table where it is wanted."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        wanted = st.toggle(_("As a table"), key=f"metrics.table.{name}")
        download(name, table)
    if wanted:
        listed(name, question, view, table())


def download(name: str, table: Callable[[], Table]) -> None:
    """The rows as a file."""
    st.download_button(
        _("Export as CSV"),
        kept(partial(_file, table)),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"metrics.csv.{name}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def listed(name: str, question: str, view: metrics.View, told: Table) -> None:
    """The rows as a table of links."""
    first, *others = told.shown
    heads = [ledger.head(first, wide=True), *(ledger.head(one, side="end") for one in others)]
    rows = [
        ledger.row(
            ledger.cell(row.shown[0], go=_address(view, row), flags=[row.flag] * bool(row.flag)),
            *(ledger.cell(text) for text in row.shown[1:]),
        )
        for row in told.rows
    ]
    ledger.show(f"metrics.rows.{name}", question, heads, rows, here="metrics")


def _address(view: metrics.View, row: Row) -> dict[str, Any] | None:
    if row.opens is None:
        return None
    measure, narrower = row.opens
    return metrics_behind.address(view, measure, **narrower)


def _file(table: Callable[[], Table]) -> bytes:
    told = table()
    rows = [[_cell(one) for one in row.plain] for row in told.rows]
    return ("\ufeff" + lines([list(told.plain or told.shown), *rows])).encode()


def _cell(value: Plain) -> str:
    """Numbers as the reader's spreadsheet takes them, texts so that it takes none for a formula."""
    return safe(value) if isinstance(value, str) else exporting.plain(value)
