"""What just happened, said once at the top of the page, with an undo where there is one.

A callback leaves a notice, the next run shows it; it goes with the next notice, with the undo, or
after a while. It lives in the session alone: the undo itself is a verb on a stored row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core import clock
from core.errors import CicloError
from core.i18n import _
from pages.ui.errors import sentence
from pages.ui.language import spoken
from pages.ui.safe import label

KEY = "frame.notice"
SECONDS = 30.0


@dataclass(frozen=True)
class Notice:
    """A sentence; ``undo`` takes back what it tells of."""

    text: str
    at: float
    bad: bool = False
    undo: Callable[[], Any] | None = None


def leave(text: str, undo: Callable[[], Any] | None = None) -> None:
    """Say ``text`` (plain) at the top of the next run."""
    st.session_state[KEY] = Notice(label(text), clock.seconds(), undo=undo)


def leave_error(error: CicloError) -> None:
    """Say what went wrong at the top of the next run."""
    st.session_state[KEY] = Notice(sentence(error), clock.seconds(), bad=True)


def clear() -> None:
    """What was said is over: something else has happened since."""
    st.session_state.pop(KEY, None)


def acting(act: Callable[..., Any]) -> Callable[..., Any]:
    """``act`` as a callback: in the reader's language, its errors left as notices."""

    def acted(*args: Any, **kwargs: Any) -> None:
        clear()
        try:
            act(*args, **kwargs)
        except CicloError as error:
            leave_error(error)

    return spoken(acted)


def show() -> None:
    """Show the notice that was left, if it is still fresh."""
    notice: Notice | None = st.session_state.get(KEY)
    if notice is None or clock.seconds() - notice.at > SECONDS:
        return
    if notice.bad:
        st.error(notice.text, icon=":material/error:")
    elif notice.undo is None:
        st.success(notice.text, icon=":material/check:")
    else:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(notice.text, width="stretch")
            st.button(
                _("Undo"),
                key="frame.undo",
                icon=":material/undo:",
                type="tertiary",
                on_click=acting(notice.undo),
            )
