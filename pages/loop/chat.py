"""Ask: a conversation with an assistant about its documents.

The address says which conversation is shown (``?conversation=``), or which assistant a new one is
for (``?assistant=``), so a reload, a bookmark and a closed tab all come back to the same place.
"""

import streamlit as st

from core import chat
from core.i18n import _
from pages.ui import answer, consent, conversations, header, modes, ratings_talk, starters, talks

talk = conversations.shown()
assistant = conversations.assistant(talk)
conversations.give_back()
first = consent.missing(assistant)
typed = st.chat_input(
    _("Ask {name}").format(name=assistant.name) if assistant else _("Ask a question"),
    key="chat.question",
    disabled=assistant is None or first is not None,
)
question = typed or starters.picked()

if question and assistant and not first:
    talk = conversations.ask(question, talk, assistant)

with st.sidebar:
    talks.show(talk)

header.show(talk, assistant)
if assistant:
    modes.choose(assistant)
if talk:
    for turn in chat.path(talk.id):
        if turn.answer:
            answer.show(turn.answer)
    ratings_talk.show(talk)
    if not first:
        starters.follow_up(talk, assistant)
elif assistant and not first:
    starters.hello(assistant)
elif not assistant:
    starters.nobody()
if assistant and first:
    consent.ask(assistant, first)
