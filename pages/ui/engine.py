"""Who writes an assistant's answers: the model in use, why it is, and how to change that."""

from functools import partial

import streamlit as st

from core import registry
from core.config import settings
from core.db.tables import Assistant, Model
from core.i18n import _
from core.llm import EMBEDDED
from pages.ui import models, notices, safe, work

PULL = "pull"


def show(one: Assistant) -> None:
    """The model, the reason for it in a sentence, and the choice."""
    st.subheader(_("Who writes its answers"), anchor=False)
    now = registry.route(one.id).model
    current = f"{now.provider}:{now.name}"
    states = {f"{m.provider}:{m.name}": m for m in registry.listing()}
    st.markdown(_why(one, now))
    _way_back(one, now)
    ready = [name for name, model in states.items() if model.status == "ready"]
    st.selectbox(
        _("Model"),
        ready if current in ready else [current, *ready],
        index=ready.index(current) if current in ready else 0,
        format_func=lambda name: models.title(*name.split(":", 1)),
        key=f"assistants.model.{one.id}.{current}",
        on_change=notices.acting(_choose),
        args=(one.id, current),
    )
    _missing(states.get(current))


def sentence(one: Assistant, now: Model) -> str:
    """Why this model answers, and what keeps it from answering (Markdown)."""
    name = f"{now.provider}:{now.name}"
    status = next((m.status for m in registry.listing() if f"{m.provider}:{m.name}" == name), "")
    lacks = {"missing": _not_installed(now.name), "not_reachable": _not_answering()}
    return f"{_why(one, now)} {lacks.get(status, '')}".rstrip()


def _why(one: Assistant, now: Model) -> str:
    title = safe.label(models.title(now.provider, now.name))
    if not one.follows_ollama:
        return _("You chose {model}.").format(model=title)
    if now.provider == "ollama":
        text = _("Ollama was found: {model} answers, the best chat model installed there.")
        return text.format(model=title)
    quotes = _("Ciclo’s own engine answers: it quotes the documents word for word.")
    written = _("For written answers, start Ollama at {server}; it is looked for every minute.")
    return f"{quotes} {written.format(server=_server())}"


def _way_back(one: Assistant, now: Model) -> None:
    """One click back to what there was before the model was found, or chosen."""
    if not one.follows_ollama:
        st.button(
            _("Let Ciclo choose"),
            key=f"assistants.follow.{one.id}",
            icon=":material/undo:",
            help=_("The best chat model installed in Ollama, else Ciclo’s own engine."),
            on_click=notices.acting(registry.follow_again),
            args=(one.id,),
        )
    elif now.provider == "ollama":
        st.button(
            _("Go back to Ciclo’s own engine"),
            key=f"assistants.embedded.{one.id}",
            icon=":material/undo:",
            on_click=notices.acting(registry.choose_model),
            args=(one.id, EMBEDDED),
        )


def _server() -> str:
    return f"`{settings().ollama}`"


def _not_answering() -> str:
    text = _("The Ollama server at {server} does not answer, so Ciclo’s own engine does.")
    return text.format(server=_server())


def _not_installed(name: str) -> str:
    text = _("The model {name} is not installed on the Ollama server.")
    return text.format(name=safe.label(name))


def _missing(current: registry.ModelStatus | None) -> None:
    """A chosen model that is not installed, or a server without any: fetch one, with progress."""
    if work.going(PULL):
        work.show(PULL, _("Fetching the model"))
    elif current and current.status == "not_reachable":
        st.warning(_not_answering(), icon=":material/cloud_off:")
    else:
        for name in registry.missing():
            _offer(name)


def _offer(name: str) -> None:
    st.warning(_not_installed(name), icon=":material/download:")
    st.button(
        _("Fetch {name}").format(name=safe.label(name)),
        key=f"assistants.pull.{name}",
        on_click=notices.acting(_pull),
        args=(name,),
    )


def _pull(name: str) -> None:
    def act(step: work.Step) -> None:
        for part in registry.pull(name):
            share = part.done / part.total if part.total else 0.0
            step(share, f"{safe.label(name)} · {safe.label(part.status)}")

    work.begin(PULL, act)


def _choose(assistant_id: str, before: str) -> None:
    name = st.session_state[f"assistants.model.{assistant_id}.{before}"]
    registry.choose_model(assistant_id, name)
    notices.leave(_("Saved."), undo=partial(registry.choose_model, assistant_id, before))
