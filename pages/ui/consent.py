"""An assistant's text on personal data, to be agreed to before the first question of whoever sits here."""

import streamlit as st

from core import personal
from core.db.tables import Assistant
from core.i18n import _
from pages.ui import notices, safe


def missing(one: Assistant | None) -> personal.Asked | None:
    """What must be agreed to first; None where nothing must."""
    if one is None or not one.consent:
        return None
    asked = personal.consent(one.id)
    return None if asked.agreed else asked


def ask(one: Assistant, asked: personal.Asked) -> None:
    """The text as it was written, and the way to say yes."""
    with st.container(border=True):
        st.markdown(_("**{name} asks for your agreement first**").format(name=safe.label(one.name)))
        st.html(f'<div lang="">{safe.html(asked.text)}</div>')
        st.button(
            _("I agree"),
            key=f"chat.consent.{asked.digest[:8]}",
            type="primary",
            icon=":material/check:",
            on_click=notices.acting(_agree),
            args=(asked,),
        )
        st.caption(_("You can take this back at any time on the page of your account."))


def _agree(asked: personal.Asked) -> None:
    personal.agree(asked.assistant_id, asked.digest)
