"""Side by side, by hand: a question, two versions, and both answers as they arrive.

``?comparison=`` is the one that is shown; so a reload, a link and the way back find it. What was
typed stays in the box, also when it could not be asked.
"""

import streamlit as st

from core import access, comparison
from core.comparison import Compared
from core.db.tables import Assistant
from core.errors import NotAllowed, NotFound
from core.i18n import _
from pages.ui import compare_hand_earlier, compare_hand_form, compare_hand_shown, errors


def show(assistant: Assistant) -> None:
    """What to ask, what was answered, and what was asked before."""
    choices = comparison.choices(assistant.id)
    found = _shown()
    compare_hand_form.show(assistant, choices, found)
    if found:
        compare_hand_shown.show(found, choices)
    compare_hand_earlier.show(assistant, found)


def named() -> str:
    """The comparison that the address names: by its id, or by one of its answers (the way back from
    how an answer came about)."""
    asked = st.query_params
    if "answer" in asked and "comparison" not in asked and access.may("read"):
        return comparison.of_answer(asked["answer"])
    return asked.get("comparison", "")


def _shown() -> Compared | None:
    """The comparison that the address names; where it cannot be shown, a sentence says why."""
    wanted = named()
    if not wanted:
        return None
    try:
        return comparison.comparison(wanted)
    except NotFound:
        st.info(_("There is no such comparison; perhaps it was removed."), icon=":material/info:")
    except NotAllowed as error:
        st.info(errors.sentence(error), icon=":material/lock:")
    return None
