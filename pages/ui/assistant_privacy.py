"""An assistant's retention and consent: how long conversations are kept, what askers agree to first."""

import streamlit as st

from core import access, personal
from core.db.tables import Assistant
from core.i18n import _, ngettext, number
from core.personal.agreeing import LONGEST
from core.personal.retention import MOST_DAYS
from pages.ui import errors, notices

KEY = "assistants.privacy"


def section(one: Assistant) -> None:
    """What holds; whoever operates decides it here, others read it."""
    with errors.told():
        st.subheader(_("Personal data"), anchor=False)
        st.caption(f"{kept(one.retention_days)} {_asked(one)}")
        if access.may("operate"):
            _retention(one)
            _consent(one)


def kept(days: int | None) -> str:
    """How long conversations are kept, in words."""
    if days is None:
        return _("Conversations are kept for good.")
    text = ngettext(
        "Conversations go {n} day after their last message.",
        "Conversations go {n} days after their last message.",
        days,
    )
    return text.format(n=number(days))


def _asked(one: Assistant) -> str:
    if one.consent:
        return _("Whoever asks agrees to a text first.")
    return _("Nothing is asked before the first question.")


def _retention(one: Assistant) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        days = st.number_input(
            _("Days that conversations are kept"),
            0,
            MOST_DAYS,
            one.retention_days or 0,
            key=f"{KEY}.days.{one.id}.{one.retention_days}",
            help=_("0 keeps them for good. What reviewers approved or corrected stays by itself."),
            width=320,
        )
        wanted = int(days) or None
        st.button(
            _("Save"),
            key=f"{KEY}.keep.{one.id}",
            disabled=wanted == one.retention_days,
            on_click=notices.acting(_keep),
            args=(one.id, wanted),
        )
    if wanted and wanted != one.retention_days:
        _warn(one, wanted)


def _warn(one: Assistant, days: int) -> None:
    """What goes at once if this is saved."""
    n = personal.due(one.id, days).get("conversations", 0)
    if n:
        text = ngettext(
            "{n} conversation is older: it goes for good within the hour.",
            "{n} conversations are older: they go for good within the hour.",
            n,
        )
        st.warning(text.format(n=number(n)), icon=":material/warning:")
    else:
        st.caption(_("Nothing is older than that now."))


def _consent(one: Assistant) -> None:
    key = f"{KEY}.consent.{one.id}.{hash(one.consent)}"
    with st.form(f"{KEY}.form.{one.id}", border=False):
        st.text_area(
            _("Text that whoever asks agrees to before the first question"),
            one.consent,
            max_chars=LONGEST,
            key=key,
            placeholder=_("What is kept, for how long, who reads it, and whom to write to."),
            help=_("Markdown. Another text asks everybody anew; without one nothing is asked."),
        )
        st.form_submit_button(_("Save"), on_click=notices.acting(_ask), args=(one.id, key))


def _keep(assistant_id: str, days: int | None) -> None:
    personal.set_retention(assistant_id, days)
    notices.leave(kept(days))


def _ask(assistant_id: str, key: str) -> None:
    changed = personal.set_consent(assistant_id, st.session_state[key])
    notices.leave(_asked(changed))
