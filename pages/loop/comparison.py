"""Comparison: two versions answer the same question, and what can be said of the difference.

``?view=`` says which part of the page, ``&assistant=`` of whom; ``?comparison=`` is one question with
both its answers, ``&run=`` one evaluation run.
"""

import streamlit as st

from core.i18n import _
from pages.ui import compare_parts, samples

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.title(_("Comparison"), anchor=False, width="content")
    if samples.present():
        st.badge(_("includes sample data"), color="gray")
    st.space("stretch")
    chosen = st.container(horizontal=True, width="content", gap="small")

with chosen:
    assistant = compare_parts.assistant()
if assistant is None:
    compare_parts.nobody()
else:
    compare_parts.show(compare_parts.choose(assistant), assistant)
