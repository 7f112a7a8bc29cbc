"""The person's conversations in the sidebar: begin one, search in all that was said, open one."""

from typing import Any

import streamlit as st

from core import chat
from core.db.tables import Conversation
from core.i18n import _, moment
from pages.ui import components, conversations, notices, person

PAGE = 30


def show(talk: Conversation | None) -> None:
    """The list: begin a new one, search in all that was said, the latest first."""
    st.button(
        _("New conversation"),
        key="chat.new",
        icon=":material/edit_square:",
        width="stretch",
        on_click=conversations.leave,
        args=(talk.assistant_id if talk else str(st.query_params.get("assistant", "")),),
    )
    search = st.text_input(
        _("Search conversations"),
        key="chat.search",
        type="search",
        live=True,
        placeholder=_("Search conversations"),
        label_visibility="collapsed",
    )
    most = PAGE * st.session_state.setdefault("chat.pages", 1)
    found = chat.conversations(person_id=person.present().id, search=search or "", limit=most + 1)
    components.talks(
        key="chat.talks",
        data={
            "label": _("Conversations"),
            "talks": [_entry(one, talk) for one in found[:most]],
        },
        on={"open": notices.acting(_open)},
    )
    if not found:
        st.caption(_("Nothing found.") if search else _("Your conversations will be here."))
    if len(found) > most:
        st.button(_("Show more"), key="chat.more", type="tertiary", on_click=_more)


def _entry(one: Conversation, talk: Conversation | None) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title or _("Untitled"),
        "when": moment(one.updated_at),
        "path": f"/chat?conversation={one.id}",
        "here": talk is not None and one.id == talk.id,
    }


def _open() -> None:
    conversations.open(components.pressed("chat.talks", "open"))


def _more() -> None:
    st.session_state["chat.pages"] += 1
