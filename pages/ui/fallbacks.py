"""Who answers when an assistant's model cannot: other models in order, Ciclo's own engine last."""

import streamlit as st

from core import assistants, registry
from core.db.tables import Assistant
from core.i18n import _
from core.llm import EMBEDDED
from core.registry.routing import MOST_FALLBACKS
from pages.ui import models, notices


def choose(one: Assistant) -> None:
    """The fallbacks, in the order in which they are asked."""
    now = registry.route(one.id).model
    current = [name for name in one.routing.get("fallbacks", []) if isinstance(name, str)]
    others = [
        name for name in models.ready() if name not in (EMBEDDED, f"{now.provider}:{now.name}")
    ]
    if not current and not others:
        return
    st.multiselect(
        _("If it fails, ask in this order"),
        list(dict.fromkeys([*current, *others])),
        default=current,
        format_func=lambda name: models.title(*name.split(":", 1)),
        max_selections=MOST_FALLBACKS,
        placeholder=_("Ciclo’s own engine at once"),
        key=_key(one),
        help=_("Ciclo’s own engine answers last: it needs no server."),
        on_change=notices.acting(_save),
        args=(one.id,),
    )


def _save(assistant_id: str) -> None:
    one = assistants.get(assistant_id)
    chosen = list(st.session_state[_key(one)])
    assistants.update(assistant_id, routing=one.routing | {"fallbacks": chosen})
    notices.leave(_("Saved."))


def _key(one: Assistant) -> str:
    return f"assistants.fallbacks.{one.id}"
