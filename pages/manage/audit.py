"""The audit log: who changed what, when and from where."""

import streamlit as st

from core.i18n import _

st.title(_("Audit log"), anchor=False)
st.info(_("Nothing is recorded yet."))
