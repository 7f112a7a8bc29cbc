"""Who signs in here: inviting, new passwords, letting nobody in any longer, where somebody is signed in."""

from collections.abc import Sequence

import streamlit as st

from core import access, sign_in
from core.access.people import NAME_LENGTH
from core.config import settings
from core.db.tables import Person
from core.i18n import _, moment, ngettext, number
from core.sign_in import Link, Standing
from core.sign_in.accounts import LOGIN_LENGTH
from pages.ui import account_sign_ins, account_tokens, notices, safe, shown_once

KEY = "people.invite"
ONCE = f"{KEY}.once"
USUAL = ["viewer"]  # who is invited begins as


def invite() -> None:
    """The link just made, and the form for another person."""
    shown_once.show(ONCE)
    with st.form(KEY, border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(_("Name"), key=f"{KEY}.name", max_chars=NAME_LENGTH)
            st.text_input(
                _("Login (or they choose it)"), key=f"{KEY}.login", max_chars=LOGIN_LENGTH
            )
        st.pills(
            _("Roles"),
            access.ROLES,
            selection_mode="multi",
            default=USUAL,
            format_func=lambda role: _(access.ROLE_NAMES[role]),
            key=f"{KEY}.roles",
        )
        st.form_submit_button(
            _("Invite"),
            icon=":material/person_add:",
            type="primary",
            on_click=notices.acting(_invite),
        )


def come() -> None:
    """How somebody new comes where a provider signs people in."""
    said = _("Whoever {issuer} signs in is listed here from their first time on.")
    st.caption(safe.label(said.format(issuer=settings().oidc_issuer)))


def status(how: Standing | None) -> str:
    """How somebody may sign in, in words."""
    if how is None:
        return _("no account yet")
    parts = [] if how.issuer else [how.login]  # there it is a number that nobody types
    if how.disabled_at:
        parts.append(_("disabled since {time}").format(time=moment(how.disabled_at)))
    elif how.invited_until:
        parts.append(_("invited until {time}").format(time=moment(how.invited_until)))
    elif not how.has_password and not how.issuer:
        parts.append(_("the invitation has ended"))
    if how.issuer:
        parts.append(_("by {issuer}").format(issuer=how.issuer))
    if how.browsers:
        n = how.browsers
        said = ngettext("signed in in {n} browser", "signed in in {n} browsers", n)
        parts.append(said.format(n=number(n)))
    return " · ".join(filter(None, parts))


def more(person: Person, how: Standing | None) -> None:
    """What can be done about somebody's account, behind a button."""
    with st.popover(
        _("Account"),
        icon=":material/manage_accounts:",
        type="tertiary",
        key=f"people.account.{person.id}",
        on_change="rerun",
    ) as menu:
        if menu.open:
            name_field(person)
            _actions(person, how)
            if how and how.login:
                _heading(_("Signed in"))
                account_sign_ins.show(person.id)
                _heading(_("Tokens for programs"))
                account_tokens.listing(person.id)


def _heading(text: str) -> None:
    st.markdown(f"**{text}**")


def name_field(person: Person) -> None:
    """Somebody's name, to be changed."""
    key = f"people.name.{person.id}"
    st.text_input(
        _("Name"),
        person.name,
        max_chars=NAME_LENGTH,
        key=key,
        on_change=notices.acting(lambda: access.rename(person.id, st.session_state[key])),
    )


def _actions(person: Person, how: Standing | None) -> None:
    with st.container(horizontal=True):
        if how is None or not (how.has_password or how.issuer):
            _button(person, "again", _("Make an invitation"), "link", _invite_again)
        elif not how.issuer:
            _button(person, "reset", _("Link for a new password"), "lock_reset", _reset)
        if how and how.login and how.disabled_at:
            _button(person, "enable", _("Enable"), "check", _enable)
        elif how and how.login:
            _button(person, "disable", _("Disable"), "block", _disable)


def _button(person: Person, name: str, label: str, icon: str, act: object) -> None:
    st.button(
        label,
        key=f"people.{name}.{person.id}",
        icon=f":material/{icon}:",
        on_click=notices.acting(act),  # type: ignore[arg-type]
        args=(person,),
    )


def _invite() -> None:
    state = st.session_state
    name = " ".join(state[f"{KEY}.name"].split())
    roles = state[f"{KEY}.roles"]
    _keep(name, sign_in.invite(name, roles, state[f"{KEY}.login"]), roles)
    state[f"{KEY}.name"] = state[f"{KEY}.login"] = ""
    state[f"{KEY}.roles"] = USUAL.copy()  # the next one does not get the last one's


def _invite_again(person: Person) -> None:
    _keep(person.name, sign_in.invite(person.name, person.roles), person.roles)


def _keep(name: str, link: Link, roles: Sequence[str]) -> None:
    said = _("Give {name} this link: it works once, until {time}. They choose a password there.")
    told = said.format(name=name, time=moment(link.expires_at))
    if not roles:
        none = _("{name} has no role yet and may do nothing: give one below.").format(name=name)
        told = f"{told} {none}"
    shown_once.keep(ONCE, told, link.url)


def _reset(person: Person) -> None:
    link = sign_in.reset(person.id)
    said = _(
        "Give {name} this link: it works once, until {time}. Their present password holds until then."
    )
    shown_once.keep(ONCE, said.format(name=person.name, time=moment(link.expires_at)), link.url)


def _disable(person: Person) -> None:
    sign_in.disable(person.id)
    said = _("{name} is signed out everywhere and cannot sign in.").format(name=person.name)
    notices.leave(said, lambda: sign_in.enable(person.id))


def _enable(person: Person) -> None:
    sign_in.enable(person.id)
    notices.leave(_("{name} can sign in again.").format(name=person.name))
