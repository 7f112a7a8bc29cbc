"""What the last action on documents came to: a card at the window's edge, with an undo where there is one.

An action leaves an outcome, the next run shows it; it goes with the next action, with its undo, or
when it is closed. It moves nothing on the page. It lives in the session alone: the undo itself is
a verb on stored rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import streamlit as st

from core.errors import CicloError
from core.i18n import _
from pages.ui import components
from pages.ui.language import spoken

KEY = "documents.outcome"
CARD = "documents.said"
BRIEFLY, LONGER = 12, 60  # seconds: a plain word, one that can be taken back; what failed stays
_tokens = count(1)


@dataclass(frozen=True)
class Line:
    """What became of one thing."""

    name: str
    text: str
    bad: bool = False


@dataclass(frozen=True)
class Outcome:
    """A plain sentence, what became of each thing, and what takes it back."""

    headline: str
    lines: Sequence[Line]
    undo: Callable[[], Any] | None
    token: int
    stays: bool = False


def leave(
    headline: str,
    lines: Sequence[Line] = (),
    *,
    undo: Callable[[], Any] | None = None,
    stays: bool = False,
) -> None:
    """Say this (plain text) on the next run; ``stays`` until somebody closes it."""
    stays = stays or any(line.bad for line in lines)
    st.session_state[KEY] = Outcome(headline, lines, undo, next(_tokens), stays)


def clear() -> None:
    """Nothing to say any more."""
    st.session_state.pop(KEY, None)


def acting(act: Callable[..., Any]) -> Callable[..., Any]:
    """``act`` as a callback: in the reader's language; its errors become the outcome."""

    def acted(*args: Any, **kwargs: Any) -> None:
        clear()
        try:
            act(*args, **kwargs)
        except CicloError as error:
            leave(f"{error.message} {error.hint}".strip(), stays=True)

    return spoken(acted)


def show() -> None:
    """The card, always at the same place of the page, empty or not."""
    outcome: Outcome | None = st.session_state.get(KEY)
    undo = outcome.undo if outcome and outcome.undo else clear
    components.said(
        key=CARD,
        data=_told(outcome) if outcome else {"token": 0},
        on={"undo": acting(undo), "close": clear},
    )


def _told(outcome: Outcome) -> dict[str, Any]:
    lasting = 0 if outcome.stays else LONGER if outcome.undo else BRIEFLY
    return {
        "token": outcome.token,
        "headline": outcome.headline,
        "lines": [vars(line) for line in outcome.lines],
        "undo": _("Undo") if outcome.undo else "",
        "close": _("Close"),
        "seconds": lasting,
    }
