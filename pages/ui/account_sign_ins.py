"""Where somebody is signed in, and how to end it: on one's own page, and behind a name on the people's."""

import streamlit as st

from core import access, sign_in
from core.db.tables import SignIn
from core.i18n import _, moment, ngettext, number
from pages.ui import agents, notices, safe

SHOWN = 20


def show(person_id: str) -> None:
    """Each browser with what is known of it."""
    here = access.origin().sign_in_id
    found = sorted(sign_in.sign_ins(person_id), key=lambda one: one.id != here)
    if not found:
        st.caption(_("Signed in nowhere."))
    for one in found[:SHOWN]:
        _row(one, one.id == here)
    others = [one for one in found if one.id != here]
    if len(found) > SHOWN:
        st.caption(_("And {n} more.").format(n=number(len(found) - SHOWN)))
    if len(others) > 1:
        mine = any(one.id == here for one in found)
        st.button(
            _("Sign out everywhere else") if mine else _("Sign out everywhere"),
            key=f"sign_ins.all.{person_id}",
            icon=":material/logout:",
            type="tertiary",
            on_click=notices.acting(_end_all),
            args=(person_id, here),
        )


def _row(one: SignIn, is_here: bool) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            mark = " · " + _("this browser") if is_here else ""
            st.markdown(f"**{safe.label(_named(one))}**{mark}")
            seen = _("since {begun}, last used {seen}").format(
                begun=moment(one.created_at), seen=moment(one.seen_at)
            )
            st.caption(safe.label(" · ".join(filter(None, [one.address, seen]))))
        if not is_here:
            st.button(
                _("End"),
                key=f"sign_ins.end.{one.id}",
                icon=":material/logout:",
                type="tertiary",
                on_click=notices.acting(_end),
                args=(one.id,),
            )


def _named(one: SignIn) -> str:
    return agents.named(one.agent) or _("A browser")


def _end(sign_in_id: str) -> None:
    sign_in.end(sign_in_id)
    notices.leave(_("That browser is signed out."))


def _end_all(person_id: str, here: str) -> None:
    n = sign_in.end_all(person_id, but=here)
    said = ngettext("{n} browser is signed out.", "{n} browsers are signed out.", n)
    notices.leave(said.format(n=number(n)))
