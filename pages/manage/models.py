"""Models: which there are, who uses them, how they do, and whether everything works."""

from concurrent.futures import ThreadPoolExecutor

import streamlit as st

from core import diagnosis
from core.i18n import _
from pages.ui import diagnoses, fetching, model_health, model_list, registering, work
from pages.ui.language import kept

st.title(_("Models"), anchor=False)
work.failed()
told, tried, rated = st.container(), st.container(), st.container()
with tried:
    diagnoses.show()  # before the servers are asked: one that hangs is what it is looked for
# each asks the servers: at the same time, so that one that hangs is waited for once
with told, st.spinner(_("Asking the servers…")), ThreadPoolExecutor() as pool:
    health_asked = pool.submit(kept(diagnosis.health))
    known_asked = pool.submit(kept(diagnosis.models))
    providers = pool.submit(kept(diagnosis.providers)).result()
    health, known = health_asked.result(), known_asked.result()
with told:
    model_health.server(health)
    model_list.show(known)
    registering.show()
    if not health.servers[0].error:
        fetching.show()
with rated:
    model_health.rates(health)
    model_list.providers(providers)
