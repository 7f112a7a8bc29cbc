"""A document to read, opened at a place: the words there are marked and in sight.

Long texts are shown as a window round the place, cut where paragraphs end, with the way to what
comes before and after.
"""

import streamlit as st

from core import retrieval
from core.db.tables import Document
from core.i18n import _, ngettext, number
from core.text import sentences
from pages.ui import components, places, safe
from pages.ui.passage import text_html

WINDOW = 24_000  # characters: about ten pages, drawn in well under a tenth of a second


def show(document_id: str, at: str = "", to: str = "", conversation: str = "") -> None:
    """The document of that id, with the words from ``at`` to ``to`` (offsets as text) marked.

    Without ``to`` the sentence at that place is marked, without ``at`` nothing is.
    ``conversation`` is where the reader came from.
    """
    document = retrieval.document(document_id)
    if conversation:
        back = _("Back to the conversation")
        places.link("chat", back, icon=":material/arrow_back:", conversation=conversation)
    else:
        places.here(_("All documents"), key="documents.all", icon=":material/arrow_back:")
    st.title(safe.label(document.name), anchor=False)
    text = retrieval.text(document_id)
    offset = min(int(at), len(text)) if at.isdecimal() else 0
    st.caption(_facts(document, offset if at else None))
    if not text:
        st.info(safe.label(document.error or _("This document has not been read yet.")))
        return
    start, end = window(text, offset)
    mark = _words(text, offset, to) if at else None
    marks = [safe.Mark("hit", mark[0] - start, mark[1] - start)] if mark else []
    components.reading(
        key=f"documents.text.{document_id}.{start}.{offset}",
        data={
            "html": text_html(document.name, text[start:end], marks),
            "label": document.name,
            "tall": True,
        },
    )
    _turn_pages(document_id, text, start, end)


def _words(text: str, offset: int, to: str) -> tuple[int, int] | None:
    return (offset, min(int(to), len(text))) if to.isdecimal() else hit(text, offset)


def window(text: str, offset: int) -> tuple[int, int]:
    """The part of the text to show round ``offset``, beginning and ending between paragraphs."""
    if len(text) <= WINDOW:
        return 0, len(text)
    start = max(0, offset - WINDOW // 3)
    start = text.find("\n\n", start) + 2 if start and "\n\n" in text[start:offset] else start
    end = min(len(text), start + WINDOW)
    cut = text.rfind("\n\n", offset, end)
    return start, cut if end < len(text) and cut > offset else end


def hit(text: str, offset: int) -> tuple[int, int] | None:
    """The sentence that holds ``offset``."""
    begin = max(0, text.rfind("\n\n", 0, offset))
    stop = text.find("\n\n", offset)
    part = text[begin : stop if stop > 0 else len(text)]
    for span in sentences(part):
        if begin + span.end > offset:
            return begin + span.start, begin + span.end
    return None


def _facts(document: Document, offset: int | None) -> str:
    facts = []
    if document.pages:
        pages = ngettext("{n} page", "{n} pages", document.pages)
        facts.append(pages.format(n=number(document.pages)))
    if offset is not None and (page := retrieval.page_of(document, offset)):
        facts.append(_("open at page {n}").format(n=page))
    facts.append(
        ngettext("{n} passage", "{n} passages", document.chunks).format(n=number(document.chunks))
    )
    if document.is_sample:
        facts.append(_("sample data"))
    return " · ".join(facts)


def _turn_pages(document_id: str, text: str, start: int, end: int) -> None:
    with st.container(horizontal=True):
        if start > 0:
            before = str(max(0, start - WINDOW // 2))
            places.here(
                _("Earlier"),
                key="documents.earlier",
                icon=":material/arrow_upward:",
                document=document_id,
                at=before,
            )
        if end < len(text):
            after = str(end + WINDOW // 3)
            places.here(
                _("Later"),
                key="documents.later",
                icon=":material/arrow_downward:",
                document=document_id,
                at=after,
            )
