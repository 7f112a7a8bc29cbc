"""Questions to begin with: an assistant's starters, those not yet asked, and who is there to ask."""

import streamlit as st

from core import access, chat, registry, retrieval
from core.db.tables import Assistant, Conversation
from core.i18n import _
from pages.ui import engine, first_steps, models, places, safe

PICKED = "chat.picked"
FIRST, NEXT = 6, 3


def picked() -> str:
    """The starter that was pressed since the last run, once."""
    return str(st.session_state.pop(PICKED, ""))


def hello(assistant: Assistant) -> None:
    """The empty conversation: what this assistant is, and questions to begin with."""
    if not retrieval.documents(assistant.id, limit=1):
        st.info(_("This assistant has no documents yet, so it has nothing to answer from."))
        if access.may("change"):
            places.link(
                "documents", _("Add documents"), icon=":material/upload:", assistant=assistant.id
            )
        return
    st.markdown(_("Answers come from this assistant’s documents, each with its sources."))
    if not models.pinned(None):  # else the header says who answers
        st.caption(engine.sentence(assistant, registry.route(assistant.id).model))
    _buttons(assistant.starters[:FIRST])


def follow_up(talk: Conversation, assistant: Assistant | None) -> None:
    """Below the last answer: starters that this conversation has not asked yet."""
    turns = chat.path(talk.id)
    if not assistant or not turns or turns[-1].message.state == "running":
        return
    asked = {turn.message.text for turn in turns if turn.message.role == "user"}
    left = [text for text in assistant.starters if text not in asked]
    if left:
        st.caption(_("Ask next"))
        _buttons(left[:NEXT])


def nobody() -> None:
    """There is no assistant at all: the three first steps."""
    first_steps.show()


def _buttons(texts: list[str]) -> None:
    with st.container(gap="xsmall"):
        for i, text in enumerate(texts):
            st.button(
                safe.label(text),
                key=f"chat.starter.{i}.{text[:40]}",
                icon=":material/chat_bubble:",
                on_click=_pick,
                args=(text,),
                width="content",
            )


def _pick(text: str) -> None:
    st.session_state[PICKED] = text
