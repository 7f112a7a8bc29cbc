"""Documents: what an assistant knows. Add, find, follow the reading, open at a place, remove.

``?document=`` opens one, ``&at=`` and ``&to=`` mark words in it; without it all are listed, as
``?search=&only=&sort=&page=`` say.
"""

import streamlit as st

from core import assistants
from core.i18n import _
from pages.ui import first_steps, places, reading, safe, shelf, upload

document_id = st.query_params.get("document")
if document_id:
    asked = st.query_params
    reading.show(*(asked.get(name, "") for name in ("document", "at", "to", "conversation")))
elif assistants.default() is None:
    st.title(_("Documents"), anchor=False)
    st.markdown(_("Documents belong to an assistant, and there is none yet."))
    if st.button(_("Create an assistant for my documents"), key="documents.first", type="primary"):
        first_steps.own()
else:
    st.title(_("Documents"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        assistant = shelf.chosen()
        asking = _("Ask {name}").format(name=safe.label(assistant.name))
        places.link("chat", asking, icon=":material/forum:", assistant=assistant.id)
    upload.show(assistant)
    shelf.listing(assistant)
