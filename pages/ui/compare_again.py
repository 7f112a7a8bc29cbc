"""Under an answer that was asked for again of another version: which was better?

Takes an answer. What is pressed is stored at once as a vote that is not blind; pressed again, it is
taken back.
"""

from typing import TYPE_CHECKING

import streamlit as st

from core import access, chat
from core.i18n import _
from pages.ui import notices

if TYPE_CHECKING:
    from core.comparison import Again


def show(answer: chat.Answer) -> None:
    """The line, where there is another version's answer to hold this one against."""
    if len(answer.siblings) < 2 or not access.may("rate"):
        return
    from core import comparison

    pair = comparison.of_chat(answer)
    if pair is not None:
        _line(pair)


def _line(pair: "Again") -> None:
    other = _("The one before") if pair.other_is_earlier else _("The next one")
    words = {
        "this": _("This one"),
        "other": other,
        "tie": _("Equally good"),
        "bad": _("Both bad"),
    }
    key = f"chat.again.{pair.answer_id}.{pair.other_id}"
    st.session_state[key] = pair.choice or None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_("Which was better?"), width="content")
        st.pills(
            _("Which was better?"),
            list(words),
            format_func=words.__getitem__,
            key=key,
            label_visibility="collapsed",
            on_change=notices.acting(lambda: _press(key, pair)),
        )


def _press(key: str, pair: "Again") -> None:
    from core import comparison

    chosen = st.session_state[key]
    if chosen:
        comparison.vote_in_chat(pair.answer_id, pair.other_id, chosen)
    elif pair.vote:
        comparison.withdraw_vote(pair.vote.id)
