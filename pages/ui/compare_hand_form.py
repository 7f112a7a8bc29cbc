"""What to ask and whom: the question, the two versions, and how they are asked.

What is typed and chosen is the session's, by assistant; a comparison that is opened puts its own
question and versions in, so that one thing can be changed and asked again.
"""

from collections.abc import Sequence

import streamlit as st

from core import comparison, retrieval
from core.comparison import Choice, Compared, Pair
from core.comparison.pairing import REMEMBERED
from core.db.tables import Assistant
from core.errors import CicloError
from core.i18n import _
from core.retrieval import approved
from pages.ui import (
    compare_hand_questions,
    compare_hand_ways,
    compare_side,
    models,
    notices,
    places,
)

WIDTHS = (5, 5, 2.4)  # the two versions, and what one presses
LOADED = "compare.loaded"  # the comparison whose question stands in the form


def show(assistant: Assistant, choices: Sequence[Choice], found: Compared | None) -> None:
    """The form; where the assistant has nothing to answer from, the way to documents."""
    if not retrieval.documents(assistant.id, limit=1):
        st.info(_("This assistant has no documents yet, so it has nothing to answer from."))
        places.link(
            "documents", _("Add documents"), icon=":material/upload:", assistant=assistant.id
        )
        return
    pair = comparison.pair(assistant.id)
    known = versions(assistant, choices, pair)
    _begin(assistant, known, pair, found)
    _question(assistant)
    left, right, last = st.columns(WIDTHS, vertical_alignment="bottom")
    for column, side in ((left, "a"), (right, "b")):
        with column:
            _version(assistant, side, known)
    with last:
        st.button(
            _("Compare"),
            key="compare.ask",
            type="primary",
            icon=":material/balance:",
            width="stretch",
            on_click=notices.acting(lambda: _ask(assistant)),
        )
    _why(assistant, pair)
    compare_hand_ways.show(assistant)


def key(assistant: Assistant, what: str) -> str:
    """Where the session keeps what was typed or chosen for this assistant."""
    return f"compare.{what}.{assistant.id}"


def versions(assistant: Assistant, choices: Sequence[Choice], pair: Pair) -> dict[str, str]:
    """What may be chosen: its versions by id, then ready models that no version of it has yet."""
    if not {pair.a.id, pair.b.id} <= {one.version.id for one in choices}:
        choices = comparison.choices(assistant.id)  # the pair has just been made
    known = {one.version.id: _label(one) for one in choices}
    used = {one.name for one in choices}
    new = (name for name in models.ready() if name not in used)
    as_champion = _("the champion with {model}")
    return known | {name: as_champion.format(model=models.called(name)) for name in new}


def _label(choice: Choice) -> str:
    return " · ".join((compare_side.title(choice), *compare_side.badges(choice)))


def _begin(assistant: Assistant, known: dict[str, str], pair: Pair, found: Compared | None) -> None:
    """Put the usual pair in, or what the comparison that was just opened had asked."""
    state = st.session_state
    for side, version in (("a", pair.a), ("b", pair.b)):
        if state.get(key(assistant, side)) not in known:
            state[key(assistant, side)] = version.id
    if found is None or found.row.id == state.get(LOADED):
        return
    state[LOADED] = found.row.id
    state[key(assistant, "question")] = found.row.question
    for side in comparison.SIDES:
        state[key(assistant, side)] = found.side(side).version.id
    compare_hand_ways.put(assistant, found.row.settings)
    compare_hand_questions.keep(found.row.question, found.row.reference)


def _question(assistant: Assistant) -> None:
    """The box takes any length: with a limit of its own it would keep a longer text to itself, and what
    stood there before would be asked in its place. Whoever asks is told that it is too long."""
    box, last = st.columns((sum(WIDTHS[:2]), WIDTHS[2]), vertical_alignment="bottom")
    with box:
        st.text_area(
            _("Question"),
            key=key(assistant, "question"),
            height=88,
            placeholder=_("What shall both answer?"),
            persist_state="session",
        )
    with last:
        compare_hand_questions.pick(assistant, key(assistant, "question"))


def _version(assistant: Assistant, side: str, known: dict[str, str]) -> None:
    st.selectbox(
        _("Version {letter}").format(letter=side.upper()),
        list(known),
        format_func=lambda one: known.get(one, ""),
        key=key(assistant, side),
        persist_state="session",
    )


def _why(assistant: Assistant, pair: Pair) -> None:
    """Why these two were proposed, as long as they are chosen."""
    chosen = [st.session_state.get(key(assistant, side)) for side in comparison.SIDES]
    if chosen == [pair.a.id, pair.b.id]:
        said = _("Proposed: {why}.").format(why=_(comparison.WHY[pair.why]))
        if pair.why == REMEMBERED and not approved.listed(assistant.id, "in_use", limit=1):
            said += " " + _(
                "No answer has been approved yet, so both will answer alike: review some, or "
                "choose another model."
            )
        st.caption(said)
    elif chosen[0] == chosen[1]:
        st.caption(
            _("Both are the same version: what differs then is chance, or what is set below.")
        )


def _ask(assistant: Assistant) -> None:
    state = st.session_state
    question = str(state.get(key(assistant, "question")) or "")
    try:
        row = comparison.ask_both(
            compare_hand_questions.asked(question),
            assistant=assistant.id,
            a=str(state[key(assistant, "a")]),
            b=str(state[key(assistant, "b")]),
            **compare_hand_ways.chosen(assistant),
        )
    except CicloError as error:
        notices.leave_error(error)
        return
    state[LOADED] = row.id
    for side, version_id in (("a", row.a_version_id), ("b", row.b_version_id)):
        state[key(assistant, side)] = version_id  # a model that was named has a version from now on
    st.query_params.from_dict({"assistant": assistant.id, "comparison": row.id})
