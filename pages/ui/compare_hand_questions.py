"""Questions to compare by: from the assistant's question file, or as people have really asked.

A question that was picked keeps what is known of its answer as long as its words stay as they are.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core import assistants, chat
from core.comparison import Question, Reference
from core.db.tables import Assistant
from core.errors import NotFound
from core.i18n import _
from pages.ui import notices

KNOWN = "compare.reference"  # {question: what is known of its answer}
RECENT = 50
LONGEST = 120


def pick(assistant: Assistant, into: str) -> None:
    """A popover; what is picked in it is put ``into`` the question's box."""
    with st.popover(
        _("Pick a question"), icon=":material/list:", key="compare.pick", on_change="rerun"
    ) as menu:
        if not menu.open:
            return
        filed = dict(of_file(assistant))
        _choose(_("From the question file"), filed, into, "compare.pick.file")
        _choose(
            _("As people asked"),
            {one: {} for one in of_traffic(assistant)},
            into,
            "compare.pick.asked",
        )


def of_file(assistant: Assistant) -> list[tuple[str, dict[str, Any]]]:
    """The questions of the file that came with the assistant, each with what is known of its answer."""
    try:
        lines = assistants.questions(assistant.sample) if assistant.sample else []
    except (NotFound, OSError):
        return []
    return [(one["question"], _reference(one)) for one in lines]


def of_traffic(assistant: Assistant) -> list[str]:
    """What people asked last, each wording once."""
    asked = chat.traces(chat.Wanted(assistant_id=assistant.id), limit=RECENT)
    return list(dict.fromkeys(one.question for one in asked))


def keep(question: str, reference: Mapping[str, Any]) -> None:
    """Remember what is known of a question's answer."""
    st.session_state[KNOWN] = {question.strip(): dict(reference)}


def asked(question: str) -> Question:
    """The question as it stands in the box, with what is known of its answer."""
    known = st.session_state.get(KNOWN, {}).get(question.strip(), {})
    return Question(question, Reference.of(known))


def _reference(line: Mapping[str, Any]) -> dict[str, Any]:
    held = {
        name: [line[one]]
        for name, one in (("documents", "document"), ("quotes", "quote"))
        if line.get(one)
    }
    return {"id": str(line.get("id", "")), "answerable": bool(line.get("quote")), **held}


def _choose(label: str, among: Mapping[str, Mapping[str, Any]], into: str, key: str) -> None:
    if not among:
        return

    def take() -> None:
        question = st.session_state[key]
        if question:
            st.session_state[into] = question
            keep(question, among[question])
            st.session_state[key] = None

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
