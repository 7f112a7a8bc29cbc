"""The conversation that is shown: named in the address, kept for the session, asked in.

What the address does not say the session remembers, so that the way back from a document or
another page leads into the same conversation; ``leave`` begins a new one.
"""

import streamlit as st

from core import assistants, chat
from core.db.tables import Assistant, Conversation
from core.errors import CicloError, NotAllowed, NotFound
from core.i18n import _
from pages.ui import errors, models, modes, notices, person

LAST = "chat.last"
UNSENT = "chat.unsent"
REACHED = "chat.reached"


def shown() -> Conversation | None:
    """The conversation in the address, else the last one of this session that was not left.

    ``?answer=`` is the one to begin reading at, on whichever branch it is. One that is gone, or that
    is not theirs to read, leaves a word about it and a new conversation.
    """
    asked = st.query_params
    wanted = asked.get("conversation") or ("" if "assistant" in asked else _last())
    if not wanted:
        return None
    try:
        return open(wanted, at=asked.get("answer", ""))
    except NotFound:
        leave()
        st.info(_("There is no such conversation; perhaps it was deleted."), icon=":material/info:")
    except NotAllowed as error:
        leave()
        st.info(errors.sentence(error), icon=":material/lock:")
    return None


def assistant(talk: Conversation | None) -> Assistant | None:
    """Who answers here: the conversation's assistant, the one in the address, else the default."""
    wanted = talk.assistant_id if talk else st.query_params.get("assistant")
    try:
        return assistants.chosen(wanted)
    except NotFound:
        return None if talk else assistants.default()


def open(conversation_id: str, at: str = "") -> Conversation:
    """Show this conversation from now on, and name it in the address; ``at`` an answer of it."""
    talk = chat.conversation(conversation_id)
    st.session_state[LAST] = talk.id
    named = {"conversation": talk.id} | ({"answer": at} if _reached(talk, at) else {})
    if st.query_params.to_dict() != named:
        st.query_params.from_dict(named)
    return talk


def _reached(talk: Conversation, answer_id: str) -> bool:
    """Whether this is an answer of the conversation; its branch is shown, once: then people choose."""
    if answer_id == st.session_state.get(REACHED):
        return bool(answer_id)
    st.session_state[REACHED] = answer_id
    try:
        if not answer_id or chat.answer(answer_id).conversation.id != talk.id:
            return False
    except (NotFound, NotAllowed):
        return False
    if all(
        turn.answer is None or turn.answer.message.id != answer_id for turn in chat.path(talk.id)
    ):
        chat.show_branch(answer_id)
    return True


def ask(question: str, talk: Conversation | None, assistant: Assistant) -> Conversation:
    """Ask here, or in a new conversation; a question that could not be asked is given back."""
    st.session_state[UNSENT] = question
    try:
        started = chat.start(
            question,
            assistant=assistant.id,
            conversation_id=talk.id if talk else None,
            person_id=person.present().id,
            options=models.options(talk, **modes.chosen(assistant)),
        )
    except CicloError as error:
        notices.leave_error(error)
        st.rerun()
    del st.session_state[UNSENT]
    models.asked(talk)
    notices.clear()
    return open(started.conversation_id)


def give_back() -> None:
    """Put a question that could not be asked into the box again, before the box is drawn."""
    if unsent := st.session_state.pop(UNSENT, ""):
        st.session_state["chat.question"] = unsent


def _last() -> str:
    return str(st.session_state.get(LAST, ""))


def leave(assistant_id: str = "") -> None:
    """Begin a new conversation, with the assistant of the last one."""
    st.session_state.pop(LAST, None)
    st.query_params.from_dict({"assistant": assistant_id} if assistant_id else {})
