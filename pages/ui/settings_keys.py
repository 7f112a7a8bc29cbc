"""The keys of providers on the settings page: where each comes from; entered, replaced, deleted."""

from functools import partial

import streamlit as st

from core import llm, reach, secrets
from core.db.tables import Secret
from core.i18n import _, moment
from core.secrets.keeping import LONGEST
from pages.ui import notices, places, safe

KEY = "settings.keys"
EXAMPLE = "lab"  # a server's name, the same in any language


def show() -> None:
    """Every key that could be used, a row each; what one is, nobody is shown."""
    st.caption(
        _(
            "Keys that Ciclo shows to providers of models. They are kept sealed and never shown again. "
            "One in the environment goes before one that is kept here."
        )
    )
    kept = {row.name: row for row in secrets.names()}
    known = llm.key_names()
    for name in [*known, *(name for name in kept if name not in known)]:
        _row(name, known.get(name, ""), kept.get(name))
    _servers()
    st.caption(safe.label(_("They are sealed with the key of: {place}").format(place=_place())))


def _servers() -> None:
    """The servers of one's own: each has a name, by which its models and its key are called."""
    st.subheader(_("Servers of your own"), anchor=False)
    st.caption(_("vLLM, llama.cpp, LM Studio, Azure: whatever speaks OpenAI's protocol."))
    here = llm.entered()
    for name, url in llm.servers().items():
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{safe.label(name)}** · {safe.label(url)}", width="stretch")
            if here.get(name) == url:
                st.button(
                    _("Forget"),
                    key=f"{KEY}.forget.{name}",
                    icon=":material/delete:",
                    type="tertiary",
                    on_click=notices.acting(llm.remove_server),
                    args=(name,),
                )
            else:
                st.caption(_("from the environment"), width="content")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Name"), key=f"{KEY}.server", placeholder=EXAMPLE, max_chars=40, width=180)
        st.text_input(_("Address"), key=f"{KEY}.url", placeholder=reach.example(), max_chars=500)
        st.button(_("Add"), key=f"{KEY}.add", icon=":material/add:", on_click=notices.acting(_add))


def _add() -> None:
    name, url = (st.session_state.get(f"{KEY}.{one}", "") for one in ("server", "url"))
    llm.add_server(name, url)
    st.session_state[f"{KEY}.server"] = st.session_state[f"{KEY}.url"] = ""
    notices.leave(_("{name} is named.").format(name=name.strip().lower()))


def _place() -> str:
    place = secrets.key_lies()
    return _("the environment (CICLO_SECRET_KEY)") if place == "environment" else place


def _row(name: str, provider: str, row: Secret | None) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch", gap=None):
            st.markdown(
                f"**{safe.label(name)}**" + (f" · {safe.label(provider)}" if provider else "")
            )
            st.caption(_state(name, row))
        _enter(name, row)
        if row:
            st.button(
                _("Delete"),
                key=f"{KEY}.delete.{name}",
                icon=":material/delete:",
                type="tertiary",
                on_click=notices.acting(_forget),
                args=(name,),
            )


def _state(name: str, row: Secret | None) -> str:
    source = llm.source(name)
    since = _("kept here since {when}").format(when=moment(row.set_at)) if row else ""
    if source == "environment":
        said = _("in use: the one of the environment")
        return f"{said}; {since}" if since else said
    if row is None:
        return _("not set")
    if source == "settings":
        return _("in use, {since}").format(since=since)
    return _("{since}, but sealed with another key than the one here: enter it again").format(
        since=since
    )


def _enter(name: str, row: Secret | None) -> None:
    label = _("Replace") if row else _("Enter")
    key = f"{KEY}.value.{name}"
    with st.popover(
        label, icon=":material/key:", key=f"{KEY}.open.{name}", on_change="rerun"
    ) as menu:
        if not menu.open:
            return
        st.text_input(
            safe.label(name), key=key, type="password", max_chars=LONGEST, autocomplete="off"
        )
        st.button(
            _("Keep it"),
            key=f"{KEY}.keep.{name}",
            type="primary",
            on_click=notices.acting(partial(_keep, name, key)),
        )
        places.link(
            "models", _("Does it work? The models page tries it"), icon=":material/science:"
        )


def _keep(name: str, key: str) -> None:
    secrets.put(name, st.session_state.get(key, ""))
    st.session_state[key] = ""
    notices.leave(_("{name} is kept.").format(name=name))


def _forget(name: str) -> None:
    secrets.forget(name)
    notices.leave(_("{name} was deleted.").format(name=name))
