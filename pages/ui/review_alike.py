"""Items like one: asked in like words, or answered from the same documents; each opens from here.

In: an item. Out: rows for the review desk (plain data), or the list in place of the queue's items.
"""

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from core import access, annotation
from core.annotation import Similar
from core.db.tables import Queue
from core.errors import NotFound
from core.i18n import _, ngettext, number, percent
from pages.ui import ledger, places, review_words, safe

MOST = 8


def data(item_id: str) -> dict[str, Any]:
    """What the desk shows of them; ``item`` is one that can be taken up, ``path`` one to read."""
    rows = [_row(one) for one in annotation.similar(item_id)]
    return {"rows": rows, "none": _none()}


def show(queue: Queue, item_id: str, asked: str) -> None:
    """The list of those like the item, above it what was asked in that, and the way back."""
    n = annotation.item(item_id).number
    st.subheader(_("Items like #{n}").format(n=n), anchor=False)
    st.markdown(safe.label(asked))
    found = annotation.similar(item_id, MOST)
    if found:
        _list(found)
    else:
        st.markdown(_none())
    places.here(
        _("Back to all items"),
        key="annotation.alike.back",
        icon=":material/arrow_back:",
        queue=queue.id,
        view="items",
    )


def _list(found: list[Similar]) -> None:
    heads = [
        ledger.head("#", side="end"),
        ledger.head(_("Question"), wide=True),
        ledger.head(_("How alike")),
        ledger.head(_("State"), side="short"),
    ]
    rows = [_cells(one) for one in found]
    ledger.show("annotation.alike", _("Items like this one"), heads, rows, here="annotation")


def there(queue: Queue, item_id: str) -> bool:
    """Whether there is such an item in the queue."""
    try:
        return annotation.item(item_id).queue_id == queue.id
    except NotFound:
        return False


def likeness(one: Similar) -> str:
    """How alike the questions and the documents are, in words."""
    parts = [_("{share} alike in words").format(share=percent(one.words))]
    if one.documents:
        said = ngettext("{n} document in common", "{n} documents in common", one.documents)
        parts.append(said.format(n=number(one.documents)))
    return " · ".join(parts)


def _row(one: Similar) -> dict[str, Any]:
    waits = one.item.state == "pending"
    place, query = _place(one)
    return {
        "item": one.item.id if waits else "",
        "question": one.question[:200],
        "said": f"{likeness(one)} · {review_words.state(one.item.state)}",
        "path": f"/{place}?{urlencode(query)}" if place else "",
    }


def _cells(one: Similar) -> dict[str, Any]:
    place, query = _place(one)
    return ledger.row(
        ledger.cell(str(one.item.number)),
        ledger.cell(one.question[:200], go=ledger.link(place, **query) if place else None),
        ledger.cell(likeness(one)),
        ledger.cell(review_words.state(one.item.state), mark=review_words.SIGNS[one.item.state]),
    )


def _place(one: Similar) -> tuple[str, dict[str, str]]:
    """Where it opens: on the desk while it waits, else in its conversation for who may read that."""
    item = one.item
    if item.state == "pending":
        return "annotation", {"queue": item.queue_id, "item": item.id}
    if item.state == "done" and access.may("read"):
        return "chat", {"conversation": item.conversation_id, "answer": item.message_id}
    return "", {}


def _none() -> str:
    return _("No item of this queue is like this one.")
