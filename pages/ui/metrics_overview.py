"""The first part of the metrics: the figures, the charts that answer questions, all figures."""

from typing import Literal

import streamlit as st

from core import metrics
from core.i18n import _
from pages.ui import (
    metrics_baseline,
    metrics_clock,
    metrics_documents,
    metrics_dots,
    metrics_strip,
    metrics_table,
    metrics_times,
)

GAP: Literal["large"] = "large"


def show(view: metrics.View) -> None:
    """All of it, two charts side by side where there is room."""
    if not metrics.figure("answers", view).n:
        st.markdown(_("No answer fits these choices."))
        return
    metrics_strip.show(view)
    metrics_baseline.show(view)
    left, right = st.columns(2, gap=GAP)
    with left:
        metrics_times.happier(view)
        with st.container(gap="small"):
            metrics_dots.show(view)
        metrics_times.dearer(view)
    with right:
        metrics_times.faster(view)
        with st.container(gap="small"):
            metrics_documents.show(view)
        metrics_clock.show(view)
    metrics_table.show(view)
