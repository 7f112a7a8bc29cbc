"""Who sits before the screen: with sign-in whoever is signed in, else the name they picked.

With sign-in the cookie is looked up at each run, so that an ended sign-in is over at the next click.
Without, the name that was picked in this browser counts, else the local person. A choice holds for the session at once; the browser keeps it in a cookie of this server's port (a
script of ours sets it, ``assets/remember.js``), which the next visit brings along. Two browsers on
one machine are two people. That cookie names, it does not prove.
"""

import html
from typing import NoReturn
from urllib.parse import urlsplit

import streamlit as st

from core import access, i18n, sign_in
from core.config import settings
from core.db.tables import Person
from core.errors import NotAllowed, NotFound
from core.i18n import _
from pages.ui import components, safe

CHOSEN = "frame.person"
OWNER = "frame.owner"
LANDED = "frame.landed"
MOST = 500  # names to pick from; others are typed
YEAR = 365 * 24 * 60 * 60  # seconds the browser keeps a choice


def present() -> Person:
    """The person of this page run."""
    return access.acting() or enter()


def enter() -> Person:
    """Let whoever is signed in, or sits here, act from here on in this run; one whose sign-in is over sees
    the way to a new one, and nothing else."""
    address = st.context.ip_address or "127.0.0.1"  # Streamlit tells none of this machine
    if settings().auth == "local":
        person = picked() or access.local_person()
        access.act(person, access.Origin("page", address))
        return person
    found = sign_in.signed_in(secret())
    if found is None:
        _over()
    _alone(found.person)
    access.act(found.person, access.Origin("page", address, sign_in_id=found.sign_in.id))
    return found.person


def secret() -> str:
    """What this browser shows: the sign-in's cookie ("" where there is none)."""
    parts = urlsplit(st.context.url or "")
    name = sign_in.cookie_name(parts.scheme == "https", parts.port)
    return str(st.context.cookies.get(name, ""))


def _alone(person: Person) -> None:
    """What a session holds is one person's: another who comes into it finds it empty."""
    if st.session_state.setdefault(OWNER, person.id) != person.id:
        st.session_state.clear()
        st.session_state[OWNER] = person.id


def _over() -> NoReturn:
    access.act(None, access.NOWHERE)
    i18n.use(i18n.choose(settings().language, st.context.locale))
    st.warning(_("Your sign-in is over. Sign in again, and you are back here."))
    st.html(f'<p><a href="/login">{html.escape(_("Sign in"))}</a></p>')
    st.stop()


def picked() -> Person | None:
    """Whoever was picked in this browser, or is signed in; None where nobody was yet."""
    if settings().auth != "local":
        return access.acting()
    return _picked(str(st.session_state.get(CHOSEN, ""))) or _picked(_cookie())


def pick(wanted: str) -> None:
    """Be the person with this id from now on; a text that is no id is a name, known or new."""
    from pages.ui import review

    if settings().auth != "local":
        raise NotAllowed(_("Who is signed in acts; nobody is picked here."))
    person = _picked(wanted) or access.person(wanted)
    if person.id != present().id:
        review.leave()
    st.session_state[CHOSEN] = person.id
    for name in ("conversation", "answer"):  # theirs are others
        st.query_params.pop(name, None)
    for name in ("chat.last", LANDED):
        st.session_state.pop(name, None)
    access.act(person)


def choose() -> None:
    """The name of whoever sits here, and the way to another one; the browser is told to keep it."""
    from pages.ui import signed_in

    here = present()
    if signed_in.on():
        signed_in.menu(here)
        return
    with st.popover(
        safe.label(access.called(here)),
        icon=":material/person:",
        type="tertiary",
        key="frame.who",
        on_change="rerun",
    ) as menu:
        if menu.open:
            _list(here)
    value = str(st.session_state.get(CHOSEN, ""))
    components.remember(key="frame.remember", data={"value": value, "name": NAME, "age": YEAR})


def _list(here: Person) -> None:
    from pages.ui import notices, places

    key = f"{CHOSEN}.{here.id}"
    known = {one.id: one for one in [here, access.local_person(), *access.people(limit=MOST)]}
    st.selectbox(
        _("Who sits here?"),
        list(known),
        format_func=lambda id_: access.called(known[id_]) if id_ in known else id_,
        key=key,
        accept_new_options=True,
        help=_("Pick your name, or type a new one. This browser remembers it."),
        on_change=notices.acting(lambda: pick(st.session_state[key] or here.id)),
    )
    st.caption(_("There is no sign-in: whoever uses this machine can be anybody here."))
    places.link("account", _("Your account"), icon=":material/account_circle:")


NAME = "ciclo_person_"  # and the port: servers of one machine share their cookies


def _cookie() -> str:
    port = urlsplit(st.context.url or "").port or ""
    return str(st.context.cookies.get(f"{NAME}{port}", ""))


def _picked(person_id: str) -> Person | None:
    """The person with this id; nobody for one that is gone, or was never there."""
    try:
        return access.known(person_id) if person_id else None
    except NotFound:
        return None
