"""The language of a page run: what the person chose, else the setting, else the browser's.

A run, a fragment and a callback each come in a thread that knows no language yet, so each begins
with ``use()`` (``spoken`` does it for a function).
"""

from collections.abc import Callable
from contextvars import copy_context
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from core import access, i18n
from core.config import settings
from core.i18n import _
from pages.ui import components, person

P = ParamSpec("P")
R = TypeVar("R")
KEY = "frame.language"


def use() -> None:
    """Speak the reader's language, in the reader's time zone, from here on; it is they who act."""
    chosen = i18n.choose(person.enter().language, settings().language, st.context.locale)
    i18n.use(chosen, st.context.timezone or "")


def spoken(function: Callable[P, R]) -> Callable[P, R]:
    """``function``, speaking the reader's language wherever Streamlit calls it."""

    @wraps(function)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> R:
        use()
        return function(*args, **kwargs)

    return speaking


def kept(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` in the language and the time zone of now and for whoever acts now, wherever and
    whenever it runs (a download, a thread)."""
    now = copy_context()

    @wraps(function)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> R:
        return now.copy().run(function, *args, **kwargs)  # a context can be entered once at a time

    return speaking


def switch() -> None:
    """The two languages side by side; a choice is remembered."""
    languages = [{"code": code, "name": name} for code, name in i18n.LANGUAGES.items()]
    components.language(
        key=KEY,
        data={"label": _("Language"), "chosen": i18n.language(), "languages": languages},
        on={"choose": spoken(_remember)},
    )


def _remember() -> None:
    access.set_language(person.present().id, components.pressed(KEY, "choose"))
