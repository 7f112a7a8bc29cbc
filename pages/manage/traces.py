"""Traces: how answers came about. ``?answer=`` opens one, without it all are listed, newest first."""

import streamlit as st

from core.i18n import _
from pages.ui import trace_list, trace_one

answer_id = st.query_params.get("answer")
if answer_id:
    trace_one.show(answer_id)
else:
    st.title(_("Traces"), anchor=False)
    trace_list.show()
