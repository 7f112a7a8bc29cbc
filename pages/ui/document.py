"""One document: what it is, its text, its versions, where it was used, and what one can do with it.

``?document=`` names it; ``&at=`` and ``&to=`` mark words of its text (``&version=`` of an earlier
one), ``&part=`` opens another part, ``&conversation=`` is where the reader came from.
"""

from functools import partial

import streamlit as st

from core import access, retrieval
from core.db.tables import Document
from core.errors import NotFound
from core.i18n import _, ngettext, number
from pages.ui import (
    appearing,
    bulk,
    conditions,
    outcomes,
    places,
    reading,
    safe,
    shelf_rows,
    tabs,
    versions,
)
from pages.ui.errors import say, told
from pages.ui.language import kept, spoken

LOOK_EVERY = 1.0
OWN = ("document", "at", "to", "version", "part", "conversation")  # not of the list it came from


def show(document_id: str) -> None:
    """The page of that document."""
    asked = st.query_params
    if conversation := asked.get("conversation", ""):
        back = _("Back to the conversation")
        places.link("chat", back, icon=":material/arrow_back:", conversation=conversation)
    try:
        document = retrieval.document(document_id)
    except NotFound as error:
        places.here(_("All documents"), key="documents.all", icon=":material/arrow_back:")
        say(error)
        outcomes.show()
        return
    if not conversation:
        _back(document)
    st.title(safe.label(document.name), anchor=False)
    if document.removed_at is not None:
        _gone(document)
    else:
        _state(document)
        _actions(document)
        _part(document)
    outcomes.show()


def _back(document: Document) -> None:
    """To where the reader came from: the same rows of the table, or the same search."""
    asked = st.query_params.to_dict()
    came = {name: value for name, value in asked.items() if name not in OWN}
    label = _("Back to the search") if came.get("view") == "search" else _("All documents")
    query = {"assistant": document.assistant_id} | came
    places.here(label, key="documents.all", icon=":material/arrow_back:", **query)


def _gone(document: Document) -> None:
    st.info(_("This document was deleted. Within a day it can be brought back."))
    if not access.may("change"):
        return
    st.button(
        _("Bring it back"),
        key="documents.restore",
        icon=":material/undo:",
        type="primary",
        on_click=outcomes.acting(bulk.restore),
        args=([document.id],),
    )


def _state(document: Document) -> None:
    """Its facts; looked at again as long as it is being read."""
    waits = document.state in ("queued", "reading")
    st.fragment(_facts, run_every=LOOK_EVERY if waits else None)(document.id, waits)


@spoken
def _facts(document_id: str, waited: bool) -> None:
    with told():
        document = retrieval.document(document_id)
        if waited and document.state not in ("queued", "reading"):
            st.rerun()
        left = retrieval.progress().get(document_id) if waited else None
        st.caption(safe.label(" · ".join(_told(document, left))))
        if waited:
            share = left.share if left and left.share else 0.0
            text = shelf_rows.time_left(left.seconds_left) if left else ""
            st.progress(share, text=text or _("waiting to be read"))
        if why := shelf_rows.why(document):
            st.error(safe.label(why), icon=":material/error:")


def _told(document: Document, left: retrieval.Progress | None) -> list[str]:
    """Its facts, in the order in which one asks for them."""
    facts = [shelf_rows.state(document, left)]
    if document.version:
        facts.append(_("version {n}").format(n=number(document.version)))
    if document.pages:
        pages = ngettext("{n} page", "{n} pages", document.pages)
        facts.append(pages.format(n=number(document.pages)))
    many = ngettext("{n} passage", "{n} passages", document.chunks)
    facts.append(many.format(n=number(document.chunks)))
    facts += [shelf_rows.language(document), shelf_rows.size(document.size)]
    facts += [shelf_rows.validity(document), shelf_rows.personal(document)]
    use = retrieval.use_of(document.id)
    facts.append(appearing.said(use) if use.used else _("not used in any answer yet"))
    if document.is_sample:
        facts.append(_("sample data"))
    return [fact for fact in facts if fact]


def _actions(document: Document) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        places.here(
            _("Search in it"),
            key="documents.search_in",
            icon=":material/search:",
            **{"assistant": document.assistant_id, "view": "search", "in": document.id},
        )
        st.download_button(
            _("Download"),
            kept(partial(_original, document.id)),
            file_name=document.name.rsplit("/", 1)[-1],
            mime=document.media_type,
            key="documents.download",
            icon=":material/download:",
            type="tertiary",
            help=_("The file as it was added, with whatever is hidden here."),
            on_click="ignore",
        )
        if not access.may("change"):
            return
        st.button(
            _("Read again"),
            key="documents.reread",
            icon=":material/refresh:",
            type="tertiary",
            on_click=outcomes.acting(bulk.reread),
            args=([document.id],),
        )
        st.button(
            _("Delete"),
            key="documents.remove",
            icon=":material/delete:",
            type="tertiary",
            on_click=outcomes.acting(_remove),
            args=(document,),
        )


def _original(document_id: str) -> bytes:
    return retrieval.original(document_id).path.read_bytes()


def _remove(document: Document) -> None:
    bulk.remove([document.id])
    came = {name: value for name, value in st.query_params.to_dict().items() if name not in OWN}
    st.query_params.from_dict({"assistant": document.assistant_id} | came)


def _part(document: Document) -> None:
    """The part that the address names, and the way to the others."""
    asked = st.query_params.to_dict()
    titles = {
        "text": _("Text"),
        "versions": _("Versions ({n})").format(n=number(document.newest)),
        **({"settings": _("Settings")} if access.may("change") else {}),
        "answers": _("Answers ({n})").format(n=number(retrieval.use_of(document.id).used)),
    }
    here = asked["part"] if asked.get("part") in titles else "text"
    queries = {part: asked | {"part": part} for part in titles}
    tabs.show("documents.part", _("Part of the document"), here, titles, queries)
    with told():
        if here == "text":
            reading.show(document, *(asked.get(name, "") for name in ("at", "to", "version")))
        elif here == "versions":
            versions.show(document)
        elif here == "answers":
            appearing.show(document)
        else:
            _settings(document)


def _settings(document: Document) -> None:
    st.header(_("When is this valid?"), anchor=False)
    conditions.validity([document])
    st.header(_("What is hidden?"), anchor=False)
    conditions.masks([document])
