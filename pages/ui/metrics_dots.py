"""Where are people unhappy: satisfaction by what answers have in common, the worst at the top.

In: a view, and ``?by=``. Out: dots with their intervals. Always holds: a thin dot is grey and says so;
what is left out for want of room is counted.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import metrics
from core.i18n import _, ngettext, number
from core.metrics import naming, saying
from pages.ui import metrics_chart as chart
from pages.ui import metrics_filters, notices
from pages.ui import metrics_plot as plot
from pages.ui.metrics_drawing import Drawing

MEASURE = "satisfaction"
BY = ("assistant", "topic", "document", "mode", "channel", "language", "version", "tier")
MOST = 12
ROW = 26  # pixels


def show(view: metrics.View) -> None:
    """The choice, the dots, their table."""
    st.subheader(_("Where are people unhappy?"), anchor=False)
    by = _by()
    told = [row for row in metrics.breakdown(MEASURE, by, view) if row.figure.n]
    if not told:
        st.caption(_("Nobody rated an answer in this period."))
        return
    names = naming.names(by, [row.key for row in told])
    rows = sorted(told, key=lambda row: row.figure.value or 0.0)
    drawn = sorted(told[:MOST], key=lambda row: row.figure.value or 0.0)  # the most rated ones
    if left := len(rows) - len(drawn):
        more = ngettext(
            "{n} with fewer ratings is in the table.",
            "{n} with fewer ratings are in the table.",
            left,
        )
        st.caption(more.format(n=number(left)))
    made = plot.drawn(f"dots.{by}", view, lambda: _dots(view, by, drawn, names))
    chart.plot("dots", _("Where are people unhappy?"), made)
    chart.tables("dots", _("Where are people unhappy?"), view, lambda: _table(by, rows, names))


def _by() -> str:
    chosen = st.query_params.get("by", "")
    here = chosen if chosen in BY else BY[0]
    key, titles = f"metrics.by.{here}", {name: _(naming.TITLES[name]) for name in BY}

    def turn() -> None:
        metrics_filters.FILTERS.go(by=st.session_state[key] or "")

    st.selectbox(
        _("By"),
        BY,
        BY.index(here),
        format_func=lambda name: titles[name],
        key=key,
        width=220,
        label_visibility="collapsed",
        on_change=notices.acting(turn),
    )
    return here


def _dots(
    view: metrics.View, by: str, rows: Sequence[metrics.Row], names: dict[str, str]
) -> Drawing:
    colours = plot.colours()
    made = plot.figure(height=76 + ROW * len(rows))
    made.add(
        "scatter",
        x=[row.figure.value or 0.0 for row in rows],
        y=list(range(len(rows))),
        mode="markers",
        marker={
            "size": 10,
            "color": [colours["faint" if row.figure.thin else "accent"] for row in rows],
        },
        unselected={"marker": {"opacity": 1}},
        error_x=_intervals([row.figure for row in rows]),
        customdata=[
            plot.points(
                {by: row.key}, MEASURE, plot.name(names[row.key], 80), plot.told(row.figure)
            )
            for row in rows
        ],
        hovertemplate=plot.HOVER,
    )
    _said_beside(made, [row.figure for row in rows])
    _axes(made, [plot.name(names[row.key], 24) for row in rows])
    _bound(made, metrics.figure(MEASURE, view).target)
    return made


def _intervals(told: Sequence[metrics.Figure]) -> dict[str, Any]:
    values = [one.value or 0.0 for one in told]
    return {
        "type": "data",
        "symmetric": False,
        "array": [_end(one.high, value) for one, value in zip(told, values, strict=True)],
        "arrayminus": [_end(value, one.low) for one, value in zip(told, values, strict=True)],
        "color": plot.colours()["ink"],
        "thickness": 1.2,
        "width": 3,
    }


def _said_beside(made: Drawing, told: Sequence[metrics.Figure]) -> None:
    """Each value with its n at the right."""
    for n, one in enumerate(told):
        counted = f"<span style='font-size:10px'>n = {number(one.n)}</span>"
        made.add_annotation(
            x=1.02,
            xref="paper",
            xanchor="left",
            y=n,
            showarrow=False,
            text=f"{saying.said(one)} {counted}",
            font={"size": 12, "color": plot.colours()["ink"]},
        )


def _axes(made: Drawing, names: Sequence[str]) -> None:
    made.update_layout(margin={"l": 4, "r": 92, "t": 26, "b": 4})
    made.update_xaxes(range=[-0.02, 1.02], tickformat=".0%", showgrid=True)
    made.update_xaxes(gridcolor=plot.colours()["grid"])
    made.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=list(names),
        range=[len(names) - 0.4, -0.6],
        showgrid=False,
    )


def _bound(made: Drawing, target: float | None) -> None:
    if target is None:
        return
    made.add_vline(target, **plot.dashed())
    made.add_annotation(
        x=target,
        y=1,
        yref="paper",
        yanchor="bottom",
        showarrow=False,
        text=plot.target(MEASURE, target),
        font={"color": plot.colours()["note"], "size": 11},
    )


def _end(high: float | None, low: float | None) -> float:
    return max(0.0, high - low) if high is not None and low is not None else 0.0


def _table(by: str, rows: Sequence[metrics.Row], names: dict[str, str]) -> chart.Table:
    title = _(naming.TITLES[by])
    heads = [title, saying.title(MEASURE), _("95% interval"), "n"]
    plain = [title, "id", saying.title(MEASURE), _("low"), _("high"), "n"]
    return chart.Table(heads, [_row(by, row, names[row.key]) for row in rows], plain)


def _row(by: str, row: metrics.Row, name: str) -> chart.Row:
    one = row.figure
    return chart.Row(
        [name, saying.said(one), saying.interval(one), number(one.n)],
        [name, row.key, one.value, one.low, one.high, one.n],
        (MEASURE, {by: row.key}) if row.key else None,
        _("few ratings") if one.thin else "",
    )
