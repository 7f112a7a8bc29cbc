"""Questions to compare by: from the assistant's question file, or as people have really asked.

A question that was picked keeps what is known of its answer as long as its words stay as they are.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core import comparison
from core.comparison import Question, Reference
from core.db.tables import Assistant
from core.errors import CicloError
from core.i18n import _
from pages.ui import notices

KNOWN = "compare.reference"  # {question: what is known of its answer}
PICKER = "compare.pick"
RECENT = 50
LONGEST = 120


def pick(assistant: Assistant, into: str) -> None:
    """A popover; what is picked in it is put ``into`` the question's box."""
    with st.popover(
        _("Pick a question"),
        icon=":material/list:",
        key=PICKER,
        on_change="rerun",
        width="stretch",
    ) as menu:
        if not menu.open:
            return
        filed, asked = of_file(assistant), of_traffic(assistant)
        _choose(_("From the question file"), filed, into, "compare.pick.file")
        _choose(_("As people asked"), asked, into, "compare.pick.asked")
        if not filed and not asked:
            st.caption(_("Nobody has asked anything yet. Type a question."))


def of_file(assistant: Assistant) -> dict[str, Question]:
    """The questions of the file that came with the assistant, by their words."""
    try:
        return {one.text: one for one in comparison.of_sample(assistant)}
    except (CicloError, OSError):  # the sample no longer comes with Ciclo
        return {}


def of_traffic(assistant: Assistant) -> dict[str, Question]:
    """What people asked last, each wording once, without personal data."""
    return {one.text: one for one in comparison.of_traffic(assistant.id, RECENT)}


def keep(question: str, reference: Mapping[str, Any]) -> None:
    """Remember what is known of a question's answer."""
    st.session_state[KNOWN] = {question.strip(): dict(reference)}


def asked(question: str) -> Question:
    """The question as it stands in the box, with what is known of its answer."""
    known = st.session_state.get(KNOWN, {}).get(question.strip(), {})
    return Question(question, Reference.of(known))


def _choose(label: str, among: Mapping[str, Question], into: str, key: str) -> None:
    if not among:
        return

    def take() -> None:
        question = st.session_state[key]
        if question:
            st.session_state[into] = question
            keep(question, among[question].reference.told())
            st.session_state[key] = None
            st.session_state[PICKER] = False  # and the popover closes

    st.selectbox(
        label,
        list(among),
        index=None,
        format_func=lambda text: text if len(text) <= LONGEST else text[:LONGEST] + "…",
        placeholder=_("Type to search"),
        key=key,
        on_change=notices.acting(take),
        width=420,
    )
