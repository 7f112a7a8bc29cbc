"""Documents: what an assistant knows. Add, follow the reading, open at a place, remove.

``?document=`` opens one, ``&at=`` and ``&to=`` mark words in it; without it all are listed.
"""

import streamlit as st

from core import assistants
from core.i18n import _
from pages.ui import first_steps, reading, shelf

document_id = st.query_params.get("document")
if document_id:
    asked = st.query_params
    reading.show(*(asked.get(name, "") for name in ("document", "at", "to", "conversation")))
else:
    st.title(_("Documents"), anchor=False)
    if assistants.default() is None:
        st.markdown(_("Documents belong to an assistant, and there is none yet."))
        if st.button(
            _("Create an assistant for my documents"), key="documents.first", type="primary"
        ):
            first_steps.own()
    else:
        assistant = shelf.chosen()
        shelf.upload(assistant)
        shelf.listing(assistant)
