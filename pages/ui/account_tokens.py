"""API tokens: what a program shows in one's place. Made here, shown once, revoked."""

import streamlit as st

from core import access, assistants, clock, sign_in
from core.db.tables import ApiToken
from core.i18n import _, day, moment, number
from core.sign_in.api_tokens import NAME_LENGTH
from pages.ui import notices, safe, shown_once

KEY = "account.token"
ONCE = f"{KEY}.once"
SHOWN = 20


def show(person_id: str) -> None:
    """One's own: the one just made, those that hold, and how to make another."""
    st.subheader(_("Tokens for programs"), anchor=False)
    st.caption(
        _("A program shows one as `Authorization: Bearer …` or `X-API-Key` and then acts as you.")
    )
    shown_once.show(ONCE)
    listing(person_id)
    with st.expander(_("Make a token")):
        _form()


def listing(person_id: str) -> None:
    """Those that hold, newest first, each with the way to revoke it."""
    held = [one for one in sign_in.tokens(person_id) if _holds(one)]
    if not held:
        st.caption(_("No token holds at present."))
        return
    named = {one.id: one.name for one in assistants.all()}
    for one in held[:SHOWN]:
        _row(one, named)
    if len(held) > SHOWN:
        st.caption(_("And {n} more.").format(n=number(len(held) - SHOWN)))


def _holds(one: ApiToken) -> bool:
    return one.revoked_at is None and (one.expires_at is None or one.expires_at > clock.now())


def _row(one: ApiToken, named: dict[str, str]) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.markdown(f"**{safe.label(one.name)}** · `{one.prefix}…`")
            st.caption(safe.label(" · ".join(_facts(one, named))))
        st.button(
            _("Revoke"),
            key=f"{KEY}.revoke.{one.id}",
            icon=":material/block:",
            type="tertiary",
            on_click=notices.acting(_revoke),
            args=(one.id, one.name),
        )


def _facts(one: ApiToken, named: dict[str, str]) -> list[str]:
    used = _("never used")
    if one.last_used_at:
        used = _("last used {time}").format(time=moment(one.last_used_at))
    for_ = [named[id_] for id_ in one.assistants if id_ in named]
    return [
        ", ".join(_(access.DEEDS[deed]) for deed in one.scopes if deed in access.DEEDS),
        *([", ".join(for_) or _("no assistant that is still there")] if one.assistants else []),
        _("until {day}").format(day=day(one.expires_at)) if one.expires_at else _("without end"),
        " ".join(filter(None, [used, one.last_address])),
    ]


def _form() -> None:
    mine = [deed for deed in access.DEEDS if access.may(deed)]
    with st.form(KEY, border=False):
        st.text_input(
            _("What for"),
            key=f"{KEY}.name",
            max_chars=NAME_LENGTH,
            placeholder=_("Bot of the shop"),
        )
        st.pills(
            _("It may"),
            mine,
            selection_mode="multi",
            default=[deed for deed in sign_in.USUAL_SCOPES if deed in mine],
            format_func=lambda deed: _(access.DEEDS[deed]),
            key=f"{KEY}.scopes",
        )
        known = {one.id: one.name for one in assistants.all()} if mine else {}
        st.multiselect(
            _("Of these assistants"),
            list(known),
            format_func=lambda id_: known.get(id_, id_),
            key=f"{KEY}.assistants",
            placeholder=_("all"),
        )
        st.number_input(
            _("Days it holds"), 1, sign_in.MOST_DAYS, sign_in.USUAL_DAYS, key=f"{KEY}.days"
        )
        st.form_submit_button(
            _("Make a token"), icon=":material/key:", on_click=notices.acting(_make)
        )


def _make() -> None:
    state = st.session_state
    row, secret = sign_in.make_token(
        state[f"{KEY}.name"],
        state[f"{KEY}.scopes"],
        int(state[f"{KEY}.days"]),
        state[f"{KEY}.assistants"],
    )
    state[f"{KEY}.name"] = ""
    said = _("The token “{name}”. Put it where your program reads it.")
    shown_once.keep(ONCE, said.format(name=row.name), secret)


def _revoke(token_id: str, name: str) -> None:
    sign_in.revoke_token(token_id)
    st.session_state.pop(ONCE, None)
    notices.leave(_("The token “{name}” is revoked.").format(name=name))
