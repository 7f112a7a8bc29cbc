"""The loop at a glance: what waits where, and the way into each stage that exists."""

import streamlit as st

from core import access, loop
from core.i18n import _, ngettext, number
from pages.ui import first_steps, places, ring, samples, signed_in

now = loop.snapshot() if access.may("metrics") else loop.UNTOLD

st.title(_("From question to better answer"), anchor=False)
signed_in.tell_without_role()
if now.empty:
    st.markdown(_("Ciclo answers from your documents, and gets better with what people say of it."))
    if access.may("change"):
        first_steps.show()
else:
    asked = ngettext("{n} conversation", "{n} conversations", now.conversations)
    read = ngettext("{n} document", "{n} documents", now.documents)
    said = [asked.format(n=number(now.conversations)), read.format(n=number(now.documents))]
    if now.documents_waiting:
        waiting = ngettext("{n} being read", "{n} being read", now.documents_waiting)
        said.append(waiting.format(n=number(now.documents_waiting)))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(" · ".join(said), width="content")
        if samples.present():
            st.badge(_("includes sample data"), color="gray")
    samples.offer(now)

stage = ring.show(now)  # last: it grows when its script has come, and nothing below it jumps
if stage in places.PLACES:
    places.go(stage)
