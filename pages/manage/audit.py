"""The audit log: who did what, when and from where. ``?line=`` opens one; without it all are listed."""

import streamlit as st

from core.i18n import _
from pages.ui import audit_list, audit_one

line = st.query_params.get("line", "")
if line.isdecimal() and len(line) < 10:
    audit_one.show(int(line))
else:
    st.title(_("Audit log"), anchor=False)
    audit_list.show()
