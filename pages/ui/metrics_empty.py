"""Before there is anything to measure, and while a large database is read for the first time."""

import streamlit as st

from core import metrics
from core.i18n import _, percent
from pages.ui import places, samples
from pages.ui.language import spoken


def show() -> bool:
    """Whether this stands in place of the figures."""
    if told := metrics.reading():
        done, whole = told
        st.info(_gathering(done, whole), icon=":material/hourglass_top:")
        st.fragment(_look_again, run_every=1.0)()
        return True
    if metrics.figure("answers", metrics.View(period="all")).n:
        return False
    st.markdown(
        _(
            "How good, how fast and how dear the answers are stands here: each figure with how many it is "
            "of, its interval, its target and the conversations behind it. Nobody has asked anything yet."
        )
    )
    st.markdown(
        _("Ask a question, let your own channels in by the API, or load a month of sample data.")
    )
    places.link("chat", _("Ask a question"), icon=":material/forum:")
    samples.lead()
    return True


def _gathering(done: int, whole: int) -> str:
    return _("The figures are being gathered: {share} of the conversations are read.").format(
        share=percent(done / whole) if whole else "0%"
    )


@spoken
def _look_again() -> None:
    if metrics.reading() is None:
        st.rerun()
