"""Where a document was used: the answers that had a passage of it, each a way into its conversation."""

import streamlit as st

from core import access, retrieval
from core.db.tables import Document
from core.i18n import _, moment, ngettext, number
from pages.ui import places, safe

MOST = 50
QUESTION = 120  # characters of a question that are shown


def show(document: Document) -> None:
    """How often, and where last."""
    use = retrieval.use_of(document.id)
    if not use.used:
        st.caption(_("No answer has had a passage of this document yet."))
        return
    if not access.may("read"):  # what others asked
        st.caption(said(use))
        return
    found = retrieval.appearances(document.id, limit=MOST)
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            asked = one.question if len(one.question) <= QUESTION else f"{one.question[:QUESTION]}…"
            label = safe.label(" ".join(asked.split()) or _("A question"))
            places.link("chat", label, conversation=one.conversation_id)
            st.caption(moment(one.at), width="content")
            if one.cited:
                st.badge(_("cited"), color="green")
            if one.wrong:
                st.badge(_("marked wrong"), color="red", icon=":material/thumb_down:")
    if len(found) == MOST:
        st.caption(_("Only the last {n} are shown.").format(n=number(MOST)))


def said(use: retrieval.Usage) -> str:
    """In how many answers it was."""
    parts = [
        ngettext("used in {n} answer", "used in {n} answers", use.used).format(n=number(use.used)),
        ngettext("cited in {n}", "cited in {n}", use.cited).format(n=number(use.cited)),
        ngettext("called wrong in {n}", "called wrong in {n}", use.wrong).format(
            n=number(use.wrong)
        ),
    ]
    return " · ".join(parts)
