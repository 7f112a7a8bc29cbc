"""People: who works here, with which roles; who may do what, as a table in words."""

import streamlit as st

from core.config import settings
from core.i18n import _
from pages.ui import people, people_accounts, signed_in

st.title(_("People"), anchor=False)
if settings().auth == "oidc":
    people_accounts.come()
elif signed_in.on():
    people_accounts.invite()
else:
    people.add()
people.listing()
people.who_may_what()
