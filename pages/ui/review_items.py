"""A queue's items, page by page: what was asked, why it was chosen, how it stands; taken out for good."""

from typing import Any

import streamlit as st

from core import annotation, chat
from core.db.tables import Item, Queue
from core.errors import NotFound
from core.i18n import N_, _
from pages.ui import ledger, notices, person, reasons, safe
from pages.ui.language import spoken

PAGE = 25
STATES = {
    "pending": N_("waiting"),
    "done": N_("done"),
    "removed": N_("taken out"),
    "unavailable": N_("conversation deleted"),
}
MARKS = {"done": "good", "removed": "note", "unavailable": "note"}


def show(queue: Queue) -> None:
    """The list, and the way on."""
    state = st.selectbox(
        _("Show only"),
        list(STATES),
        format_func=lambda name: _(STATES[name]),
        key="annotation.items.state",
        label_visibility="collapsed",
        width=260,
    )
    after = _number(st.query_params.get("after", ""))
    found = annotation.items(queue.id, state=state, after=after, limit=PAGE + 1)
    if not found:
        st.markdown(_("No item stands so. Fill the queue on the first page, or change its rules."))
        return
    rows = [_row(queue, item) for item in found[:PAGE]]
    heads = [
        ledger.head("#", side="end"),
        ledger.head(_("Question"), wide=True),
        ledger.head(_("Why it was chosen")),
        ledger.head(_("State")),
    ]
    base = {"queue": queue.id, "view": "items"}
    pages = [ledger.link("annotation", _("From the beginning"), **base)] if after else []
    if len(found) > PAGE:
        last = str(found[PAGE - 1].number)
        pages.append(ledger.link("annotation", _("Next items"), **base, after=last))
    more: dict[str, Any] = {"pages": pages, "paging": _("Pages of the list"), "here": "annotation"}
    ledger.show("annotation.items", _("Items"), heads, rows, **more)
    _taking_out(found[:PAGE])


def _row(queue: Queue, item: Item) -> dict[str, Any]:
    why = reasons.in_words(item.reasons)
    there = item.state == "pending"
    go = ledger.link("annotation", queue=queue.id, item=item.id) if there else None
    return ledger.row(
        ledger.cell(str(item.number)),
        ledger.cell(_question(item), go=go),
        ledger.cell(why),
        ledger.cell(_(STATES[item.state]), mark=MARKS.get(item.state)),
    )


def _question(item: Item) -> str:
    try:
        return chat.answer(item.message_id).question.text[:200]
    except NotFound:
        return _("(deleted)")


def _taking_out(found: list[Item]) -> None:
    open_ = {item.id: item for item in found if item.state in ("pending", "done")}
    if not open_:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("Take an item out of the queue"),
            list(open_),
            index=None,
            format_func=lambda id_: f"#{open_[id_].number}" if id_ in open_ else "",
            key="annotation.items.out",
            width=260,
        )
        if st.button(_("Take it out…"), key="annotation.items.take_out", disabled=chosen is None):
            st.dialog(_("Take it out of the queue?"))(_confirm)(str(chosen))


@spoken
def _confirm(item_id: str) -> None:
    item = annotation.item(item_id)
    st.markdown(safe.label(_question(item)))
    st.markdown(_("It never comes back into this queue by itself. What was judged of it stays."))

    def take_out() -> None:
        annotation.remove(item_id, person.present().id)
        notices.leave(_("Item #{n} is taken out of the queue.").format(n=item.number))

    if st.button(_("Take it out"), key="annotation.items.sure", type="primary"):
        notices.acting(take_out)()
        st.rerun()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
