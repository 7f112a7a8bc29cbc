"""How the model thought, folded above its answer: shown unless the assistant or the person hides it."""

import streamlit as st

from core import access, chat
from core.db.tables import Assistant
from core.i18n import _
from pages.ui import notices, person

KEY = "chat.thoughts"
PREFERENCE = "thoughts"


def shown(text: str, conversation_id: str) -> str:
    """``text`` where it may be seen; nobody is asked about thoughts that are not there."""
    if not text or person.present().preferences.get(PREFERENCE) is False:
        return ""
    return text if chat.shows_thoughts(conversation_id) else ""


def choose(assistant: Assistant) -> None:
    """The person's own choice; an assistant that hides them leaves none."""
    if assistant.thoughts:
        st.toggle(
            _("Show how the model thought"),
            person.present().preferences.get(PREFERENCE) is not False,
            key=KEY,
            on_change=notices.acting(_choose),
        )


def _choose() -> None:
    access.set_preferences(person.present().id, **{PREFERENCE: bool(st.session_state[KEY])})
