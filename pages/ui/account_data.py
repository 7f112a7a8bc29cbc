"""What Ciclo holds about oneself: to be taken along; and what one agreed to, to be taken back."""

import streamlit as st

from core import personal
from core.db.tables import Person
from core.i18n import _, day
from core.personal import Agreement
from pages.ui import notices, safe
from pages.ui.language import kept


def show(me: Person) -> None:
    """The file with everything, then the agreements."""
    st.subheader(_("Your data"), anchor=False)
    mine = personal.Subject(me.id, "", me.name, me.is_local)
    st.caption(
        _(
            "Everything that is held about you, in one file to read and to take along. An admin can"
            " erase it."
        )
    )
    st.download_button(
        _("Download what is held about me"),
        kept(lambda: _packed(mine)),
        file_name=personal.file_name(mine),
        mime="application/zip",
        icon=":material/download:",
        on_click="ignore",
        key="account.data",
    )
    for given in personal.agreements():
        _agreement(given)


def _packed(mine: personal.Subject) -> bytes:
    with personal.packed(mine) as file:
        return file.read()


def _agreement(given: Agreement) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.markdown(f"**{safe.label(given.assistant)}**")
            st.caption(safe.label(_told(given)))
        if given.row.withdrawn_at is None:
            st.button(
                _("Withdraw"),
                key=f"account.withdraw.{given.row.id}",
                icon=":material/undo:",
                type="tertiary",
                on_click=notices.acting(_withdraw),
                args=(given.row.assistant_id, given.assistant),
            )


def _told(given: Agreement) -> str:
    if given.row.withdrawn_at:
        return _("withdrawn on {day}").format(day=day(given.row.withdrawn_at))
    said = _("you agreed to the use of your data on {day}").format(day=day(given.row.given_at))
    return said if given.holds else f"{said}; {_changed()}"


def _changed() -> str:
    return _("the text is another by now, so it asks again")


def _withdraw(assistant_id: str, name: str) -> None:
    personal.withdraw(assistant_id)
    notices.leave(_("{name} asks you again before your next question.").format(name=name))
