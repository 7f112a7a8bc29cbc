"""Models: which there are, who uses them, how they do, and whether everything works."""

import streamlit as st

from core import diagnosis
from core.i18n import _
from pages.ui import diagnoses, fetching, model_health, model_list, work

st.title(_("Models"), anchor=False)
work.failed()
health = diagnosis.health()
reachable = not health.servers[0].error
model_health.server(health)
model_list.show(diagnosis.models())
if reachable:
    fetching.show()
diagnoses.show()
model_health.rates(health)
model_list.providers()
