"""Settings: what an operator looks after, part by part."""

import streamlit as st

from core.i18n import _
from pages.ui import settings_parts, work

st.title(_("Settings"), anchor=False)
work.failed()
settings_parts.show(settings_parts.choose())
