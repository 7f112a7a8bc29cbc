"""An assistant's documents in a table: one page of it, looked for, filtered and sorted as the address says.

The table looks again as long as something is being read. What is pressed in it becomes one verb, or
a dialog (``bulk``), or another address.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core import access, assistants, retrieval
from core.db.tables import Assistant
from core.i18n import _, ngettext, number
from pages.ui import bulk, components, conditions, outcomes, shelf_rows, shelf_view, tabs
from pages.ui.errors import told
from pages.ui.language import spoken
from pages.ui.shelf_view import PAGE, View

LOOK_EVERY = 1.0
SHELF = "documents.shelf"
CHOSEN = "documents.assistant"


def chosen() -> Assistant:
    """Whose documents are shown: the one in the address, else the default; and the choice."""
    known = {one.id: one.name for one in assistants.all()}
    wanted, default = st.query_params.get("assistant", ""), assistants.default()
    here = wanted if wanted in known else (default.id if default else next(iter(known)))
    if len(known) > 1:
        st.selectbox(
            _("Assistant"),
            list(known),
            index=list(known).index(here),
            format_func=lambda id_: known.get(id_, ""),
            key=f"{CHOSEN}.{here}",
            label_visibility="collapsed",
            width=260,
            on_change=outcomes.acting(_turn_to),
            args=(here,),
        )
    return assistants.get(here)


def view() -> str:
    """What is shown of the documents: the "table", or a "search" in them by hand."""
    here = "search" if st.query_params.get("view") == "search" else "table"
    whose = st.query_params.get("assistant", "")
    base = {"assistant": whose} if whose else {}
    titles = {"table": _("All documents"), "search": _("Search by hand")}
    queries = {"table": base, "search": base | {"view": "search"}}
    tabs.show("documents.view", _("View"), here, titles, queries)
    return here


def listing(assistant: Assistant) -> None:
    """The table, looked at again while something is being read; a dialog over it."""
    waits = _waits(retrieval.queue(assistant.id))
    st.fragment(_table, run_every=LOOK_EVERY if waits else None)(assistant.id, waits)
    if (asked := bulk.asked()) and (about := retrieval.documents_of(asked.ids)):
        conditions.dialog(about, asked.name)


@spoken
def _table(assistant_id: str, waited: bool) -> None:
    with told():
        queue = retrieval.queue(assistant_id)
        if _waits(queue) != waited:
            st.rerun()  # to look again from time to time, or no longer
        view = shelf_view.shown()
        data = _data(assistant_id, view, shelf_view.found(assistant_id, view), queue)
        components.shelf(key=SHELF, data=data, on=_acts(assistant_id))
        outcomes.show()


def _waits(queue: retrieval.Queue) -> bool:
    return queue.waiting + queue.reading > 0


def _acts(assistant_id: str) -> dict[str, Callable[[], None]]:
    def chosen(name: str) -> list[str]:
        came = components.pressed(SHELF, name)
        if "ids" in came:
            return [str(id_) for id_ in came["ids"]]
        return shelf_view.ids(assistant_id, shelf_view.read(came["view"]))

    def ask(name: str) -> None:
        bulk.ask(name, chosen(name))
        st.rerun()  # a dialog is drawn by the page, not by the table alone

    acts = {
        "open": _open,
        "view": _look,
        "remove": lambda: bulk.remove(chosen("remove")),
        "reread": lambda: bulk.reread(chosen("reread")),
        "validity": lambda: ask("validity"),
        "masks": lambda: ask("masks"),
    }
    return {name: outcomes.acting(act) for name, act in acts.items()}


def _open() -> None:
    st.query_params["document"] = components.pressed(SHELF, "open")["id"]
    st.rerun()


def _look() -> None:
    shelf_view.show(shelf_view.read(components.pressed(SHELF, "view")))


def _turn_to(before: str) -> None:
    st.query_params.from_dict({"assistant": st.session_state[f"{CHOSEN}.{before}"]})


def _data(
    assistant_id: str, view: View, found: retrieval.Listing, queue: retrieval.Queue
) -> dict[str, Any]:
    left = retrieval.progress() if queue.waiting + queue.reading else {}
    return {
        "key": assistant_id,
        "label": _("Documents"),
        "locked": not access.may("change"),
        "view": vars(view),
        "columns": shelf_rows.columns(),
        "rows": [
            shelf_rows.row(one.document, one.usage, left.get(one.document.id)) for one in found.rows
        ],
        "total": found.total,
        "shown": _shown(view, found),
        "chips": _chips(found.counts) if found.counts["all"] or view != View() else [],
        "reading": _reading(queue, found.counts.get("all", 0)),
        "empty": _empty(view, found),
        "pages": _pages(view, found.total),
        "words": _words(),
    }


def _shown(view: View, found: retrieval.Listing) -> str:
    if not found.rows:
        return ""
    first, last = view.offset + 1, view.offset + len(found.rows)
    if found.total == len(found.rows):
        said = ngettext("{n} document", "{n} documents", found.total)
        return said.format(n=number(found.total))
    return _("{first} to {last} of {n} documents").format(
        first=number(first), last=number(last), n=number(found.total)
    )


def _chips(counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {
        "all": _("All"),
        "never_used": _("Never used"),
        "failed": _("Failed"),
        "waiting": _("Being read"),
        "expired": _("Expired"),
        "upcoming": _("Not valid yet"),
        "personal": _("Personal data"),
        "wrong": _("Marked wrong"),
    }
    return [
        {"key": key, "label": label, "n": counts[key], "said": number(counts[key])}
        for key, label in labels.items()
    ]


def _reading(queue: retrieval.Queue, total: int) -> dict[str, Any]:
    n = queue.waiting + queue.reading
    if not n:
        return {"text": "", "share": 0}
    said = ngettext("Reading {n} document", "Reading {n} documents", n).format(n=number(n))
    parts = [said, shelf_rows.time_left(queue.seconds_left)]
    return {"text": " · ".join(filter(None, parts)), "share": 1 - min(1, n / max(total, n))}


def _empty(view: View, found: retrieval.Listing) -> dict[str, str]:
    if found.rows:
        return {"text": ""}
    if view.search or view.only != "all" or view.page > 1:
        return {"text": _("No document fits."), "clear": _("Show all documents")}
    return {"text": _("No documents yet. What you add here can be asked about a moment later.")}


def _pages(view: View, total: int) -> dict[str, Any]:
    last = max(1, -(-total // PAGE))
    said = _("Page {n} of {last}").format(n=number(view.page), last=number(last))
    return {"last": last, "said": said}


def _words() -> dict[str, str]:
    return {
        "find": _("Search by name"),
        "filter": _("Show only"),
        "all": _("Choose all on this page"),
        "choose": _("Choose “{name}”").format(name="%s"),
        "actions": _("Actions"),
        "remove": _("Delete “{name}”").format(name="%s"),
        "chosen": _("With the chosen documents"),
        "one": ngettext("{n} chosen", "{n} chosen", 1).format(n="%s"),
        "many": ngettext("{n} chosen", "{n} chosen", 2).format(n="%s"),
        "every": _("Choose all {n}").format(n="%s"),
        "none": _("Choose none"),
        "validity": _("Validity…"),
        "masks": _("Hide…"),
        "reread": _("Read again"),
        "delete": _("Delete"),
        "pages": _("Pages of the table"),
        "before": _("Page before"),
        "after": _("Next page"),
    }
