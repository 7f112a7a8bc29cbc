"""How hard an assistant's model thinks before it answers, where it is one that thinks."""

from typing import Any

import streamlit as st

from core import registry
from core.db.tables import Assistant
from core.i18n import _
from core.llm.parameters import EFFORTS
from core.registry.sight import thinks
from pages.ui import notices

USUAL = "usual"  # as the model is used to


def choose(one: Assistant) -> None:
    """Its effort; nothing is shown for a model that does not think."""
    now = registry.route(one.id)
    set_to = now.version.parameters.get("reasoning")
    if set_to is None and not thinks(now.model.provider, now.model.name):
        return
    said = {
        USUAL: _("As the model is used to"),
        "off": _("Not at all, where it can be kept from it"),
        "low": _("A little"),
        "medium": _("Well"),
        "high": _("Thoroughly, and slowest"),
    }
    st.selectbox(
        _("How hard it thinks before it answers"),
        list(said),
        index=list(said).index(_chosen(set_to)),
        format_func=said.__getitem__,
        key=_key(one.id),
        help=_("The passages hold the answer: thinking costs the asker time, and seldom helps."),
        on_change=notices.acting(_save),
        args=(one.id,),
    )


def _chosen(value: Any) -> str:
    if value is None:
        return USUAL
    return value if value in EFFORTS else "medium" if value else "off"


def _save(assistant_id: str) -> None:
    chosen = st.session_state[_key(assistant_id)]
    value = {USUAL: None, "off": False}.get(chosen, chosen)
    registry.set_parameters(assistant_id, reasoning=value)
    notices.leave(_("Saved."))


def _key(assistant_id: str) -> str:
    return f"assistants.reasoning.{assistant_id}"
