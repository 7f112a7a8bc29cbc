"""The conditions of documents, to be set: from when to when they hold, and what they hide.

The same two forms serve one document's settings and the dialogs about many. What was typed stays in
its fields when it cannot be saved, and why stands under them.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from core import privacy
from core.db.tables import Document
from core.errors import CicloError
from core.i18n import _, language, ngettext, number
from pages.ui import bulk, errors, safe
from pages.ui.language import spoken
from pages.ui.shelf_rows import KINDS

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
OFTEN = ("cpf", "card", *privacy.BUSINESS)  # offered also where none was found
FORMATS = {"pt-BR": "DD/MM/YYYY", "en": "YYYY-MM-DD"}  # 03/04 is another day to half of the readers


def validity(found: Sequence[Document], *, closes: bool = False) -> None:
    """Two dates, both days included; an empty one leaves that side open. ``closes`` the dialog."""
    key = _key("validity", found, lambda one: (one.valid_from, one.valid_to))
    with st.form(key, border=False):
        with st.container(horizontal=True):
            _day(_("Valid from"), _alike([one.valid_from for one in found]), f"{key}.from")
            _day(_("Valid until"), _alike([one.valid_to for one in found]), f"{key}.to")
        st.caption(_("Both days count. An empty date leaves that side open."))
        _save(key, _("Save dates"), partial(_keep_validity, key, _ids(found)), closes)


def masks(found: Sequence[Document], *, closes: bool = False) -> None:
    """A box for every kind of personal data that may be hidden. ``closes`` the dialog."""
    key = _key("masks", found, lambda one: tuple(one.masks))
    with st.form(key, border=False):
        for kind in dict.fromkeys((*OFTEN, *privacy.KINDS)):
            n = sum(one.personal.get(kind, 0) for one in found)
            if kind in OFTEN or n:
                hidden = all(kind in one.masks for one in found)
                st.checkbox(_kind(kind, n), hidden, key=f"{key}.{kind}")
        st.caption(_("What is hidden is covered before it is stored; a change reads it again."))
        _save(key, _("Save"), partial(_keep_masks, key, _ids(found)), closes)


def dialog(found: Sequence[Document], name: str) -> None:
    """One of the two forms, in a dialog about these documents."""
    titles = {"validity": _("When is this valid?"), "masks": _("What is hidden?")}
    draw: dict[str, Callable[..., None]] = {"validity": validity, "masks": masks}
    st.dialog(titles[name], on_dismiss=bulk.answered)(_asking)(draw[name], found)


@spoken
def _asking(draw: Callable[..., None], found: Sequence[Document]) -> None:
    with errors.told():
        many = ngettext("For {n} document", "For {n} documents", len(found))
        one = safe.label(found[0].name) if len(found) == 1 else ""
        st.caption(one or many.format(n=number(len(found))))
        draw(found, closes=True)


def _day(label: str, value: date | None, key: str) -> None:
    st.date_input(
        label,
        value,
        key=key,
        min_value=EARLIEST,
        max_value=LATEST,
        format=FORMATS[language()],
        width=200,
    )


def _kind(kind: str, n: int) -> str:
    named = _(KINDS[kind])
    found = ngettext("{n} found", "{n} found", n).format(n=number(n)) if n else _("none found")
    return safe.label(f"{named} · {found}")


def _save(key: str, label: str, keep: Callable[[], None], closes: bool) -> None:
    st.form_submit_button(
        label,
        type="primary" if closes else "secondary",
        key=f"{key}.save",
        on_click=spoken(_saved),
        args=(key, keep, closes),
    )
    if error := st.session_state.get(f"{key}.error"):
        errors.say(error)


def _saved(key: str, keep: Callable[[], None], closes: bool) -> None:
    st.session_state.pop(f"{key}.error", None)
    try:
        keep()
    except CicloError as error:
        st.session_state[f"{key}.error"] = error
        return
    if closes:
        bulk.answered()
        st.rerun()


def _keep_validity(key: str, ids: Sequence[str]) -> None:
    first, last = (st.session_state[f"{key}.{side}"] for side in ("from", "to"))
    bulk.set_validity(ids, first, last)


def _keep_masks(key: str, ids: Sequence[str]) -> None:
    kinds = [kind for kind in privacy.KINDS if st.session_state.get(f"{key}.{kind}")]
    bulk.set_masks(ids, kinds)


def _key(name: str, found: Sequence[Document], had: Callable[[Document], Hashable]) -> str:
    """Fields of their own for these documents and what they have now."""
    return f"documents.{name}.{hash(tuple((one.id, had(one)) for one in found)):x}"


def _ids(found: Sequence[Document]) -> list[str]:
    return [one.id for one in found]


def _alike(values: Sequence[Any]) -> Any:
    """What all have in common; nothing where they differ."""
    return values[0] if len(set(values)) == 1 else None
