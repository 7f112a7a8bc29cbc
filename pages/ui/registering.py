"""Register a model that exists elsewhere, or say what one costs and where it came from."""

import streamlit as st

from core import access, registry
from core.errors import CicloError
from core.i18n import _
from pages.ui import errors, notices, safe
from pages.ui.language import spoken

KEY = "models.register"


@st.fragment
@spoken
def show() -> None:
    """The fields behind a button; what was typed stays where it cannot be saved."""
    if not access.may("change"):
        return
    with st.popover(_("Register or price a model"), icon=":material/sell:"):
        st.caption(
            _(
                "A fine-tuned model of a server that Ciclo knows (Ollama, or one that speaks OpenAI's "
                "protocol), or of a folder (huggingface:/folder), is named here once; then it can challenge "
                "the champion. What is left empty stays."
            )
        )
        name = st.text_input(
            _("Model"), key=f"{KEY}.name", placeholder=_("A model, as in ollama:llama3.2")
        )
        with st.container(horizontal=True):
            price_in = _price(_("US$ per million tokens read"), "in")
            price_out = _price(_("US$ per million tokens written"), "out")
        origin = st.text_input(_("Where it came from"), key=f"{KEY}.origin")
        if st.button(_("Save"), key=f"{KEY}.save", type="primary", disabled=not name.strip()):
            _save(name.strip(), price_in, price_out, origin.strip())


def _price(label: str, which: str) -> float | None:
    return st.number_input(label, 0.0, None, None, 0.1, key=f"{KEY}.{which}", width=230)


def _save(name: str, price_in: float | None, price_out: float | None, origin: str) -> None:
    try:
        row = registry.describe_model(
            name, price_in=price_in, price_out=price_out, origin=origin or None
        )
    except CicloError as error:
        errors.say(error)
        return
    notices.leave(_("Registered: {model}").format(model=safe.label(f"{row.provider}:{row.name}")))
    st.rerun()
