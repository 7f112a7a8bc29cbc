"""A passage behind a citation, in a drawer: the cited words marked, and the way into the document."""

from collections.abc import Sequence

import streamlit as st

from core.db.tables import Passage
from core.i18n import _
from pages.ui import components, places, safe
from pages.ui.language import spoken


def place(found: Passage, page: int | None = None) -> str:
    """Where in its document a passage stands: the page (of the cited words), else the heading."""
    if page or found.page:
        return _("p. {n}").format(n=page or found.page)
    return found.heading.rsplit(">", 1)[-1].strip()


def drawer(found: Passage, spans: Sequence[tuple[int, int]], conversation_id: str) -> None:
    """Open the passage; ``spans`` (offsets into the document's text) are the cited words."""
    title = safe.label(found.document_name)
    st.dialog(title, position="right", width="medium")(_shown)(found, spans, conversation_id)


@spoken
def _shown(found: Passage, spans: Sequence[tuple[int, int]], conversation_id: str) -> None:
    st.caption(safe.label(place(found)))
    marks = [
        safe.Mark("hit", start - found.start, end - found.start)
        for start, end in spans
        if found.start <= start < end <= found.end
    ]
    html = text_html(found.document_name, found.text, marks)
    components.reading(
        key=f"chat.passage.{found.id}", data={"html": html, "label": found.document_name}
    )
    start, end = spans[0] if spans else (found.start, found.end)
    if found.document_id and st.button(
        _("Open the document here"), key="chat.open_document", icon=":material/open_in_full:"
    ):
        places.go(
            "documents",
            document=found.document_id,
            at=str(start),
            to=str(end),
            conversation=conversation_id,  # the way back
        )


def text_html(name: str, text: str, marks: Sequence[safe.Mark]) -> str:
    """A text as it was read: plain text as it is; every other kind reads like Markdown."""
    if name.lower().endswith(".txt"):
        return safe.plain(text, marks)
    return safe.html(text, marks)
