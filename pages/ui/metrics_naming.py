"""Topics get a name from a person, or are grouped anew."""

from collections.abc import Sequence

import streamlit as st

from core import metrics
from core.i18n import _, ngettext, number
from core.metrics.topics.figures import LONGEST_LABEL, TopicRow
from pages.ui import notices

KEY = "metrics.topic"


def show(told: Sequence[TopicRow]) -> None:
    """A button; behind it a topic to choose, its name, and the way to group anew."""
    known = {one.id: one for one in told if one.id}
    if not known:
        return
    with st.popover(
        _("Name a topic"),
        icon=":material/edit:",
        type="tertiary",
        key=f"{KEY}.open",
        on_change="rerun",
    ) as menu:
        if not menu.open:
            return
        chosen = st.selectbox(
            _("Topic"), list(known), format_func=lambda id_: known[id_].label, key=f"{KEY}.which"
        )
        with st.form(f"{KEY}.form", border=False):
            key = f"{KEY}.name.{chosen}"
            st.text_input(
                _("Name"),
                known[chosen].label if known[chosen].named else "",
                placeholder=known[chosen].label,
                max_chars=LONGEST_LABEL,
                key=key,
                help=_("Left empty, it is called by its words again."),
            )
            st.form_submit_button(
                _("Save"), on_click=notices.acting(_rename), args=(chosen, key), type="primary"
            )
        whose = known[chosen].assistant_id
        st.button(
            _("Group this assistant's questions anew"),
            key=f"{KEY}.regroup",
            on_click=notices.acting(_regroup),
            args=(whose,),
            icon=":material/refresh:",
            type="tertiary",
        )


def _rename(topic_id: str, key: str) -> None:
    found = metrics.rename_topic(topic_id, st.session_state[key])
    if found:
        notices.leave(_("The topic is called {name} now.").format(name=found.label))


def _regroup(assistant_id: str) -> None:
    found = metrics.regroup(assistant_id)
    made = ngettext("{n} topic", "{n} topics", found.topics).format(n=number(found.topics))
    notices.leave(_("Grouped anew: {topics}.").format(topics=made))
