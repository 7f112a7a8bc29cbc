"""Who belongs to an assistant, and whether it is for them only: on its page."""

import streamlit as st

from core import access
from core.db.tables import Assistant
from core.i18n import _, ngettext, number
from pages.ui import errors, notices, safe


def section(one: Assistant) -> None:
    """Who finds it; whoever gives roles chooses here, others read it."""
    with errors.told():
        told = access.members(one.id)
        st.subheader(_("Who finds it"), anchor=False)
        st.caption(_said(told))
        if access.may("people"):
            _choose(told)


def badge(one: Assistant) -> None:
    """That it is not there for everybody."""
    if one.members_only:
        st.badge(
            _("members only"),
            icon=":material/lock:",
            color="orange",
            help=_("Nobody but its members, and admins, finds it."),
        )


def _said(told: access.Membership) -> str:
    if not told.only:
        return _(
            "Everybody finds it. Where it is for its members only, it is not there for anybody else: "
            "not in a list, a search or a figure, nor are its documents, conversations and reviews."
        )
    if not told.people:
        return _("It is for its members only, and has none: admins alone find it.")
    n = len(told.people)
    said = ngettext(
        "{n} member and the admins find it.", "{n} members and the admins find it.", n
    ).format(n=number(n))
    return f"{said} {', '.join(safe.label(access.called(one)) for one in told.people)}"


def _choose(told: access.Membership) -> None:
    here = told.assistant_id
    st.toggle(
        _("For its members only"),
        told.only,
        key=_key("only", f"{here}.{told.only}"),
        on_change=notices.acting(_switch),
        args=(here, not told.only),
    )
    names = {one.id: access.called(one) for one in (*access.people(), *told.people)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            _("Members"),
            list(names),
            [one.id for one in told.people],
            format_func=names.__getitem__,
            key=_key("people", f"{here}.{hash(tuple(one.id for one in told.people))}"),
            placeholder=_("Choose people"),
            help=_("Admins find every assistant without being members."),
        )
        st.button(
            _("Save"),
            key=_key("save", here),
            disabled=set(chosen) == {one.id for one in told.people},
            on_click=notices.acting(_save),
            args=(here, chosen),
        )


def _switch(assistant_id: str, only: bool) -> None:
    access.set_members_only(assistant_id, only)
    notices.leave(_("Saved."))


def _save(assistant_id: str, chosen: list[str]) -> None:
    access.set_members(assistant_id, chosen)
    notices.leave(_("Saved."))


def _key(field: str, of: str) -> str:
    return f"assistants.members.{field}.{of}"
