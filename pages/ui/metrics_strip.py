"""The figures that matter most, side by side: value, change, n, target."""

import streamlit as st

from core import metrics
from core.i18n import _, number, percent, seconds
from core.metrics.measures import DOLLARS, SECONDS, SHARE

STRIP = ("satisfaction", "time_p50", "cost_conversation", "errors", "no_information")


def show(view: metrics.View) -> None:
    """One figure a measure."""
    with st.container(horizontal=True, gap="large"):
        for one in metrics.overview(view, STRIP):
            st.metric(_(metrics.measure(one.measure).title), said(one))
            st.caption(_("n = {n}").format(n=number(one.n)))


def said(one: metrics.Figure) -> str:
    """A figure in its unit, as the reader writes it."""
    if one.value is None:
        return "–"
    unit = metrics.measure(one.measure).unit
    if unit == SHARE:
        return percent(one.value)
    if unit == SECONDS:
        return seconds(one.value)
    return metrics.money(one.value) if unit == DOLLARS else number(one.value, 1)
