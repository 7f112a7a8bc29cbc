"""Searching by hand: what an answer would be given for a question, and why.

``?view=search&question=&day=&in=`` says what is looked for, on which day's truth, in which
document alone; so a search can be shared, reloaded and come back to.
"""

from datetime import date

import streamlit as st

from core import limits, registry, retrieval
from core.db.tables import Assistant, Document
from core.errors import NotFound
from core.i18n import _, day, language, ngettext, number, seconds
from core.retrieval import Explanation
from pages.ui import components, found, outcomes, places, safe
from pages.ui.conditions import EARLIEST, FORMATS, LATEST
from pages.ui.errors import told

LONGEST = 2_000  # characters of a question
SHOWN = 10
FOUND = "documents.found"
LOOKED = "documents.looked"


def show(assistant: Assistant) -> None:
    """The question, the day, and what is found."""
    only = _only()
    question = st.query_params.get("question", "")[:LONGEST]
    on = _date(st.query_params.get("day", ""))
    with st.form("documents.search", border=False):
        _fields(question, on)
    if only:
        _within(only)
    if question.strip():
        with told():
            _results(assistant, question, on, only)
    else:
        st.caption(_("Shows what an answer would be built on, and why each passage is found."))


def _fields(question: str, on: date | None) -> None:
    st.text_input(
        _("What would somebody ask?"),
        question,
        max_chars=LONGEST,
        key="documents.question",
        placeholder=_("Words or a whole question"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.date_input(
            _("True on (today if empty)"),
            on,
            min_value=EARLIEST,
            max_value=LATEST,
            format=FORMATS[language()],
            key="documents.day",
            width=210,
        )
        st.form_submit_button(
            _("Search"),
            type="primary",
            key="documents.search.go",
            icon=":material/search:",
            on_click=outcomes.acting(_search),
        )


def _results(assistant: Assistant, question: str, on: date | None, only: Document | None) -> None:
    looked = (assistant.id, question, on, only.id if only else "")
    if st.session_state.get(LOOKED) != looked:  # drawn anew it is the same search
        limits.demand("search")
        st.session_state[LOOKED] = looked
    explained = retrieval.explain(
        question,
        assistant_id=assistant.id,
        k=SHOWN,
        settings=registry.route(assistant.id).version.retrieval,
        at=on,
        documents=[only.id] if only else None,
    )
    st.caption(safe.label(_summary(explained, on)))
    if explained.meaning:
        st.warning(safe.label(explained.meaning), icon=":material/cloud_off:")
    if explained.unknown:
        words = ", ".join(f"“{word}”" for word in explained.unknown)
        said = ngettext(
            "No document has this word: {words}.",
            "No document has these words: {words}.",
            len(explained.unknown),
        )
        st.caption(f":material/search_off: {safe.label(said.format(words=words))}")
    if not explained.passages:
        st.markdown(_("Nothing fits. Try other words, another day, or add a document about it."))
        return
    components.found(key=FOUND, data=found.told(explained), on={"open": outcomes.acting(_open)})


def _summary(explained: Explanation, on: date | None) -> str:
    n = len(explained.passages)
    of = ngettext("{n} passage of {all}", "{n} passages of {all}", n)
    parts = [of.format(n=number(n), all=number(explained.chunks))]
    if on:
        parts.append(_("as of {day}").format(day=day(on)))
    name = {"pt": _("Portuguese"), "en": _("English")}.get(explained.language, "")
    parts.append(_("read as {language}").format(language=name) if name else "")
    parts.append(found.method(explained))
    parts.append(
        seconds(explained.seconds) if explained.seconds >= 0.1 else _milliseconds(explained)
    )
    return " · ".join(part for part in parts if part)


def _milliseconds(explained: Explanation) -> str:
    return f"{number(max(1, explained.seconds * 1000))} ms"


def _only() -> Document | None:
    """The one document that is searched, if the address names one that is there."""
    wanted = st.query_params.get("in", "")
    try:
        document = retrieval.document(wanted) if wanted else None
    except NotFound:
        return None
    return document if document and document.removed_at is None else None


def _within(only: Document) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Only in {name}").format(name=safe.label(only.name)), width="content")
        query = {k: v for k, v in st.query_params.to_dict().items() if k != "in"}
        places.here(_("In all documents"), key="documents.everywhere", **query)


def _search() -> None:
    question = str(st.session_state["documents.question"] or "").strip()
    on: date | None = st.session_state["documents.day"]
    said = {"question": question, "day": on.isoformat() if on else "", "view": "search"}
    merged = st.query_params.to_dict() | said
    st.query_params.from_dict({name: value for name, value in merged.items() if value})


def _open() -> None:
    came = components.pressed(FOUND, "open")
    place = {"document": came["id"], "at": str(came["at"]), "to": str(came["to"])}
    st.query_params.from_dict(st.query_params.to_dict() | place)


def _date(text: str) -> date | None:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return None
    return on if EARLIEST <= on <= LATEST else None
