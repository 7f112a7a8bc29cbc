"""Calibration items, made by who leads: how an item that waits should be judged, told beforehand.

Said on the list of items alone, which reviewers do not see; nobody is compared on an item that
waits no more, so none of those can be made one.
"""

from functools import partial

import streamlit as st

from core import annotation, chat
from core.annotation import Judged
from core.db.tables import Item
from core.errors import NotFound
from core.i18n import _
from pages.ui import decision, errors, notices, person, review_words


def said(item: Item) -> str:
    """How it should be judged; "" where that is not told."""
    if not item.known:
        return ""
    verdict = review_words.verdict(item.known["verdict"])
    words = _("Known answer: {verdict}").format(verdict=verdict)
    return " · ".join(part for part in (words, item.known.get("note", "")) if part)


def buttons(item: Item | None, asked: str) -> None:
    """Tell how it should be judged (anew), and forget it again."""
    waits = item is not None and item.state == "pending"
    label = _("Tell its answer…")
    if st.button(label, key="annotation.items.known", disabled=not waits) and item:
        with errors.told():
            _ask(item, asked)
    if item and waits and item.known:
        st.button(
            _("Like any other"),
            key="annotation.items.forget",
            help=_("Its known answer is forgotten."),
            on_click=notices.acting(partial(_forget, item)),
        )


def _ask(item: Item, asked: str) -> None:
    form = decision.Asked(
        item,
        asked,
        _answer(item),
        annotation.guideline(item.queue_id).rubric,
        _("Save"),
        partial(_store, item),
    )
    decision.open_(_("How should it be judged?"), form)


def _answer(item: Item) -> str:
    try:
        return chat.answer(item.message_id).message.text
    except NotFound:  # the verb says why it cannot be judged
        return ""


def _store(item: Item, judged: Judged) -> str:
    annotation.calibrate(item.id, judged, person.present().id)
    return _("Item #{n} is a calibration item now.").format(n=item.number)


def _forget(item: Item) -> None:
    annotation.calibrate(item.id, None, person.present().id)
    notices.leave(_("Item #{n} is an item like any other again.").format(n=item.number))
