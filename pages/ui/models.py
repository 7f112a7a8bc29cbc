"""Models as people read them, and the one that a person has chosen for a conversation.

A choice waits in the session until a question is asked; from then on it is the conversation's: its
last answer tells it, on any day and in any browser.
"""

import streamlit as st

from core import chat, registry
from core.db.tables import Conversation
from core.i18n import _

CHOSEN = "chat.model"


def title(provider: str, name: str) -> str:
    """What a model is called on the screen."""
    if provider == "embedded":
        return _("Ciclo’s own engine")
    return name.removesuffix(":latest")


def called(name: str) -> str:
    """What "provider:model" is called on the screen."""
    provider, _colon, model = name.partition(":")
    return title(provider, model) if model else name


def job(provider: str) -> str:
    """What kind of answers it gives."""
    if provider == "embedded":
        return _("Quotes your documents; connect Ollama for written answers.")
    return _("Writes its answers from the passages it is given.")


def of(route: registry.Route) -> str:
    """The title of the model of a route."""
    return title(route.model.provider, route.model.name)


def ready() -> list[str]:
    """Names ("provider:model") of the models that can answer now."""
    return [f"{m.provider}:{m.name}" for m in registry.listing() if m.status == "ready"]


def key(talk: Conversation | None) -> str:
    """Where the session holds the choice for this conversation, or for the one to begin."""
    return f"{CHOSEN}.{talk.id if talk else 'new'}"


def pinned(talk: Conversation | None) -> str:
    """The model chosen for this conversation ("provider:model"); "" where its assistant decides."""
    if key(talk) in st.session_state:
        return str(st.session_state[key(talk)] or "")
    return chat.pinned(talk) if talk else ""


def let_go(talk: Conversation | None) -> None:
    """Let the assistant decide again, from the next answer on."""
    st.session_state[key(talk)] = ""


def asked(talk: Conversation | None) -> None:
    """A question was asked as chosen: from here on its answer tells the choice."""
    st.session_state.pop(key(talk), None)


def options(talk: Conversation | None, mode: str = "", level: str = "") -> chat.Options:
    """How the next answer is asked for: the model chosen on the page, if one is, and the mode."""
    return chat.Options(model=pinned(talk) or None, mode=mode, level=level)
