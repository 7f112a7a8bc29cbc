"""Who one is here: the name, the roles, and what these allow."""

import streamlit as st

from core import access
from core.db.tables import Person
from core.i18n import _
from pages.ui import safe


def who(me: Person) -> None:
    """Name and roles in words."""
    st.subheader(safe.label(access.called(me)), anchor=False)
    st.markdown(_roles(me.roles))
    with st.expander(_("What this allows")):
        for deed, words in access.DEEDS.items():
            mark = ":material/check:" if access.may(deed) else ":material/block:"
            st.markdown(f"{mark} {safe.label(_(words))}")


def _roles(roles: list[str]) -> str:
    if not roles:
        return _("You have no role yet. An admin gives you one.")
    names = ", ".join(_(access.ROLE_NAMES[role]) for role in access.ROLES if role in roles)
    return _("Roles: {roles}").format(roles=names)
