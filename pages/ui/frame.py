"""The frame round every page: language, mark, navigation, notices; then the page itself."""

import streamlit as st

from core.i18n import _
from pages.ui import errors, language, notices, places
from pages.ui.components import ASSETS


def run() -> None:
    """Draw the page that the address names. Called by app.py on every run."""
    language.use()
    st.set_page_config(page_icon=str(ASSETS / "mark.svg"))  # or navigation fetches one elsewhere
    st.logo(str(ASSETS / "logo.svg"), icon_image=str(ASSETS / "mark.svg"))
    chosen = st.navigation([places.page(name) for name in places.PLACES], expanded=True)
    place = places.PLACES[chosen.url_path or "overview"]
    st.set_page_config(
        page_title=_("{page} · Ciclo").format(page=chosen.title),
        layout="wide" if place.wide else "centered",
    )
    notices.show()
    with errors.told():
        chosen.run()
    with st.sidebar:
        language.switch()
