"""Fetch a model into Ollama: its name typed or offered, the progress with speed and time left."""

from functools import partial

import streamlit as st

from core import diagnosis, i18n, registry
from core.i18n import _, percent
from core.registry.models import DEFAULT_PULL
from pages.ui import model_list, notices, safe, work
from pages.ui.engine import PULL

KEY = "models.fetch"


def show() -> None:
    """The field with its button, or the progress of what is under way."""
    if work.going(PULL):
        work.show(PULL, _("Fetching the model"))
        return
    with (
        st.form(KEY, border=False, clear_on_submit=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        st.text_input(
            _("Fetch a model into Ollama"),
            key=f"{KEY}.name",
            placeholder=DEFAULT_PULL,
            help=_("As Ollama calls it; ollama.com/library lists them."),
            width=320,
        )
        st.form_submit_button(
            _("Fetch"),
            key=f"{KEY}.go",
            icon=":material/download:",
            on_click=notices.acting(_typed),
        )
    for name in registry.missing():
        st.button(
            _("Fetch {name}").format(name=safe.label(name)),
            key=f"{KEY}.{name}",
            icon=":material/download:",
            type="tertiary",
            on_click=notices.acting(partial(_begin, name)),
        )


def _typed() -> None:
    if name := (st.session_state[f"{KEY}.name"] or "").strip():
        _begin(name)


def _begin(name: str) -> None:
    def act(step: work.Step) -> None:
        for one in diagnosis.pull(name):
            step(one.share, safe.label(_told(one)))

    work.begin(PULL, act)


def _told(one: diagnosis.Pulling) -> str:
    parts = [one.name, one.status]
    if one.total:
        done = f"{model_list.size(one.done)} / {model_list.size(one.total)}"
        parts += [percent(one.share), done]
    if one.speed:
        parts.append(f"{model_list.size(one.speed)}/s")
    if one.left is not None:
        parts.append(_("{time} left").format(time=i18n.seconds(one.left)))
    return " · ".join(parts)
