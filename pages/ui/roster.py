"""The assistants there are, a card each, and the ways to another one: new, or from a file."""

import streamlit as st

from core import assistants, registry, retrieval
from core.db.tables import Assistant
from core.i18n import LANGUAGES, _, language, ngettext, number
from pages.ui import members, models, notices, places, safe


def listing() -> None:
    """A card for each assistant."""
    known = assistants.all()
    if not known:
        st.markdown(_("An assistant answers from its documents. Create one, or load a sample."))
    for one in known:
        _card(one)


def badges(one: Assistant) -> None:
    """What is special about it."""
    with st.container(horizontal=True, gap="xsmall", width="content"):
        if one.is_default:
            st.badge(_("default"), color="green", help=_("It answers when nobody says which."))
        if one.sample:
            st.badge(_("sample data"), color="gray")
        members.badge(one)


def create() -> None:
    """A new assistant from a name, or a whole one from an exported file."""
    with st.container(horizontal=True):
        new = st.popover(_("New assistant"), type="primary", icon=":material/add:")
        taken = st.popover(_("Import"), icon=":material/upload:")
    with new, st.form("assistants.new", border=False):
        st.text_input(_("Name"), key="assistants.name", required=True)
        st.selectbox(
            _("Language of its answers"),
            list(LANGUAGES),
            index=list(LANGUAGES).index(language()),
            format_func=LANGUAGES.__getitem__,
            key="assistants.language",
        )
        st.form_submit_button(
            _("Create"),
            type="primary",
            key="assistants.create",
            on_click=notices.acting(_create),
        )
    with taken:
        _import_file()


def _import_file() -> None:
    round_ = st.session_state.setdefault("assistants.round", 0)
    file = st.file_uploader(
        _("An exported assistant (.zip)"), type="zip", key=f"assistants.import.{round_}"
    )
    if file:
        st.session_state["assistants.round"] += 1  # an empty uploader again
        notices.acting(_import)(file.getvalue())
        st.rerun()


def _card(one: Assistant) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.subheader(safe.label(one.name), anchor=False, width="stretch")
            badges(one)
        st.caption(" · ".join(_facts(one)))
        with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
            places.link("chat", _("Ask"), icon=":material/forum:", assistant=one.id)
            places.here(
                _("Edit"), key=f"assistants.edit.{one.id}", icon=":material/edit:", assistant=one.id
            )
            places.link(
                "documents", _("Documents"), icon=":material/description:", assistant=one.id
            )


def _facts(one: Assistant) -> list[str]:
    documents = len(retrieval.documents(one.id, limit=1000))
    said = ngettext("{n} document", "{n} documents", documents).format(n=number(documents))
    return [LANGUAGES[one.language], said, safe.label(models.of(registry.route(one.id)))]


def _create() -> None:
    made = assistants.create(
        st.session_state["assistants.name"] or "", st.session_state["assistants.language"]
    )
    st.query_params["assistant"] = made.id


def _import(data: bytes) -> None:
    made = assistants.import_zip(data)
    notices.leave(_("“{name}” was imported.").format(name=made.name))
