"""Whoever is signed in: their name in the frame, the way to their account, the way out."""

import streamlit as st

from core import access
from core.config import settings
from core.db.tables import Person
from core.i18n import _
from pages.ui import components, places, safe


def on() -> bool:
    """Whether people sign in here."""
    return settings().auth != "local"


def tell_without_role() -> None:
    """Why so little is here for somebody whom nobody has given a role yet."""
    somebody = access.acting()
    if on() and somebody is not None and not somebody.roles:
        st.info(_("You have no role yet. An admin gives you one."), icon=":material/badge:")


def menu(here: Person) -> None:
    """The name, and behind it what is theirs and the way out."""
    with st.popover(
        safe.label(access.called(here)),
        icon=":material/person:",
        type="tertiary",
        key="frame.who",
        on_change="rerun",
    ) as opened:
        if opened.open:
            places.link("account", _("Your account"), icon=":material/account_circle:")
            data = {"label": _("Sign out"), "action": "/logout"}
            components.sign_out(key="frame.out", data=data)
