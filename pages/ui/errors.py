"""What went wrong, as a sentence a person can act on: never a trace, never a code."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import CicloError
from core.i18n import _
from pages.ui.safe import label

log = logging.getLogger("ciclo.pages")


def sentence(error: CicloError) -> str:
    """Message and hint, as Markdown that reads nothing in them as Markdown."""
    return label(f"{error.message} {error.hint}".strip())


def say(error: CicloError) -> None:
    """Show the error where the page is now."""
    st.error(sentence(error), icon=":material/error:")


@contextmanager
def told() -> Iterator[None]:
    """Within the block, an error of ours becomes its sentence; one nobody foresaw goes to the log."""
    try:
        yield
    except CicloError as error:
        say(error)
    except Exception:
        log.exception("a page failed")
        st.error(
            _("This part of the page failed. What happened is in the log; the rest still works."),
            icon=":material/error:",
        )
