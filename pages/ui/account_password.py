"""One's password: the present one, and another twice."""

import streamlit as st

from core import sign_in
from core.db.tables import Account
from core.errors import InvalidInput
from core.i18n import _, moment
from pages.ui import notices, safe

KEY = "account.password"
FIELDS = ("old", "new", "again")


def show(mine: Account) -> None:
    """Where one signs in with a password: how to change it. Else who vouches."""
    st.subheader(_("Sign-in"), anchor=False)
    if not mine.password_hash:
        said = _("{issuer} vouches for you; your password is changed there.")
        st.markdown(safe.label(said.format(issuer=mine.issuer)))
        return
    since = _("Password since {time}").format(time=moment(mine.password_at or mine.created_at))
    login = _("Login: {login}").format(login=mine.login)
    st.markdown(safe.label(f"{login} · {since}"))
    with st.expander(_("Change the password")), st.form(KEY, border=False):
        _field("old", _("Present password"), "current-password")
        _field("new", _("New password"), "new-password")
        _field("again", _("New password again"), "new-password")
        st.caption(_("Every other browser of yours is signed out."))
        st.form_submit_button(_("Change the password"), on_click=notices.acting(_change))


def _field(name: str, label: str, autocomplete: str) -> None:
    st.text_input(
        label, key=f"{KEY}.{name}", type="password", autocomplete=autocomplete, max_chars=1024
    )


def _change() -> None:
    old, new, again = (str(st.session_state[f"{KEY}.{name}"]) for name in FIELDS)
    if new != again:
        raise InvalidInput(_("Both new passwords must be the same."), field="again")
    sign_in.set_password(old, new)
    for name in FIELDS:
        st.session_state[f"{KEY}.{name}"] = ""
    notices.leave(_("The password is changed. Your other browsers are signed out."))
