"""A document to read, opened at a place: the words there are marked and in sight.

Long texts are shown as a window round the place, cut where paragraphs end, with the way to what
comes before and after.
"""

import streamlit as st

from core import retrieval
from core.db.tables import Document
from core.i18n import _, number
from core.text import sentences
from pages.ui import components, places, safe
from pages.ui.passage import text_html

WINDOW = 24_000  # characters: about ten pages, drawn in well under a tenth of a second


def show(document: Document, at: str = "", to: str = "", version: str = "") -> None:
    """The text, with the words from ``at`` to ``to`` (offsets as text) marked.

    Without ``to`` the sentence at that place is marked, without ``at`` nothing is. ``version``
    names an earlier one; without it the text is that of the version that serves.
    """
    number_ = int(version) if version.isdecimal() and len(version) < 6 else None
    older = number_ if number_ != document.version else None
    text = retrieval.text(document.id, older)
    if not text:
        if document.state != "failed":  # else why stands above already
            st.info(_("This document has not been read yet."))
        return
    offset = min(int(at), len(text)) if at.isdecimal() and len(at) < 12 else 0
    _place(document, offset if at else None, older)
    start, end = window(text, offset)
    mark = _words(text, offset, to) if at else None
    marks = [safe.Mark("hit", mark[0] - start, mark[1] - start)] if mark else []
    components.reading(
        key=f"documents.text.{document.id}.{older or 0}.{start}.{offset}",
        data={
            "html": text_html(document.name, text[start:end], marks),
            "label": document.name,
            "heading": _("Text"),
            "tall": True,
        },
    )
    _turn_pages(document.id, text, start, end, version if older else "")


def _place(document: Document, offset: int | None, older: int | None) -> None:
    """Which text this is, where it is not the one that answers; the page where it is open."""
    if older:
        with st.container(horizontal=True, vertical_alignment="center"):
            old = _("This is version {n}; another one answers now.").format(n=number(older))
            st.caption(old, width="content")
            label = _("Read the one that answers")
            places.here(label, key="documents.newest", document=document.id)
    if offset is not None and (page := retrieval.page_of(document, offset, older)):
        st.caption(_("open at page {n}").format(n=page))


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


def _turn_pages(document_id: str, text: str, start: int, end: int, version: str) -> None:
    here = {"document": document_id} | ({"version": version} if version else {})
    with st.container(horizontal=True):
        if start > 0:
            before = str(max(0, start - WINDOW // 2))
            places.here(
                _("Earlier"),
                key="documents.earlier",
                icon=":material/arrow_upward:",
                at=before,
                **here,
            )
        if end < len(text):
            after = str(end + WINDOW // 3)
            places.here(
                _("Later"),
                key="documents.later",
                icon=":material/arrow_downward:",
                at=after,
                **here,
            )
