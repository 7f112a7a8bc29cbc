"""Your account: what is yours, whatever your roles."""

import streamlit as st

from core import sign_in
from core.i18n import _
from pages.ui import (
    account,
    account_data,
    account_password,
    account_sign_ins,
    account_tokens,
    person,
    signed_in,
)

me = person.present()
st.title(_("Your account"), anchor=False)
account.who(me)
mine = sign_in.account(me.id) if signed_in.on() else None
if mine:
    account_password.show(mine)
    st.subheader(_("Where you are signed in"), anchor=False)
    account_sign_ins.show(me.id)
account_tokens.show(me.id)
account_data.show(me)
