"""Under an answer that was asked for again of another version: which was better?

Takes an answer. What is pressed is stored at once as a vote that is not blind; pressed again, it is
taken back.
"""

from functools import partial
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
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_("Which was better?"), width="content")
        for choice, label in words.items():
            st.button(
                label,
                key=f"chat.again.{choice}.{pair.answer_id}",
                icon=":material/check:" if choice == pair.choice else None,
                help=_("Press again to take it back") if choice == pair.choice else None,
                on_click=notices.acting(partial(_press, pair, choice)),
            )


def _press(pair: "Again", choice: str) -> None:
    from core import comparison

    if pair.vote and choice == pair.choice:
        comparison.withdraw_vote(pair.vote.id)
    else:
        comparison.vote_in_chat(pair.answer_id, pair.other_id, choice)
