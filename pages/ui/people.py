"""The people and their roles: chips to press, a name to change, and what each role may do."""

from typing import Any

import streamlit as st

from core import access, sign_in
from core.access.people import NAME_LENGTH
from core.db.tables import Person
from core.i18n import _, ngettext, number
from core.sign_in import Standing
from pages.ui import ledger, notices, people_accounts, safe, signed_in

PAGE = 50
ROUND = "people.round"  # a refused change is drawn anew, as it is stored


def add() -> None:
    """A new person, by name: they begin with every role."""
    with (
        st.form("people.add", clear_on_submit=True, border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(_("Name"), key="people.new", max_chars=NAME_LENGTH)
        st.form_submit_button(
            _("Add a person"), icon=":material/person_add:", on_click=notices.acting(_add)
        )


def listing() -> None:
    """Everybody by name, their roles as chips; with many, the first of those looked for."""
    access.local_person()
    search = _search()
    found = access.people(search, limit=PAGE + 1)
    how = sign_in.standing() if signed_in.on() else None
    for one in found[:PAGE]:
        if how is None:
            _row(one)
        elif not one.is_local:  # nobody signs in as whoever sits there
            _account(one, how.get(one.id))
    if not found:
        st.caption(_("Nobody is called so."))
    if len(found) > PAGE:
        text = ngettext(
            "Only the first {n} is shown; search for others by name.",
            "Only the first {n} are shown; search for others by name.",
            PAGE,
        )
        st.caption(text.format(n=number(PAGE)))


def who_may_what() -> None:
    """The table of what each role may do."""
    st.subheader(_("Who may do what"), anchor=False)
    heads = [ledger.head(_("May"), wide=True)]
    heads += [ledger.head(_(name)) for name in access.ROLE_NAMES.values()]
    rows = [
        ledger.row(
            ledger.cell(_(words)), *(ledger.cell(_mark(deed, role)) for role in access.ROLES)
        )
        for deed, words in access.DEEDS.items()
    ]
    ledger.show("people.may", _("Who may do what"), heads, rows)
    st.caption(_("Somebody with several roles may what each of them may."))


def _mark(deed: str, role: str) -> str:
    return _("yes") if role in access.MAY[deed] else "–"


def _search() -> str:
    if len(access.people(limit=PAGE + 1)) <= PAGE and not st.session_state.get("people.search"):
        return ""
    typed = st.text_input(_("Search by name"), key="people.search", max_chars=NAME_LENGTH)
    return typed or ""


def _row(person: Person) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{safe.label(access.called(person))}**", width="stretch")
        _roles(person)
        if not person.is_local:
            with _renaming(person) as menu:
                if menu.open:
                    people_accounts.name_field(person)


def _account(person: Person, how: Standing | None) -> None:
    """Somebody who signs in: above how they do and what can be done about it, below the roles."""
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(gap=None, width="stretch"):
                st.markdown(f"**{safe.label(access.called(person))}**")
                st.caption(safe.label(people_accounts.status(how)))
            people_accounts.more(person, how)
        _roles(person)


def _roles(person: Person) -> None:
    key = f"people.roles.{person.id}.{st.session_state.setdefault(ROUND, 0)}"
    st.pills(
        _("Roles of {name}").format(name=safe.label(access.called(person))),
        access.ROLES,
        selection_mode="multi",
        default=person.roles,
        format_func=lambda role: _(access.ROLE_NAMES[role]),
        key=key,
        label_visibility="collapsed",
        on_change=notices.acting(_give),
        args=(person.id, key),
    )


def _renaming(person: Person) -> Any:
    return st.popover(
        _("Rename"),
        icon=":material/edit:",
        type="tertiary",
        key=f"people.name.{person.id}.open",
        on_change="rerun",
    )


def _add() -> None:
    access.demand("people")
    made = access.person(st.session_state["people.new"])
    notices.leave(_("{name} is here, with every role.").format(name=made.name))


def _give(person_id: str, key: str) -> None:
    st.session_state[ROUND] += 1
    access.set_roles(person_id, st.session_state[key])
