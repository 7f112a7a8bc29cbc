"""Documents: what an assistant knows. Add, find, follow the reading, open at a place, remove.

``?document=`` opens one, ``&at=`` and ``&to=`` mark words in it; without it all are listed, as
``?search=&only=&sort=&page=`` say, or ``?view=search`` looks into them by hand.
"""

import streamlit as st

from core import access, assistants
from core.i18n import _
from pages.ui import (
    by_hand,
    document,
    first_steps,
    how_search,
    outcomes,
    places,
    safe,
    shelf,
    upload,
)

document_id = st.query_params.get("document")
if document_id:
    document.show(document_id)
elif assistants.default() is None:
    st.title(_("Documents"), anchor=False)
    st.markdown(_("Documents belong to an assistant, and there is none yet."))
    if access.may("change") and st.button(
        _("Create an assistant for my documents"), key="documents.first", type="primary"
    ):
        first_steps.own()
else:
    st.title(_("Documents"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        assistant = shelf.chosen()
        asking = _("Ask {name}").format(name=safe.label(assistant.name))
        places.link("chat", asking, icon=":material/forum:", assistant=assistant.id)
    if shelf.view() == "search":
        by_hand.show(assistant)
        outcomes.show()
    else:
        if access.may("change"):
            upload.show(assistant)
        shelf.listing(assistant)
    how_search.show(assistant)
