"""An assistant's words in one form, and what one does with the whole of it."""

from functools import partial
from typing import Any

import streamlit as st

from core import assistants, chat
from core.db.tables import Assistant
from core.i18n import LANGUAGES, _, ngettext, number
from pages.ui import notices, places, safe
from pages.ui.language import kept


def show(one: Assistant) -> None:
    """Every field; nothing changes until it is saved."""
    st.subheader(_("What it says, and how"), anchor=False)
    with st.form(f"assistants.edit.{one.id}"):
        st.text_input(_("Name"), one.name, key=_key(one, "name"))
        st.selectbox(
            _("Language of its answers"),
            list(LANGUAGES),
            index=list(LANGUAGES).index(one.language),
            format_func=LANGUAGES.__getitem__,
            key=_key(one, "language"),
        )
        st.text_area(
            _("Persona"),
            one.persona,
            key=_key(one, "persona"),
            height=110,
            help=_("Who speaks, and in what tone."),
        )
        st.text_area(
            _("Rules, one a line"), "\n".join(one.rules), key=_key(one, "rules"), height=150
        )
        st.text_area(
            _("Starter questions, one a line"),
            "\n".join(one.starters),
            key=_key(one, "starters"),
            height=150,
        )
        st.text_area(
            _("Rubric, one criterion a line"),
            "\n".join(_criterion(each) for each in one.rubric),
            key=_key(one, "rubric"),
            height=120,
            help=_("What reviewers judge. Write “name: what it means”."),
        )
        st.toggle(
            _("Let askers see how the model thought"), one.thoughts, key=_key(one, "thoughts")
        )
        st.form_submit_button(
            _("Save"),
            type="primary",
            key=_key(one, "save"),
            on_click=notices.acting(_save),
            args=(one,),
        )


def actions(one: Assistant) -> None:
    """Make it the default, take it along, remove it."""
    with st.container(horizontal=True):
        places.link("chat", _("Ask"), icon=":material/forum:", assistant=one.id)
        places.link("documents", _("Documents"), icon=":material/description:", assistant=one.id)
        if not one.is_default:
            st.button(
                _("Make it the default"),
                key=_key(one, "default"),
                icon=":material/star:",
                on_click=notices.acting(assistants.set_default),
                args=(one.id,),
            )
        st.download_button(
            _("Export"),
            kept(partial(assistants.export_zip, one.id)),
            file_name=f"{_file_name(one.name)}.zip",
            mime="application/zip",
            key=_key(one, "export"),
            icon=":material/download:",
            help=_("A folder with assistant.toml and its documents, as one zip."),
            on_click="ignore",
        )
        if kept_answers := chat.cached(one.id).entries:
            said = ngettext("Forget {n} kept answer", "Forget {n} kept answers", kept_answers)
            st.button(
                said.format(n=number(kept_answers)),
                key=_key(one, "cache"),
                icon=":material/cached:",
                help=_("The same questions are answered anew; conversations stay."),
                on_click=notices.acting(_forget),
                args=(one.id,),
            )
        st.button(
            _("Delete"),
            key=_key(one, "delete"),
            icon=":material/delete:",
            on_click=notices.acting(_remove),
            args=(one,),
        )


def _key(one: Assistant, field: str) -> str:
    return f"assistants.{field}.{one.id}"


def _criterion(each: dict[str, Any]) -> str:
    return f"{each['name']}: {each.get('description', '')}".rstrip(": ")


def _save(one: Assistant) -> None:
    def typed(field: str) -> str:
        return str(st.session_state[_key(one, field)] or "")

    def lines(field: str) -> list[str]:
        return [line.strip() for line in typed(field).splitlines() if line.strip()]

    assistants.update(
        one.id,
        name=typed("name"),
        language=typed("language"),
        persona=typed("persona"),
        rules=lines("rules"),
        starters=lines("starters"),
        rubric=[_read(line) for line in lines("rubric")],
        thoughts=bool(st.session_state[_key(one, "thoughts")]),
    )
    notices.leave(_("Saved."))


def _read(line: str) -> dict[str, str]:
    name, _colon, meaning = line.partition(":")
    return {"name": name.strip(), "description": meaning.strip()}


def _forget(assistant_id: str) -> None:
    n = chat.clear_cache(assistant_id)
    said = ngettext("{n} kept answer was forgotten.", "{n} kept answers were forgotten.", n)
    notices.leave(said.format(n=number(n)))


def _remove(one: Assistant) -> None:
    assistants.remove(one.id)
    st.query_params.clear()
    said = _("“{name}” was deleted.").format(name=one.name)
    notices.leave(said, undo=partial(assistants.restore, one.id))


def _file_name(name: str) -> str:
    return safe.file_name(name) or "assistant"
