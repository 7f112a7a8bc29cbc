"""Below a conversation, in one quiet line: was the question solved, and how many stars.

Stored as it is pressed, restored when one comes back; pressed again it is taken back.
"""

import streamlit as st

from core import chat, feedback
from core.db.tables import Conversation
from core.errors import CicloError
from core.i18n import _
from pages.ui import errors, person
from pages.ui.language import spoken

FAILED = "chat.stars.failed"


def show(talk: Conversation) -> None:
    """The line, once there is an answer that has ended."""
    ended = any(turn.answer and turn.message.state == "done" for turn in chat.path(talk.id))
    if ended:
        st.fragment(_line)(talk.id)


@spoken
def _line(conversation_id: str) -> None:
    known = feedback.conversation_rating(conversation_id, person_id=person.present().id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chat.whole"):
        st.caption(_("Was your question solved?"), width="content")
        solved = {True: "yes", False: "no", None: None}[known.solved if known else None]
        st.segmented_control(
            _("Was your question solved?"),
            ["yes", "no"],
            default=solved,
            format_func=lambda one: {"yes": _("Yes"), "no": _("No")}[one],
            key=f"chat.solved.{conversation_id}",
            label_visibility="collapsed",
            on_change=_store,
            args=("solved", conversation_id),
        )
        st.feedback(
            "stars",
            key=f"chat.stars.{conversation_id}",
            default=known.stars - 1 if known and known.stars else None,
            on_change=_store,
            args=("stars", conversation_id),
        )
    if failed := st.session_state.pop(FAILED, ""):
        st.error(failed, icon=":material/error:")


@spoken
def _store(fact: str, conversation_id: str) -> None:
    pressed = st.session_state[f"chat.{fact}.{conversation_id}"]
    who = person.present().id
    try:
        if pressed is None:
            feedback.rate_conversation(conversation_id, person_id=who, forget=(fact,))
        elif fact == "stars":
            feedback.rate_conversation(conversation_id, person_id=who, stars=pressed + 1)
        else:
            feedback.rate_conversation(conversation_id, person_id=who, solved=pressed == "yes")
    except CicloError as error:
        st.session_state[FAILED] = errors.sentence(error)
