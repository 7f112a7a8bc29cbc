"""How the next answer is given: the assistant's modes and their levels, chosen above the question.

The choice holds for the session and the assistant; an assistant without modes shows nothing.
"""

from typing import Any

import streamlit as st

from core.db.tables import Assistant, Message
from core.i18n import _
from pages.ui import safe


def choose(assistant: Assistant) -> None:
    """The modes as a row, and the levels of the chosen one."""
    if not assistant.modes:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        picked = _row(
            _("Way of answering"), assistant.modes, _key(assistant, "mode"), first=_("Plain")
        )
        levels = _named(assistant.modes, picked).get("levels") or []
        if levels:
            _row(_("Level"), levels, _key(assistant, f"level.{picked}"))


def chosen(assistant: Assistant | None) -> dict[str, str]:
    """The mode and level of the next answer, by name; empty ones for none."""
    if assistant is None or not assistant.modes:
        return {"mode": "", "level": ""}
    mode = str(st.session_state.get(_key(assistant, "mode")) or "")
    level = str(st.session_state.get(_key(assistant, f"level.{mode}")) or "") if mode else ""
    return {"mode": mode, "level": level}


def titled(assistant: Assistant | None, message: Message) -> str:
    """In which mode and level an answer was given, as people read it."""
    if not message.mode:
        return ""
    mode = _named(assistant.modes if assistant else [], message.mode)
    level = _named(mode.get("levels") or [], message.level)
    said = [mode.get("title") or message.mode, level.get("title") or message.level]
    return " · ".join(part for part in said if part)


def _row(label: str, among: list[dict[str, Any]], key: str, *, first: str = "") -> str:
    titles = ({"": first} if first else {}) | {one["name"]: one["title"] for one in among}
    st.segmented_control(
        label,
        list(titles),
        format_func=lambda name: safe.label(titles.get(name, "")),
        default=next(iter(titles)),
        required=True,
        key=key,
        persist_state="session",
    )
    return str(st.session_state.get(key) or "")


def _named(among: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next((one for one in among if one["name"] == name), {})


def _key(assistant: Assistant, what: str) -> str:
    return f"chat.{what}.{assistant.id}"
