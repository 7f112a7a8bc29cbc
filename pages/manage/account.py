"""Your account: what is yours, whatever your roles."""

import streamlit as st

from core.i18n import _
from pages.ui import account

st.title(_("Your account"), anchor=False)
account.who()
