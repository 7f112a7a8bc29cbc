"""The head of a conversation: its title, who answers with which model, and its menu."""

import json
from functools import partial

import streamlit as st

from core import assistants, chat, registry
from core.chat.conversations import TITLE
from core.db.tables import Assistant, Conversation
from core.i18n import _
from pages.ui import conversations, engine, models, notices, places, safe, thoughts
from pages.ui.language import kept


def show(talk: Conversation | None, assistant: Assistant | None) -> None:
    """What is talked about, with whom, by which model; and the conversation's menu."""
    if assistant is None:
        st.title(safe.label(talk.title) if talk else _("Ask"), anchor=False)
        if talk:
            _of_nobody(talk)
        return
    title = talk.title if talk and talk.title else assistant.name
    st.title(safe.label(title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _who(talk, assistant)
        if assistant.sample or (talk and talk.is_sample):
            st.badge(_("sample data"), color="gray")
        if talk:
            st.space("stretch")
            _menu(talk)
    _pinned(talk)


def _of_nobody(talk: Conversation) -> None:
    """Its assistant is gone: it can be read, named, taken along and deleted."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_("Its assistant was removed, so nobody can be asked here."))
        st.space("stretch")
        _menu(talk)


def _who(talk: Conversation | None, assistant: Assistant) -> None:
    route = registry.route(assistant.id)
    chosen = models.pinned(talk)
    model = models.called(chosen) if chosen else models.of(route)
    label = f"{safe.label(assistant.name)} · {safe.label(model)}"
    with st.popover(label, type="tertiary", key="chat.who", on_change="rerun") as menu:
        if menu.open:
            _choose_assistant(assistant)
            _choose_model(talk, assistant, route)
            thoughts.choose(assistant)


def _choose_assistant(assistant: Assistant) -> None:
    known = {one.id: one.name for one in assistants.all()}
    st.selectbox(
        _("Assistant"),
        list(known),
        index=list(known).index(assistant.id) if assistant.id in known else 0,
        format_func=lambda id_: known.get(id_, ""),
        key="chat.assistant",
        help=_("Another assistant begins a new conversation."),
        on_change=notices.acting(_take_assistant),
    )


def _take_assistant() -> None:
    st.query_params.from_dict({"assistant": st.session_state["chat.assistant"]})


def _pinned(talk: Conversation | None) -> None:
    """That a person chose who answers here, and the way back."""
    if not (chosen := models.pinned(talk)):
        return
    said = _("You chose {model} for this conversation. It answers here until you let it go.")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(said.format(model=safe.label(models.called(chosen))), width="content")
        st.button(
            _("Let the assistant choose"),
            key="chat.let_go",
            icon=":material/keep_off:",
            type="tertiary",
            on_click=models.let_go,
            args=(talk,),
        )


def _choose_model(talk: Conversation | None, assistant: Assistant, route: registry.Route) -> None:
    chosen = models.pinned(talk)
    st.session_state.setdefault(models.key(talk), chosen)
    automatic = _("As the assistant decides ({model})").format(model=models.of(route))
    st.selectbox(
        _("Model for this conversation"),
        list(dict.fromkeys(["", chosen, *models.ready()])),
        format_func=lambda name: models.called(name) if name else automatic,
        key=models.key(talk),
        persist_state="session",
    )
    st.caption(engine.sentence(assistant, route.model))
    if places.open_to_me("assistants"):
        places.link(
            "assistants",
            _("Change the assistant’s model"),
            icon=":material/tune:",
            assistant=assistant.id,
        )


def _menu(talk: Conversation) -> None:
    with st.popover(
        _("More"), icon=":material/more_horiz:", type="tertiary", key="chat.menu", on_change="rerun"
    ) as menu:
        if not menu.open:
            return
        st.text_input(
            _("Name"),
            talk.title,
            max_chars=TITLE,
            key=f"chat.title.{talk.id}",
            on_change=notices.acting(_rename),
            args=(talk.id,),
        )
        st.download_button(
            _("Export as Markdown"),
            kept(partial(chat.export_markdown, talk.id)),
            file_name=f"{safe.file_name(talk.title) or talk.id}.md",
            mime="text/markdown",
            key="chat.export_markdown",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            _("Export as JSON"),
            kept(partial(_json, talk.id)),
            file_name=f"{safe.file_name(talk.title) or talk.id}.json",
            mime="application/json",
            key="chat.export_json",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
        )
        st.button(
            _("Delete"),
            key="chat.delete",
            icon=":material/delete:",
            on_click=notices.acting(_remove),
            args=(talk.id,),
            width="stretch",
        )


def _json(conversation_id: str) -> str:
    return json.dumps(chat.export_json(conversation_id), ensure_ascii=False, indent=2)


def _rename(conversation_id: str) -> None:
    chat.rename(conversation_id, st.session_state[f"chat.title.{conversation_id}"])


def _remove(conversation_id: str) -> None:
    chat.remove(conversation_id)
    conversations.leave()
    notices.leave(_("The conversation was deleted."), undo=partial(_restore, conversation_id))


def _restore(conversation_id: str) -> None:
    chat.restore(conversation_id)
    conversations.open(conversation_id)
