"""Who challenges an assistant's champion, and how many askers are given it: chosen and taken back here."""

from functools import partial

import streamlit as st

from core import access, assistants, registry
from core.db.tables import Assistant, Version
from core.errors import CicloError
from core.i18n import _, number, percent
from pages.ui import errors, models, notices, places, safe
from pages.ui.language import spoken

KEY = "assistants.challenger"
SHARE = "challenger_share"


@st.fragment
@spoken
def show(assistant_id: str) -> None:
    """Who it is, and the way to another."""
    with errors.told():
        one = assistants.get(assistant_id)
        rival = registry.challenger(one.id)
        st.subheader(_("Challenger"), anchor=False)
        st.caption(_told(one, rival))
        if access.may("change"):
            _choose(one, rival)
        if rival:
            _lead(one)


def _told(one: Assistant, rival: Version | None) -> str:
    if rival is None:
        return _(
            "A version that may take the champion's place: it is compared with it, and may be given to "
            "a share of the askers. Nobody is on trial: choose a model, type the name of another one, or "
            "the number of a version."
        )
    name = safe.label(models.of(registry.route(one.id, pinned_version_id=rival.id)))
    share = _share(one)
    if not share:
        said = _("The challenger is version {n} ({model}); nobody is given it.")
        return said.format(n=number(rival.number), model=name)
    said = _(
        "The challenger is version {n} ({model}): it answers {share} of the askers, always the same "
        "ones, and the champion the others."
    )
    return said.format(n=number(rival.number), model=name, share=percent(share))


def _choose(one: Assistant, rival: Version | None) -> None:
    state = f"{one.id}.{rival.number if rival else 0}.{_share(one)}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        held = [str(rival.number)] if rival else []
        use = st.selectbox(
            _("Who challenges"),
            [*held, *models.ready()],
            index=0 if held else None,
            format_func=_called,
            key=f"{KEY}.use.{state}",
            accept_new_options=True,
            placeholder=_("A model, as in ollama:llama3.2"),
            help=_("Any model as provider:name, or the number of a version."),
            width=320,
        )
        share = st.number_input(
            _("Share of the askers (%)"),
            0,
            100,
            round(100 * _share(one)),
            5,
            key=f"{KEY}.share.{state}",
            width=190,
        )
        if st.button(_("Save"), key=f"{KEY}.save.{one.id}", disabled=not use):
            _saved(one, rival, str(use), share / 100)
        if rival:
            st.button(
                _("No challenger"),
                key=f"{KEY}.none.{one.id}",
                type="tertiary",
                on_click=notices.acting(partial(_withdraw, one, rival)),
            )


def _lead(one: Assistant) -> None:
    if places.open_to_me("comparison"):
        places.link(
            "comparison",
            _("Compare it with the champion"),
            icon=":material/balance:",
            assistant=one.id,
        )


def _saved(one: Assistant, rival: Version | None, use: str, share: float) -> None:
    """Save, or say under the fields what is wrong."""
    try:
        registry.challenge(one.id, use)
        _give(one.id, share)
    except CicloError as error:
        errors.say(error)
        return
    undo = partial(_put_back, one.id, rival.number if rival else None, _share(one))
    notices.leave(
        " ".join(filter(None, [_("The challenger is saved."), _silent(one.id)])), undo=undo
    )
    st.rerun()


def _silent(assistant_id: str) -> str:
    """What to mind where its model cannot answer now."""
    rival = registry.challenger(assistant_id)
    name = registry.route(assistant_id, pinned_version_id=rival.id).name if rival else ""
    return registry.silent(name) if name else ""


def _withdraw(one: Assistant, rival: Version) -> None:
    registry.withdraw_challenger(one.id)
    undo = partial(_put_back, one.id, rival.number, _share(one))
    notices.leave(_("Nobody challenges the champion any more."), undo=undo)


def _put_back(assistant_id: str, number_: int | None, share: float) -> None:
    if number_ is None:
        registry.withdraw_challenger(assistant_id)
    else:
        registry.challenge(assistant_id, number_)
    _give(assistant_id, share)


def _give(assistant_id: str, share: float) -> None:
    now = assistants.get(assistant_id).routing
    assistants.update(assistant_id, routing=now | {SHARE: share})


def _share(one: Assistant) -> float:
    return float(one.routing.get(SHARE) or 0.0)


def _called(use: str) -> str:
    return _("version {n}").format(n=use) if use.isdecimal() else models.called(use)
