"""Charts in one place: our fonts and colours in both themes, direct labels, axes with titles.

In: numbers and words. Out: a figure on the page. Always holds: a chart has a table behind it (whoever
calls it shows one), and colour never carries a meaning alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from core import i18n

HEIGHT = 220
COLOURS = {  # as in .streamlit/config.toml: text and bars pass AA on both backgrounds
    "light": {"good": "#17803D", "bad": "#C5221F", "note": "#B45309", "ink": "#5B6662"},
    "dark": {"good": "#4CC38A", "bad": "#FF8A80", "note": "#F0A04B", "ink": "#9AA6A2"},
}


@dataclass(frozen=True)
class Bars:
    """A row of bars: what it is called, its colour's name, its heights; ``down`` hangs them."""

    name: str
    colour: str
    heights: Sequence[int]
    down: bool = False


def by_day(days: Sequence[date], rows: Sequence[Bars], *, key: str, axis: str) -> None:
    """Bars a day, those that hang below the line, each named at its side."""
    import plotly.graph_objects as go

    colours = COLOURS[st.context.theme.type or "light"]
    figure = go.Figure()
    for row in rows:
        sign = -1 if row.down else 1
        figure.add_bar(
            x=list(days),
            y=[sign * height for height in row.heights],
            name=row.name,
            marker_color=colours[row.colour],
            customdata=[
                [i18n.day(day), i18n.number(n)] for day, n in zip(days, row.heights, strict=True)
            ],
            hovertemplate="%{customdata[0]}: %{customdata[1]}<extra>" + row.name + "</extra>",
        )
    figure.update_layout(**_layout(axis, colours["ink"]))
    st.plotly_chart(figure, key=key, config={"displayModeBar": False, "locale": "en"})


def _layout(axis: str, ink: str) -> dict[str, Any]:
    separators = ",." if i18n.language() == "pt-BR" else ".,"
    return {
        "barmode": "relative",
        "bargap": 0.25,
        "height": HEIGHT,
        "margin": {"l": 0, "r": 0, "t": 8, "b": 0},
        "separators": separators,
        "font": {"family": "Inter, sans-serif", "color": ink},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title": ""},
        "xaxis": {"tickformat": "%d/%m" if separators == ",." else "%m-%d", "fixedrange": True},
        "yaxis": {"title": axis, "fixedrange": True, "tickformat": ",d", "rangemode": "tozero"},
    }
