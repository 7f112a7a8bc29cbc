"""The stream of blind votes on the page: a ballot is shown, voted on, and the next one comes, in one
fragment.

Takes an assistant. What is shown is kept in the session until something changes it. An error empties
nothing: it is said above the ballot, and the next one comes where this one is gone.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core import access, comparison
from core.comparison.ballots import Stream
from core.db.tables import Assistant
from core.errors import CicloError, InvalidInput
from core.i18n import _, ngettext, number
from pages.ui import compare_ballot, components, person
from pages.ui.errors import told
from pages.ui.language import spoken

BALLOT = "comparison.ballot"
SHOWN = "comparison.voting"
Came = dict[str, Any]


def show(assistant: Assistant) -> None:
    """The ballots of an assistant, one after the other."""
    st.caption(
        _(
            "Two versions answered each question. Their names are hidden and their sides are drawn "
            "until you have voted."
        )
    )
    st.fragment(_voting)(assistant.id)


@spoken
def _voting(assistant_id: str) -> None:
    with told():
        shown = _shown(assistant_id)
        if shown["data"] is None:
            shown["data"] = _data(shown)
        around = {"last": shown["last"], "notice": shown["notice"]}
        components.ballot(key=BALLOT, data=shown["data"] | around, on=_acts(shown))
        if (view := shown.pop("go", None)) is not None:
            said = {"assistant": assistant_id} | ({"view": view} if view else {})
            st.query_params.from_dict(said)
            st.rerun()


def _shown(assistant_id: str) -> Came:
    """What lies before whoever sits here; another person or assistant begins anew."""
    of = (assistant_id, person.present().id)
    shown: Came | None = st.session_state.get(SHOWN)
    if shown is None or shown["of"] != of:
        shown = {"of": of, "data": None, "last": None, "notice": "", "passed": [], "wanted": ""}
        shown["left"] = None  # how many wait, counted once a visit
        st.session_state[SHOWN] = shown
    return shown


def _data(shown: Came) -> Came:
    """The ballot that was asked for, else the next one; else why there is none."""
    assistant_id, passed = shown["of"][0], shown["passed"]
    wanted, shown["wanted"] = shown["wanted"], ""
    if wanted:
        found = comparison.ballot(wanted)
    else:
        next_ = comparison.next_vote(assistant_id, passed=passed)
        if next_ is None:
            shown["left"] = None
            return _nothing(comparison.vote_stream(assistant_id), passed)
        found = next_
    if shown["left"] is None:
        shown["left"] = comparison.vote_stream(assistant_id).open
    return compare_ballot.data(found, shown["left"])


def _nothing(told: Stream, passed: list[str]) -> Came:
    lines, acts = compare_ballot.apart(told), [("look", _("Look again"), False)]
    if passed:
        said = ngettext("You skipped {n} question.", "You skipped {n} questions.", len(passed))
        lines.insert(0, said.format(n=number(len(passed))))
        acts.insert(0, ("back", _("Show me those again"), True))
    elif not told.voted:
        lines.append(_("Comparisons come from questions by hand and from evaluation runs."))
    if told.voted:
        said = ngettext("You voted on {n} question.", "You voted on {n} questions.", told.voted)
        lines.insert(0, said.format(n=number(told.voted)))
    for name, label in _ways():
        acts.append((name, label, not any(first for *_rest, first in acts)))
    key = f"nothing.{told.voted}.{len(passed)}"
    return compare_ballot.nothing(_("Nothing waits for your vote"), lines, acts, key)


def _ways() -> list[tuple[str, str]]:
    """Where comparisons come from, as far as whoever sits here may make some."""
    if not access.may("compare"):
        return []
    return [("runs", _("Start an evaluation run")), ("hand", _("Compare by hand"))]


# ---- what a voter does


def _acts(shown: Came) -> dict[str, Callable[[], None]]:
    acts = {
        "vote": _vote,
        "pass": _pass,
        "undo": _undo,
        "why": _why,
        "look": _look,
        "back": _back,
        "runs": lambda shown, came: _turn_to(shown, "runs"),
        "hand": lambda shown, came: _turn_to(shown, ""),
    }
    return {name: _acting(shown, name, act) for name, act in acts.items()}


def _acting(shown: Came, name: str, act: Callable[[Came, Came], None]) -> Callable[[], None]:
    """``act`` with what came; where it is refused, the reason is said above."""

    def acted() -> None:
        shown["notice"] = ""
        try:
            act(shown, components.pressed(BALLOT, name))
        except CicloError as error:
            if not isinstance(error, InvalidInput):
                shown["data"] = None  # it is gone: the next one comes
            shown["notice"] = f"{error.message} {error.hint}".strip()

    return spoken(acted)


def _vote(shown: Came, came: Came) -> None:
    voted = comparison.vote(
        str(came["comparison"]),
        str(came["choice"]),
        shown_left=str(came["left"]),
        seconds=float(came.get("seconds") or 0) or None,
    )
    left = max(0, (shown["left"] or 1) - 1)
    shown.update(data=None, last=compare_ballot.last(voted), left=left)


def _pass(shown: Came, came: Came) -> None:
    shown["passed"].append(str(came["comparison"]))
    shown["data"] = None


def _undo(shown: Came, came: Came) -> None:
    taken = comparison.undo_vote(shown["of"][0])
    wanted = taken.comparison_id if taken else ""
    left = shown["left"] + 1 if taken and shown["left"] is not None else None
    shown.update(data=None, last=None, wanted=wanted, left=left)


def _why(shown: Came, came: Came) -> None:
    told = comparison.explain_vote(str(came["vote"]), [str(one) for one in came["reasons"]])
    last = shown["last"]
    if last and last["vote"] == told.id:
        for one in last["reasons"]:
            one["on"] = one["value"] in told.reasons


def _look(shown: Came, came: Came) -> None:
    shown.update(data=None, left=None)


def _back(shown: Came, came: Came) -> None:
    shown.update(data=None, passed=[])


def _turn_to(shown: Came, view: str) -> None:
    shown.update(go=view, data=None)
