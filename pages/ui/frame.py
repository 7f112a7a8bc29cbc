"""The frame round every page: language, mark, navigation, notices; then the page itself."""

import streamlit as st

from core import access
from core.db import room
from core.i18n import _
from pages.ui import errors, language, notices, person, places, safe, signed_in
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
    if not st.session_state.setdefault(person.LANDED, bool(st.query_params)):
        _land(chosen.url_path or "overview")
    notices.show()
    _warn_of_the_disk()
    with errors.told():
        if place.deed and not access.may(place.deed):
            signed_in.tell_without_role()
            access.demand(place.deed)
        chosen.run()
    with st.sidebar:
        person.choose()
        language.switch()


def _land(here: str) -> None:
    """Whoever comes to the first page is led to where their work is, once a visit."""
    st.session_state[person.LANDED] = True
    wanted = places.landing(person.present())
    if here == "overview" != wanted:
        places.go(wanted)


def _warn_of_the_disk() -> None:
    """Who can make room hears early that it runs out, wherever they are."""
    said = room.warning() if access.may("operate") else ""
    if said:
        shown = st.error if room.state(room.free()) == "bad" else st.warning
        shown(safe.label(said), icon=":material/hard_drive:")
        if st.query_params.get("view") != "storage":
            said, icon = _("What takes the room"), ":material/arrow_forward:"
            places.link("settings", said, icon=icon, view="storage")
