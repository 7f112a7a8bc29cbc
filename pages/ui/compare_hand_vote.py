"""A vote on the comparison that is shown, and its names hidden until there is one.

Hidden only where whoever asked wanted it so; the sides then stand in an order drawn for each person,
and stay where they stood when their names come.
"""

from functools import partial

import streamlit as st

from core import access, comparison
from core.comparison import Compared, ballots, votes
from core.db.tables import Vote
from core.i18n import _
from pages.ui import notices
from pages.ui.compare_side import Order

SHOWN = "compare.revealed"  # ids of comparisons whose names were asked for without a vote


def order(found: Compared) -> Order:
    """Which side stands left."""
    if not found.row.settings.get("hidden"):
        return "a", "b"
    left = ballots.left_of(found.row, access.present().id)
    return (left, "b" if left == "a" else "a")


def hidden(found: Compared) -> bool:
    """Whether the names are hidden from whoever looks."""
    if not found.row.settings.get("hidden") or found.row.id in st.session_state.get(SHOWN, ()):
        return False
    return not (comparison.under_way(found) is False and _settled(found))


def show(found: Compared) -> None:
    """The vote, or what was voted; nothing where nobody can."""
    if not access.may("review"):
        return
    why = _why_not(found)
    if why in ("running", "failed"):
        return
    mine = votes.vote_of(found.row.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if mine is not None:
            _voted(found, mine)
        elif why:
            st.caption(_(ballots.WHY_NOT[why]))
        else:
            _choices(found)


def _settled(found: Compared) -> bool:
    """Whether there is a vote, or there can be none."""
    return bool(_why_not(found)) or votes.vote_of(found.row.id) is not None


def _why_not(found: Compared) -> str:
    said = [one.answer.message if one.answer else None for one in (found.a, found.b)]
    return ballots.why_not(said[0], said[1], found.row.learned)


def _choices(found: Compared) -> None:
    st.markdown(_("Which was better?"), width="content")
    left, right = letters(order(found), hidden(found))
    titles = {"left": left, "right": right, "tie": _("Equally good"), "bad": _("Both bad")}
    for choice, title in titles.items():
        st.button(
            title,
            key=f"compare.vote.{choice}",
            on_click=notices.acting(partial(_vote, found, choice)),
        )
    if hidden(found):
        act = notices.acting(partial(_reveal, found.row.id))
        st.button(_("Show the names"), key="compare.reveal", type="tertiary", on_click=act)


def letters(order: Order, hidden: bool) -> tuple[str, str]:
    """What the left and the right side are called."""
    return ("1", "2") if hidden else (order[0].upper(), order[1].upper())


def _voted(found: Compared, mine: Vote) -> None:
    said = {
        "a": _("A was better"),
        "b": _("B was better"),
        "tie": _("equally good"),
        "bad": _("both bad"),
    }
    st.markdown(_("Your vote: {vote}.").format(vote=said[mine.choice]), width="content")
    act = notices.acting(partial(comparison.withdraw_vote, mine.id))
    st.button(
        _("Take it back"),
        key="compare.unvote",
        icon=":material/undo:",
        type="tertiary",
        on_click=act,
    )


def _vote(found: Compared, choice: str) -> None:
    left = order(found)[0]
    blind = hidden(found)
    comparison.vote(found.row.id, choice, shown_left=found.side(left).answer_id, blind=blind)
    _reveal(found.row.id)


def _reveal(comparison_id: str) -> None:
    """The names are known from here on, also when the vote is taken back."""
    known = st.session_state.setdefault(SHOWN, set())
    known.add(comparison_id)
