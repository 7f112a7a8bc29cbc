"""An assistant's modes: each a named way of answering, with levels if it has them, to edit in place.

A mode keeps its name when its title changes, so that what was answered in it still says so.
"""

from typing import Any

import streamlit as st

from core import assistants
from core.assistants.modes import MOST_MODES, TITLE_LENGTH
from core.db.tables import Assistant
from core.i18n import _
from core.text import fold
from pages.ui import notices, safe

FIELDS = ("title", "prompt", "levels")


def show(one: Assistant) -> None:
    """Every mode behind its title, and a place for a new one."""
    st.subheader(_("Ways of answering"), anchor=False)
    st.caption(_("Chosen in the conversation; its words are added to persona and rules."))
    for mode in one.modes:
        with st.expander(safe.label(mode["title"])):
            _form(one, mode)
    if len(one.modes) < MOST_MODES:
        with st.expander(_("Add a way of answering"), icon=":material/add:"):
            _form(one, {})


def _form(one: Assistant, mode: dict[str, Any]) -> None:
    name = mode.get("name", "")
    with st.form(_key(one, name, "form"), border=False):
        st.text_input(
            _("Title"), mode.get("title", ""), max_chars=TITLE_LENGTH, key=_key(one, name, "title")
        )
        st.text_area(_("How to answer"), mode.get("prompt", ""), key=_key(one, name, "prompt"))
        st.text_area(
            _("Levels, one a line"),
            "\n".join(_line(level) for level in mode.get("levels") or []),
            key=_key(one, name, "levels"),
            help=_("Write “title: how to answer at this level”. The first one holds by default."),
        )
        with st.container(horizontal=True):
            st.form_submit_button(
                _("Save") if mode else _("Add"),
                key=_key(one, name, "save"),
                on_click=notices.acting(_save),
                args=(one.id, name),
            )
            if mode:
                st.form_submit_button(
                    _("Delete"),
                    type="tertiary",
                    key=_key(one, name, "delete"),
                    on_click=notices.acting(_delete),
                    args=(one.id, name),
                )


def _save(assistant_id: str, name: str) -> None:
    one = assistants.get(assistant_id)
    title, prompt, levels = (str(st.session_state[_key(one, name, f)] or "") for f in FIELDS)
    before: dict[str, Any] = next((mode for mode in one.modes if mode["name"] == name), {})
    taken = [mode["name"] for mode in one.modes]
    written: dict[str, Any] = {"name": name or _named(title, taken), "title": title}
    written |= {"prompt": prompt, "levels": _levels(levels, before.get("levels") or [])}
    modes = [written if mode["name"] == name else mode for mode in one.modes]
    assistants.update(assistant_id, modes=modes if name else [*modes, written])
    if not name:
        for field in FIELDS:  # the empty form again
            st.session_state.pop(_key(one, "", field), None)
    notices.leave(_("Saved."))


def _delete(assistant_id: str, name: str) -> None:
    before = assistants.get(assistant_id).modes
    assistants.update(assistant_id, modes=[mode for mode in before if mode["name"] != name])

    def undo() -> None:
        assistants.update(assistant_id, modes=before)

    title = next(mode["title"] for mode in before if mode["name"] == name)
    notices.leave(_("“{name}” was deleted.").format(name=title), undo=undo)


def _levels(text: str, before: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Levels as they were typed; one whose title stays keeps its name."""
    known = {level["title"]: level["name"] for level in before}
    found: list[dict[str, str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        title, _colon, prompt = (part.strip() for part in line.partition(":"))
        taken = [level["name"] for level in found]
        name = known.get(title) or _named(title, [*taken, *known.values()])
        found.append({"name": name, "title": title, "prompt": prompt})
    return found


def _line(level: dict[str, str]) -> str:
    return f"{level['title']}: {' '.join(level['prompt'].split())}"


def _named(title: str, taken: list[str]) -> str:
    """A name for a title: its plain letters, numbered where that is taken."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in fold(title))
    name = "-".join(part for part in plain.split("-") if part)[:36] or "mode"
    numbered = (f"{name}-{n}" for n in range(2, 100))
    return name if name not in taken else next(one for one in numbered if one not in taken)


def _key(one: Assistant, name: str, field: str) -> str:
    return f"assistants.mode.{field}.{name}.{one.id}"
