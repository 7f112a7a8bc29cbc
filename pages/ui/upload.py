"""Where files are dropped: each is stored at once and read beside the page.

What became of each file is told by its name: added, here already, the next version, or why not.
"""

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


def _tell(lines: list[Line]) -> None:
    refused = [line for line in lines if line.bad]
    taken = len(lines) - len(refused)
    parts = []
    if taken:
        said = ngettext("{n} file was added.", "{n} files were added.", taken)
        parts.append(said.format(n=number(taken)))
    if refused:
        said = ngettext("{n} file was refused.", "{n} files were refused.", len(refused))
        parts.append(said.format(n=number(len(refused))))
    outcomes.leave(" ".join(parts), refused)


def _stored(assistant_id: str, file: Any) -> Line:
    """Store one upload; what to say of it."""
    try:
        retrieval.add(assistant_id, file.name, file.getvalue(), media_type=file.type or "")
    except CicloError as error:
        return Line(file.name, f"{error.message} {error.hint}".strip(), bad=True)
    return Line(file.name, _("added"))
