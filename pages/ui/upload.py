"""Where files are dropped: each is stored at once and read beside the page.

What became of each file is told by its name: added, here already, the next version, or why not.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import reading, retrieval
from core.config import settings
from core.db.tables import Assistant
from core.errors import CicloError
from core.i18n import _, ngettext, number
from pages.ui import outcomes
from pages.ui.outcomes import Line

TYPES = [ending.removeprefix(".") for ending in reading.KINDS]
ROUND = "documents.round"
WHATS = ("added", "new_version", "read_again", "already_here", "refused")


def show(assistant: Assistant) -> None:
    """The place to drop files; it is empty again once they are stored."""
    round_ = st.session_state.setdefault(ROUND, 0)
    files = st.file_uploader(
        _("Add PDF, Word, Excel, CSV, web page, Markdown or text files"),
        type=TYPES,
        accept_multiple_files=True,
        max_upload_size=settings().max_upload_mb,
        key=f"documents.upload.{round_}",
    )
    if not files:
        return
    st.session_state[ROUND] += 1
    _tell([_stored(assistant.id, file) for file in files])
    st.rerun()


def _tell(became: Sequence[tuple[str, Line]]) -> None:
    """How many of each in the headline; by its name what was not simply added."""
    counts = Counter(what for what, _line in became)
    said = [_counted(what, counts[what]) for what in WHATS if counts[what]]
    outcomes.leave(" ".join(said), [line for what, line in became if what != "added"])


def _stored(assistant_id: str, file: Any) -> tuple[str, Line]:
    """Store one upload; what became of it, and what to say of that."""
    try:
        taken = retrieval.take(assistant_id, file.name, file.getvalue(), media_type=file.type or "")
    except CicloError as error:
        return "refused", Line(file.name, f"{error.message} {error.hint}".strip(), bad=True)
    texts = {
        "added": "",
        "already_here": _("It is here already, with the same content."),
        "read_again": _("It had failed before and is read once more."),
        "new_version": _("Its version {n}; the one before answers until this one is read."),
    }
    text = texts[taken.what].format(n=number(taken.document.newest))
    return taken.what, Line(taken.document.name, text)


def _counted(what: str, n: int) -> str:
    texts = {
        "added": ngettext("{n} file was added.", "{n} files were added.", n),
        "new_version": ngettext("{n} new version.", "{n} new versions.", n),
        "read_again": ngettext("{n} file is read again.", "{n} files are read again.", n),
        "already_here": ngettext("{n} file was here already.", "{n} files were here already.", n),
        "refused": ngettext("{n} file was refused.", "{n} files were refused.", n),
    }
    return texts[what].format(n=number(n))
