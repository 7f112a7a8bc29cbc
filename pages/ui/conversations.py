"""The person's conversations: the list in the sidebar, the one that is shown, what one does with it."""

import json
from functools import partial
from typing import Any

import streamlit as st

from core import assistants, chat, registry
from core.chat.conversations import TITLE
from core.db.tables import Assistant, Conversation
from core.errors import CicloError, NotFound
from core.i18n import _, moment
from pages.ui import components, models, notices, person, safe
from pages.ui.language import kept

PAGE = 30
LAST = "chat.last"
UNSENT = "chat.unsent"


def shown() -> Conversation | None:
    """The conversation in the address, else the last one of this session that was not left.

    One that is gone leaves a word about it and a new conversation.
    """
    asked = st.query_params
    wanted = asked.get("conversation") or ("" if "assistant" in asked else _last())
    if not wanted:
        return None
    try:
        return open(wanted)
    except NotFound:
        _leave()
        st.info(_("This conversation is no longer there."), icon=":material/info:")
        return None


def assistant(talk: Conversation | None) -> Assistant | None:
    """Who answers here: the conversation's assistant, the one in the address, else the default."""
    wanted = talk.assistant_id if talk else st.query_params.get("assistant")
    try:
        return assistants.chosen(wanted)
    except NotFound:
        return None if talk else assistants.default()


def open(conversation_id: str) -> Conversation:
    """Show this conversation from now on, and name it in the address."""
    talk = chat.conversation(conversation_id)
    st.session_state[LAST] = talk.id
    if st.query_params.to_dict() != {"conversation": talk.id}:
        st.query_params.from_dict({"conversation": talk.id})
    return talk


def ask(question: str, talk: Conversation | None, assistant: Assistant) -> Conversation:
    """Ask here, or in a new conversation; a question that could not be asked is given back."""
    st.session_state[UNSENT] = question
    try:
        started = chat.start(
            question,
            assistant=assistant.id,
            conversation_id=talk.id if talk else None,
            person_id=person.present().id,
            options=models.options(),
        )
    except CicloError as error:
        notices.leave_error(error)
        st.rerun()
    del st.session_state[UNSENT]
    return open(started.conversation_id)


def give_back() -> None:
    """Put a question that could not be asked into the box again, before the box is drawn."""
    if unsent := st.session_state.pop(UNSENT, ""):
        st.session_state["chat.question"] = unsent


def listing(talk: Conversation | None) -> None:
    """The list: begin a new one, search in all that was said, the latest first."""
    st.button(
        _("New conversation"),
        key="chat.new",
        icon=":material/edit_square:",
        width="stretch",
        on_click=_leave,
    )
    search = st.text_input(
        _("Search conversations"),
        key="chat.search",
        type="search",
        live=True,
        placeholder=_("Search conversations"),
        label_visibility="collapsed",
    )
    most = PAGE * st.session_state.setdefault("chat.pages", 1)
    found = chat.conversations(person_id=person.present().id, search=search or "", limit=most + 1)
    components.talks(
        key="chat.talks",
        data={
            "label": _("Conversations"),
            "talks": [_entry(one, talk) for one in found[:most]],
        },
        on={"open": notices.acting(_open)},
    )
    if not found:
        st.caption(_("Nothing found.") if search else _("Your conversations will be here."))
    if len(found) > most:
        st.button(_("Show more"), key="chat.more", type="tertiary", on_click=_more)


def header(talk: Conversation | None, assistant: Assistant | None) -> None:
    """What is talked about, with whom, by which model; and the conversation's menu."""
    if assistant is None:
        st.title(talk.title if talk else _("Ask"), anchor=False)
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


def _entry(one: Conversation, talk: Conversation | None) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title or _("Untitled"),
        "when": moment(one.updated_at),
        "path": f"/chat?conversation={one.id}",
        "here": talk is not None and one.id == talk.id,
    }


def _open() -> None:
    open(components.pressed("chat.talks", "open"))


def _last() -> str:
    return str(st.session_state.get(LAST, ""))


def _leave() -> None:
    st.session_state.pop(LAST, None)
    st.query_params.clear()


def _more() -> None:
    st.session_state["chat.pages"] += 1


def _who(talk: Conversation | None, assistant: Assistant) -> None:
    route = registry.route(assistant.id)
    chosen = st.session_state.get(models.CHOSEN)
    model = models.title(*chosen.split(":", 1)) if chosen else models.of(route)
    label = f"{safe.label(assistant.name)} · {safe.label(model)}"
    with st.popover(label, type="tertiary", key="chat.who", on_change="rerun") as menu:
        if menu.open:
            _choose_assistant(talk, assistant)
            _choose_model(route)


def _choose_assistant(talk: Conversation | None, assistant: Assistant) -> None:
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


def _choose_model(route: registry.Route) -> None:
    automatic = _("As the assistant decides ({model})").format(model=models.of(route))
    st.selectbox(
        _("Model for the next answers"),
        ["", *models.ready()],
        format_func=lambda name: models.title(*name.split(":", 1)) if name else automatic,
        key=models.CHOSEN,
        persist_state="session",
    )
    st.caption(models.job(route.model.provider))


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
            file_name="conversation.md",
            mime="text/markdown",
            key="chat.export_markdown",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            _("Export as JSON"),
            partial(_json, talk.id),
            file_name="conversation.json",
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
    _leave()
    notices.leave(_("The conversation was deleted."), undo=partial(_restore, conversation_id))


def _restore(conversation_id: str) -> None:
    chat.restore(conversation_id)
    open(conversation_id)
