"""What is shown once: a one-time link, a token's secret. It stays in the session until it was taken."""

from dataclasses import dataclass

import streamlit as st

from core.i18n import _
from pages.ui import notices, safe


@dataclass(frozen=True)
class Once:
    """A sentence that says what it is and for whom, and the text to be copied."""

    said: str
    text: str


def keep(key: str, said: str, text: str) -> None:
    """Show it from the next run on, in place of what was there."""
    st.session_state[key] = Once(said, text)


def show(key: str) -> None:
    """The sentence, the text with a button that copies it, and one that puts it away."""
    once: Once | None = st.session_state.get(key)
    if once is None:
        return
    with st.container(border=True):
        st.markdown(safe.label(once.said))
        st.code(once.text, language=None, wrap_lines=True)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("It is shown this once: Ciclo does not keep it."), width="stretch")
            st.button(
                _("I have it"),
                key=f"{key}.gone",
                icon=":material/check:",
                on_click=notices.acting(lambda: st.session_state.pop(key, None)),
            )
