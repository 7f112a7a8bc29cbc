"""The thumb and what comes after it: reasons and a comment, both optional, saved as they are sent."""

import streamlit as st

from core import chat, feedback
from core.feedback.kinds import MAX_COMMENT, TITLES, title
from core.i18n import _
from pages.ui import notices, person
from pages.ui.errors import told

ASKED = "chat.commenting"


def rate(answer_id: str, rating: str) -> None:
    """Store the thumb at once and ask why; the same thumb again only opens the question again."""
    who = person.present().id
    before = feedback.of(answer_id, person_id=who)
    if before is None or before.rating != rating:
        feedback.give(answer_id, rating, person_id=who)
    st.session_state[ASKED] = answer_id


def panel(answer: chat.Answer) -> None:
    """Under an answer that was just rated: why? Sending, skipping or taking it back closes it."""
    id_ = answer.message.id
    if st.session_state.get(ASKED) != id_:
        return
    given = feedback.of(id_, person_id=person.present().id)
    if given is None:
        return
    fitting = feedback.UP_REASONS if given.rating == "up" else feedback.DOWN_REASONS
    with told(), st.form(f"chat.comment.{id_}"):
        st.markdown(_("What made it good?") if given.rating == "up" else _("What was wrong?"))
        with st.container(horizontal=True, gap="medium"):
            for reason in fitting:
                st.checkbox(title(reason), reason in given.reasons, key=_key(reason, id_))
        st.text_area(
            _("Comment (optional)"),
            given.comment,
            height=80,
            max_chars=MAX_COMMENT,
            key=f"chat.words.{id_}",
        )
        with st.container(horizontal=True):
            st.form_submit_button(
                _("Send"),
                type="primary",
                key=f"chat.send.{id_}",
                on_click=notices.acting(_send),
                args=(id_, given.rating),
            )
            st.form_submit_button(
                _("Skip"), type="tertiary", key=f"chat.skip.{id_}", on_click=_close
            )
            st.form_submit_button(
                _("Take the rating back"),
                type="tertiary",
                key=f"chat.withdraw.{id_}",
                on_click=notices.acting(_withdraw),
                args=(id_,),
            )


def _send(answer_id: str, rating: str) -> None:
    feedback.give(
        answer_id,
        rating,
        person_id=person.present().id,
        reasons=[reason for reason in TITLES if st.session_state.get(_key(reason, answer_id))],
        comment=st.session_state[f"chat.words.{answer_id}"],
    )
    _close()


def _withdraw(answer_id: str) -> None:
    feedback.withdraw(answer_id, person_id=person.present().id)
    _close()


def _key(reason: str, answer_id: str) -> str:
    return f"chat.reason.{reason}.{answer_id}"


def _close() -> None:
    st.session_state.pop(ASKED, None)
