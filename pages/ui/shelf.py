"""An assistant's documents: the place to drop new ones, the table, and how far each has been read.

A document is stored before the page says so; it is read beside the pages, and the table looks
again as long as something waits.
"""

from functools import partial
from typing import Any

import streamlit as st

from core import assistants, reading, retrieval
from core.config import settings
from core.db.tables import Assistant, Document
from core.errors import CicloError
from core.i18n import N_, _, day, ngettext, number
from pages.ui import components, notices, safe
from pages.ui.errors import sentence, told
from pages.ui.language import spoken

TYPES = [ending.removeprefix(".") for ending in reading.KINDS]
LOOK_EVERY = 1.0
MOST = 200
SHELF = "documents.shelf"
STATES = {
    "queued": N_("waiting to be read"),
    "reading": N_("being read"),
    "ready": N_("ready"),
    "failed": N_("failed"),
}


def chosen() -> Assistant:
    """Whose documents are shown: the one picked here, the one in the address, else the default."""
    known = {one.id: one.name for one in assistants.all()}
    wanted = st.query_params.get("assistant", "")
    default = assistants.default()
    first = wanted if wanted in known else (default.id if default else "")
    id_ = first
    if len(known) > 1:
        id_ = st.selectbox(
            _("Assistant"),
            list(known),
            index=list(known).index(first),
            format_func=lambda id_: known.get(id_, ""),
            key="documents.assistant",
        )
    return assistants.get(id_)


def upload(assistant: Assistant) -> None:
    """Where files are dropped; each is stored at once and read beside the page."""
    round_ = st.session_state.setdefault("documents.round", 0)
    files = st.file_uploader(
        _("Add PDF, Word, Excel, CSV, web page, Markdown or text files"),
        type=TYPES,
        accept_multiple_files=True,
        max_upload_size=settings().max_upload_mb,
        key=f"documents.upload.{round_}",
    )
    if not files:
        return
    errors = [error for file in files if (error := _stored(assistant.id, file))]
    st.session_state["documents.round"] += 1  # an empty uploader again
    if errors:
        st.session_state["documents.errors"] = errors
    else:
        said = ngettext("{n} file was added.", "{n} files were added.", len(files))
        notices.leave(said.format(n=number(len(files))))
    st.rerun()


def listing(assistant: Assistant) -> None:
    """The table; it looks again while something is being read."""
    for error in st.session_state.pop("documents.errors", []):
        st.error(error, icon=":material/error:")
    waits = any(_waits(one) for one in retrieval.documents(assistant.id, limit=MOST))
    st.fragment(_table, run_every=LOOK_EVERY if waits else None)(assistant.id, waits)


@spoken
def _table(assistant_id: str, waited: bool) -> None:
    with told():
        found = retrieval.documents(assistant_id, limit=MOST)
        waiting = [one for one in found if _waits(one)]
        if waited and not waiting:
            st.rerun()
        if waiting:
            share = 1 - len(waiting) / len(found)
            said = ngettext("Reading {n} document", "Reading {n} documents", len(waiting))
            st.progress(share, text=said.format(n=number(len(waiting))))
        if not found:
            st.info(_("No documents yet. What you add here can be asked about a moment later."))
            return
        columns = (_("Document"), _("State"), _("Pages"), _("Passages"), _("Size"), _("Added"))
        components.shelf(
            key=SHELF,
            data={
                "label": _("Documents"),
                "columns": columns,
                "rows": [_row(one) for one in found],
                "words": {
                    "remove": _("Delete “{name}”").format(name="%s"),
                    "actions": _("Actions"),
                },
            },
            on={"open": notices.acting(_open), "remove": notices.acting(_remove)},
        )


def _row(one: Document) -> dict[str, Any]:
    ready = one.state == "ready"
    return {
        "id": one.id,
        "name": one.name,
        "path": f"/documents?document={one.id}" if ready else "",
        "state": one.state,
        "said": _(STATES[one.state]),
        "error": one.error if one.state == "failed" else "",
        "sample": _("sample data") if one.is_sample else "",
        "facts": [
            number(one.pages) if one.pages else "",
            number(one.chunks) if ready else "",
            _size(one.size),
            day(one.created_at),
        ],
    }


def _open() -> None:
    st.query_params.from_dict({"document": components.pressed(SHELF, "open")})
    st.rerun()


def _remove() -> None:
    document = retrieval.remove(components.pressed(SHELF, "remove"))
    said = _("“{name}” was deleted.").format(name=document.name)
    notices.leave(said, undo=partial(retrieval.restore, document.id))
    st.rerun()


def _size(size: int) -> str:
    if size < 1_000_000:
        return f"{number(max(1, round(size / 1000)))} kB"
    return f"{number(size / 1_000_000, 1)} MB"


def _waits(one: Document) -> bool:
    return one.state in ("queued", "reading")


def _stored(assistant_id: str, file: Any) -> str:
    """Store one upload; the sentence to show when it cannot be taken."""
    try:
        retrieval.add(assistant_id, file.name, file.getvalue(), media_type=file.type or "")
    except CicloError as error:
        return f"**{safe.label(file.name)}**: {sentence(error)}"
    return ""
