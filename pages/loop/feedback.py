"""Feedback: what people said of the answers, by day and by what it has in common; a row each."""

import streamlit as st

from core import feedback, i18n
from core.i18n import _
from pages.ui import places, ratings_counts, ratings_filters, ratings_list, samples

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.title(_("Feedback"), anchor=False, width="content")
    if samples.present():
        st.badge(_("includes sample data"), color="gray")
said = ratings_filters.FILTERS.asked()
wanted = ratings_filters.wanted(said)
days = feedback.counts("day", wanted, zone=i18n.zone())
whole = feedback.total(days)

if not (whole.n or said or feedback.listing(limit=1)):
    st.markdown(
        _(
            "What people say of the answers comes together here: thumbs with their reasons, reported "
            "problems, stars, and whether a question was solved. Nobody has said anything yet."
        )
    )
    st.markdown(
        _(
            "Press a thumb under an answer, or let your own channels send what people say to "
            "`POST /api/v1/feedback`. The sample data on the overview brings a month of it."
        )
    )
    places.link("chat", _("Ask a question"), icon=":material/forum:")
    samples.lead()
else:
    ratings_filters.show()
    ratings_counts.figures(whole)
    ratings_counts.chart(days, said)
    ratings_counts.parts(wanted, days, said)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(_("What people said"), anchor=False)
        st.space("stretch")
        ratings_list.exports(wanted, whole.n)
    ratings_list.show(wanted)
