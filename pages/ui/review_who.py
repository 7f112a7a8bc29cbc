"""Who sits at the review desk, asked before an item is taken in anybody's name.

Asked where people have names here and none was picked in this browser: an item that is claimed for
"whoever sits here" would wait for nobody. One click or key a name; where nobody has a name, nothing
is asked.
"""

import streamlit as st

from core import access
from core.db.tables import Person
from core.i18n import _
from pages.ui import notices, person, safe

KEYED = 9  # names with a digit of their own; further ones are picked from the list
OTHER = "review.who.other"


def known() -> bool:
    """Whether an item may be claimed for who sits here."""
    return person.picked() is not None or not _anybody()


def ask() -> None:
    """The names of those who review, and the way to another one."""
    st.subheader(_("Who sits here?"), anchor=False)
    st.markdown(_("An item is in one person’s hands at a time: pick your name, then it comes."))
    reviewers = [one for one in access.people(limit=person.MOST) if _reviews(one)]
    with st.container(horizontal=True, gap="small"):
        for n, one in enumerate(reviewers[:KEYED], 1):
            _button(one, str(n))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _other(reviewers[KEYED:])
        st.button(
            _("Go on without a name"),
            key="review.who.nobody",
            type="tertiary",
            on_click=notices.acting(person.pick),
            args=(access.local_person().id,),
        )


def _anybody() -> bool:
    return any(not one.is_local for one in access.people(limit=2))  # one of them is the local one


def _reviews(one: Person) -> bool:
    return not one.is_local and access.may("review", one)


def _button(one: Person, key: str) -> None:
    st.button(
        safe.label(access.called(one)),
        key=f"review.who.{one.id}",
        icon=":material/person:",
        shortcut=key,
        on_click=notices.acting(person.pick),
        args=(one.id,),
    )


def _other(known: list[Person]) -> None:
    names = {one.id: access.called(one) for one in known}

    def pick() -> None:
        if wanted := st.session_state[OTHER]:
            person.pick(wanted)

    st.selectbox(
        _("Another name"),
        list(names),
        index=None,
        format_func=lambda id_: names.get(id_, id_),
        key=OTHER,
        placeholder=_("Pick or type a name"),
        accept_new_options=True,
        width=260,
        on_change=notices.acting(pick),
    )
