"""Models as people read them, and the one chosen for the next answer."""

import streamlit as st

from core import chat, registry
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


def options(mode: str = "", level: str = "") -> chat.Options:
    """How the next answer is asked for: the model chosen on the page, if one is, and the mode."""
    return chat.Options(model=st.session_state.get(CHOSEN) or None, mode=mode, level=level)
