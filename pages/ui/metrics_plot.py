"""What all charts of the metrics have in common: fonts, colours, axes in the reader's words, marks.

In: numbers and plain saying. Out: a plotly figure. Always holds: a name that somebody gave is escaped
(plotly reads tags in texts), and every text has the reader's separators.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any

import streamlit as st

from core import i18n, metrics
from core.i18n import _
from core.metrics import course, saying, targets
from core.metrics.kept import kept
from core.metrics.measures import DOLLARS, SECONDS, SHARE
from pages.ui.charts import COLOURS
from pages.ui.metrics_drawing import Drawing

HEIGHT = 280
MOST_TICKS = 6
LINE = 14  # pixels of a line of words
LONGEST = 30  # characters of a name
CLOSE = 0.06  # of the width: marks nearer than this share a label
ACCENT = {"light": "#0B6B5F", "dark": "#5EDDC6"}
BAND = {"light": "rgba(11,107,95,0.13)", "dark": "rgba(94,221,198,0.16)"}
FAINT = {"light": "#C3CBC8", "dark": "#3E4945"}
GRID = {"light": "#E8ECEA", "dark": "#232B28"}
AXIS = {"fixedrange": True, "zeroline": False, "ticks": "", "showline": False}
APART = {"ticks": "outside", "ticklen": 6, "tickcolor": "rgba(0,0,0,0)"}  # words off the axis
GROUND = {"light": "#FFFFFF", "dark": "#101413"}


def colours() -> dict[str, str]:
    """Of the theme that is shown."""
    theme = st.context.theme.type or "light"
    return COLOURS[theme] | {
        "accent": ACCENT[theme],
        "band": BAND[theme],
        "faint": FAINT[theme],
        "ground": GROUND[theme],
        "grid": GRID[theme],
    }


def drawn(name: str, view: metrics.View, draw: Callable[[], Drawing]) -> Any:
    """A chart as it was drawn before where neither the facts nor what is set nor the reader's theme,
    language or minute has changed."""
    theme = st.context.theme.type or "light"
    return kept(
        ("chart", name, view, theme, i18n.language(), repr(targets.held())), lambda: draw().plotly()
    )


def figure(**layout: Any) -> Drawing:
    """An empty one in our fonts."""
    made = Drawing(
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        height=HEIGHT,
        margin={"l": 4, "r": 12, "t": 30, "b": 4},
        separators=",." if i18n.language() == "pt-BR" else ".,",
        font={"family": "Inter, sans-serif", "color": colours()["ink"], "size": 12},
        showlegend=False,
        hovermode="closest",
        dragmode=False,
        clickmode="event+select",
        hoverlabel={"font": {"family": "Inter, sans-serif"}, "align": "left"},
        xaxis=AXIS | {"automargin": True, "showgrid": False} | APART,
        yaxis=AXIS | {"automargin": True, "gridcolor": colours()["grid"]},
    )
    made.update_layout(**layout)
    return made


def name(text: str, most: int = LONGEST) -> str:
    """A name that somebody gave, short enough and read as text alone."""
    flat = " ".join(text.split())
    return escape(flat if len(flat) <= most else flat[: most - 1].rstrip() + "…")


def shown(measure: str, values: Iterable[float | None]) -> list[float | None]:
    """Values as they stand on the axis: money in the currency that is shown."""
    dollars = metrics.measure(measure).unit == DOLLARS
    rate = (targets.held().rate or 1.0) if dollars else 1.0
    return [value if value is None else value * rate for value in values]


def scale(measure: str) -> dict[str, Any]:
    """The axis of a measure: its unit."""
    unit = metrics.measure(measure).unit
    if unit == SHARE:
        return {"tickformat": ".0%", "rangemode": "tozero"}
    if unit == SECONDS:
        return {"ticksuffix": " s", "rangemode": "tozero"}
    if unit == DOLLARS:
        held = targets.held()
        sign = {"BRL": "R$ ", "EUR": "€ ", "GBP": "£ "}.get(held.currency if held.rate else "")
        return {"tickprefix": sign or "US$ ", "rangemode": "tozero"}
    return {"rangemode": "tozero"}


def days(grain: str, times: Sequence[datetime]) -> dict[str, Any]:
    """The axis of time: words at some of the points, so that a week is named by its first day."""
    ours = i18n.language() == "pt-BR"
    formats = {"hour": "%H:%M", "month": "%m/%Y" if ours else "%b %Y"}
    step = max(1, -(-len(times) // MOST_TICKS))
    return {
        "tickmode": "array",
        "tickvals": list(times[::step]),
        "tickformat": formats.get(grain, "%d/%m" if ours else "%b %-d"),
        "showgrid": False,
    }


def target(measure: str, value: float) -> str:
    """The target in words."""
    return _("target {value}").format(value=saying.value(measure, value))


def dashed() -> dict[str, Any]:
    """The line of a target."""
    return {"dash": "dash", "width": 1, "color": colours()["note"]}


def ends(made: Drawing, told: Sequence[tuple[float, str, str]], top: float) -> None:
    """Words (height, text, colour) at the right of lines on a scale from 0 to ``top``: those that would
    lie on another stand above it."""
    made.update_yaxes(range=[0, top])
    made.update_layout(margin={"l": 4, "r": 92, "t": 30, "b": 4})
    below = -LINE
    for value, text, colour in sorted(told):
        at = round((HEIGHT - 56) * value / top)
        below = max(at, below + LINE)
        made.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=value,
            yshift=below - at,
            text=text,
            showarrow=False,
            font={"color": colour, "size": 11},
        )


def marked(made: Drawing, marks: Sequence[metrics.Mark], times: Sequence[datetime]) -> None:
    """Dotted lines where something changed; those too near to the last label stand without one."""
    if len(times) < 2:
        return
    length = (times[-1] - times[0]) or timedelta(seconds=1)
    ink, last = colours()["ink"], -1.0
    for mark in marks:
        at = course.local(mark.at)
        share = (at - times[0]) / length
        if not 0 <= share <= 1:
            continue
        made.add_vline(at, dash="dot", width=1, color=ink)
        if last < 0 or share - last > CLOSE * 3:
            made.add_annotation(
                x=at,
                y=1,
                yref="paper",
                yanchor="bottom",
                xanchor="left" if share < 0.8 else "right",
                text=name(mark.text, 22),
                hovertext=name(f"{_(metrics.MARKS[mark.kind])}: {mark.text}", 120),
                showarrow=False,
                font={"size": 10, "color": ink},
            )
            last = share


def told(one: metrics.Figure) -> str:
    """What a point says on hover."""
    parts = [
        saying.said(one),
        saying.interval(one),
        f"n = {i18n.number(one.n)}",
        _("too few to rely on") if one.thin else "",
    ]
    return "<br>".join(escape(part) for part in parts if part)


def points(narrower: Mapping[str, str], measure: str, label: str, hover: str) -> list[str]:
    """What a point carries: the measure and the narrower view that it opens, and its hover text."""
    from urllib.parse import urlencode

    return [measure, urlencode(narrower), label, hover]


HOVER = "<b>%{customdata[2]}</b><br>%{customdata[3]}<extra></extra>"
