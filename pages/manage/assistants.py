"""Assistants: who answers, in what tone, by which rules, from which documents, with which model.

``?assistant=`` opens one to edit; without it all of them are listed, with the way to a new one.
"""

import streamlit as st

from core import assistants
from core.i18n import _
from pages.ui import (
    assistant_privacy,
    challenger,
    editor,
    engine,
    fallbacks,
    members,
    memory,
    mode_editor,
    model_rules,
    places,
    roster,
    safe,
    samples,
    thinking,
    work,
)

wanted = st.query_params.get("assistant")
work.failed()
if wanted:
    assistant = assistants.get(wanted)
    places.here(_("All assistants"), key="assistants.all", icon=":material/arrow_back:")
    st.title(safe.label(assistant.name), anchor=False)
    roster.badges(assistant)
    engine.show(assistant)
    thinking.choose(assistant)
    fallbacks.choose(assistant)
    model_rules.show(assistant.id)
    challenger.show(assistant.id)
    memory.section(assistant)
    editor.show(assistant)
    mode_editor.show(assistant)
    assistant_privacy.section(assistant)
    members.section(assistant)
    editor.actions(assistant)
else:
    st.title(_("Assistants"), anchor=False)
    roster.listing()
    roster.create()
    samples.load_one()
    samples.removal()
