"""Metrics: how good, how fast, how dear the answers are; each figure leads to what stands behind it.

``?view=`` says which part of the page; the rest of the address is which conversations it is of, and
``&behind=`` the figure whose conversations are listed.
"""

import streamlit as st

from core.i18n import _
from pages.ui import metrics_behind, metrics_empty, metrics_filters, metrics_parts, samples

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.title(_("Metrics"), anchor=False, width="content")
    if samples.present():
        st.badge(_("includes sample data"), color="gray")
    st.space("stretch")
    tools = st.container(horizontal=True, width="content", gap="small")

if not metrics_empty.show():
    part = metrics_parts.choose()
    view = metrics_filters.view()
    with tools:
        metrics_parts.report(view)
        metrics_parts.tools()
    if part != "alerts":
        metrics_filters.show(view)
    metrics_parts.show(part, view)
    metrics_behind.show(view)
