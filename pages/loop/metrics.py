"""Metrics: how good, how fast, how dear the answers are; each figure leads to what stands behind it."""

import streamlit as st

from core import metrics
from core.i18n import _
from pages.ui import metrics_filters, metrics_strip, samples

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.title(_("Metrics"), anchor=False, width="content")
    if samples.present():
        st.badge(_("includes sample data"), color="gray")
view = metrics.view(metrics_filters.FILTERS.asked())
metrics_strip.show(view)
