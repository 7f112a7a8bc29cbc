"""Privacy in the settings: what is held about somebody, taken along or erased; what was erased before."""

from collections.abc import Mapping

import streamlit as st

from core import access, assistants, personal
from core.errors import CicloError
from core.i18n import _, moment, number
from pages.ui import assistant_privacy, errors, ledger, notices, safe, work
from pages.ui.language import kept

KEY = "settings.privacy"
WORK = f"{KEY}.erasing"


def show() -> None:
    """About somebody; how long is kept; what was erased."""
    st.subheader(_("About somebody"), anchor=False)
    if work.going(WORK):
        work.show(WORK, _("Erasing"))
    else:
        _about()
    _retentions()
    _erasures()


def _about() -> None:
    names = {one.id: access.called(one) for one in access.people()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        person = st.selectbox(
            _("A person"),
            list(names),
            index=None,
            format_func=lambda id_: names.get(id_, id_),
            key=f"{KEY}.person",
            placeholder=_("Choose a name"),
        )
        user = st.text_input(
            _("Or the user of an outside system"),
            key=f"{KEY}.user",
            max_chars=200,
            disabled=bool(person),
            help=_("The user_id that came with their questions over the API."),
        )
    if not (person or user.strip()):
        st.caption(_("Choose whom it is about, and you see what is held."))
        return
    try:
        _one(personal.subject(person or "", "" if person else user.strip()))
    except CicloError as error:
        errors.say(error)


def _one(who: personal.Subject) -> None:
    plan = personal.plan(who)
    here, there = st.columns(2)
    with here:
        _counts(_("An erasure lets go of"), plan.goes)
    with there:
        _counts(_("It takes the name out of"), plan.loses)
    with st.expander(_("What an erasure cannot reach")):
        for sentence in personal.unreached_in_words(plan.unreached):
            st.markdown(f"- {safe.label(sentence)}")
    with st.container(horizontal=True):
        st.download_button(
            _("Download all of it"),
            kept(lambda: _packed(who)),
            file_name=personal.file_name(who),
            mime="application/zip",
            key=f"{KEY}.held",
            icon=":material/download:",
            on_click="ignore",
        )
        _erasing(who)


def _packed(who: personal.Subject) -> bytes:
    with personal.packed(who) as file:
        return file.read()


def _counts(title: str, counts: Mapping[str, int]) -> None:
    told = personal.told(counts)
    lines = [f"- {safe.label(name)}: {number(n)}" for name, n in told.items()]
    st.markdown("\n".join([f"**{safe.label(title)}**", "", *(lines or [f"- {_('nothing')}"])]))


def _erasing(who: personal.Subject) -> None:
    """Behind a button: the name must be typed, for this cannot be undone."""
    with st.popover(_("Erase …"), icon=":material/delete_forever:", key=f"{KEY}.erase"):
        st.markdown(
            _("This is for good. Type **{name}** to go on.").format(name=safe.label(who.name))
        )
        typed = st.text_input(_("Name"), key=f"{KEY}.typed", max_chars=200)
        st.button(
            _("Erase for good"),
            key=f"{KEY}.go",
            type="primary",
            disabled=typed.strip() != who.name,
            on_click=notices.acting(_erase),
            args=(who,),
        )


def _erase(who: personal.Subject) -> None:
    access.demand("operate")
    for field in ("person", "user", "typed"):
        st.session_state.pop(f"{KEY}.{field}", None)
    work.begin(WORK, lambda _step: personal.erase(who))


def _retentions() -> None:
    st.subheader(_("How long conversations are kept"), anchor=False)
    st.caption(_("Each assistant has its own time, and its own text to agree to, on its page."))
    heads = [ledger.head(_("Assistant"), wide=True), ledger.head(_("Kept"))]
    rows = [
        ledger.row(
            ledger.cell(one.name, go=ledger.link("assistants", assistant=one.id)),
            ledger.cell(assistant_privacy.kept(one.retention_days)),
        )
        for one in assistants.all()
    ]
    if rows:
        ledger.show(f"{KEY}.kept", _("How long conversations are kept"), heads, rows)


def _erasures() -> None:
    found = personal.erasures()
    if not found:
        return
    st.subheader(_("Erased"), anchor=False)
    heads = [ledger.head(said) for said in (_("When"), _("Whom"), _("By"))]
    heads.append(ledger.head(_("What"), wide=True))
    rows = []
    for one, (whom, by) in zip(found, personal.names_of(found), strict=True):
        told = personal.told(one.erased).items()
        what = " · ".join(f"{name}: {number(n)}" for name, n in told) or _("nothing")
        state = "" if one.done_at else _("goes on")
        when = ledger.cell(moment(one.at), note=state)
        rows.append(ledger.row(when, ledger.cell(whom), ledger.cell(by), ledger.cell(what)))
    ledger.show(f"{KEY}.erased", _("Erased"), heads, rows)
