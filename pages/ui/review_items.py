"""A queue's items, page by page: what was asked, why it was chosen, how it stands; and what who leads
does with one: see what is like it, make its answer known, take it out for good.

``?like=`` shows, in place of the list, the items like that one.
"""

from typing import Any

import streamlit as st

from core import annotation, chat
from core.db.tables import Item, Queue
from core.errors import NotFound
from core.i18n import _
from pages.ui import (
    ledger,
    notices,
    person,
    reasons,
    review_alike,
    review_known,
    review_talk,
    review_words,
    safe,
)
from pages.ui.language import spoken

PAGE = 25
LONGEST = 200  # characters of a question


def show(queue: Queue) -> None:
    """The list, and the way on; or the items like one."""
    like = st.query_params.get("like", "")
    if review_alike.there(queue, like):
        review_alike.show(queue, like, question(annotation.item(like)))
        return
    state = st.selectbox(
        _("Show only"),
        list(review_words.STATES),
        format_func=review_words.state,
        key="annotation.items.state",
        label_visibility="collapsed",
        width=260,
    )
    after = _number(st.query_params.get("after", ""))
    found = annotation.items(queue.id, state=state, after=after, limit=PAGE + 1)
    if not found:
        st.markdown(_("No item stands so. Fill the queue on the first page, or change its rules."))
        return
    asked = {item.id: question(item) for item in found[:PAGE]}
    _list(queue, found, asked, after)
    _deeds(queue, found[:PAGE], asked)


def question(item: Item) -> str:
    """What the asker had said before the answer in focus, its beginning."""
    try:
        asked = chat.answer(item.message_id).question
        if asked.role == "user":
            return asked.text[:LONGEST]
        talk = chat.path(item.conversation_id, item.message_id)
    except NotFound:
        return _("(deleted)")
    return review_talk.asked(talk, item.message_id)[:LONGEST]


def _list(queue: Queue, found: list[Item], asked: dict[str, str], after: int) -> None:
    heads = [
        ledger.head("#", side="end"),
        ledger.head(_("Question"), wide=True),
        ledger.head(_("Why it was chosen")),
        ledger.head(_("State"), side="short"),
    ]
    base = {"queue": queue.id, "view": "items"}
    pages = [ledger.link("annotation", _("From the beginning"), **base)] if after else []
    if len(found) > PAGE:
        last = str(found[PAGE - 1].number)
        pages.append(ledger.link("annotation", _("Next items"), **base, after=last))
    rows = [_row(queue, item, asked[item.id]) for item in found[:PAGE]]
    more: dict[str, Any] = {"pages": pages, "paging": _("Pages of the list"), "here": "annotation"}
    ledger.show("annotation.items", _("Items"), heads, rows, **more)


def _row(queue: Queue, item: Item, asked: str) -> dict[str, Any]:
    waits = item.state == "pending"
    go = ledger.link("annotation", queue=queue.id, item=item.id) if waits else None
    return ledger.row(
        ledger.cell(str(item.number)),
        ledger.cell(asked, go=go, note=review_known.said(item)),
        ledger.cell(reasons.in_words(item.reasons)),
        ledger.cell(review_words.state(item.state), mark=review_words.SIGNS[item.state]),
    )


def _deeds(queue: Queue, found: list[Item], asked: dict[str, str]) -> None:
    """One of the items above, and what can be done with it."""
    known = {item.id: item for item in found}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("With one of these items"),
            list(known),
            index=None,
            format_func=lambda id_: _called(known[id_], asked[id_]) if id_ in known else "",
            key="annotation.items.one",
            placeholder=_("Choose an item"),
            width=340,
        )
        item = known.get(chosen or "")
        _alike(queue, item)
        review_known.buttons(item, asked[item.id] if item else "")
        _out(item)


def _called(item: Item, asked: str) -> str:
    return f"#{item.number} · {' '.join(asked.split())[:60]}"


def _alike(queue: Queue, item: Item | None) -> None:
    def turn() -> None:
        if item:
            st.query_params.from_dict({"queue": queue.id, "view": "items", "like": item.id})

    st.button(
        _("Items like this one"),
        key="annotation.items.alike",
        disabled=item is None,
        on_click=notices.acting(turn),
    )


def _out(item: Item | None) -> None:
    there = item is not None and item.state in ("pending", "done")
    if st.button(_("Take it out…"), key="annotation.items.take_out", disabled=not there) and item:
        st.dialog(_("Take it out of the queue?"))(_confirm)(item.id)


@spoken
def _confirm(item_id: str) -> None:
    item = annotation.item(item_id)
    st.markdown(safe.label(question(item)))
    st.markdown(_("It never comes back into this queue by itself. What was judged of it stays."))

    def take_out() -> None:
        annotation.remove(item_id, person.present().id)
        notices.leave(_("Item #{n} is taken out of the queue.").format(n=item.number))

    if st.button(_("Take it out"), key="annotation.items.sure", type="primary"):
        notices.acting(take_out)()
        st.rerun()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
