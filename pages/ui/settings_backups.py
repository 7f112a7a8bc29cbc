"""Backups: the last, the next, where they lie, what is risky about that; making and checking them."""

from datetime import datetime

import streamlit as st

from core import backup, clock
from core.backup import Backup, Standing, Verified
from core.config import settings
from core.errors import CicloError
from core.i18n import _, moment, ngettext, number
from pages.ui import ledger, notices, safe, work
from pages.ui.settings_storage import size

MAKING, CHECKING = "backup.make", "backup.verify"
SHOWN = 20
_found: dict[
    str, tuple[datetime, Verified | str]
] = {}  # by archive: when it was checked, what it holds, or what is wrong with it


def show() -> None:
    """How they stand, what to do about it, and all of them."""
    told = backup.standing()
    _risks(told)
    _facts(told)
    if work.going(MAKING):
        work.show(MAKING, _("Making a backup and reading it back…"))
    else:
        st.button(
            _("Back up now"),
            key="backups.now",
            icon=":material/backup:",
            type="primary",
            on_click=notices.acting(_make),
        )
    _listing()


def _risks(told: Standing) -> None:
    """What would lose something; nothing where all is well."""
    lost = bool(told.failure) + bool(told.key_error)  # these come first
    for n, said in enumerate(backup.risks(told)):
        if n < lost:
            st.error(_with_commands(said), icon=":material/error:")
        else:
            st.warning(_with_commands(said), icon=":material/warning:")


def _with_commands(said: str) -> str:
    """Plain text in which what stands between backticks is set as code."""
    parts = said.split("`")
    return "`".join(safe.label(part) if n % 2 == 0 else part for n, part in enumerate(parts))


def _facts(told: Standing) -> None:
    rows = [(_("Last"), _last(told)), (_("Next"), _next(told))]
    rows += [(_("Where"), f"{told.folder} · " + _("{size} free").format(size=size(told.free)))]
    rows += [(_("Kept"), _kept())]
    heads = [ledger.head(_("What"), side="short"), ledger.head(_("State"), wide=True)]
    cells = [ledger.row(ledger.cell(name), ledger.cell(said)) for name, said in rows]
    ledger.show("backups.facts", _("How backups stand"), heads, cells, here="settings", bare=True)


def _last(told: Standing) -> str:
    if told.last is None:
        return _("There is none yet.")
    return f"{moment(told.last.at)} · {_what(told.last)}"


def _what(one: Backup) -> str:
    how = _("by hand") if one.by_hand else _("automatic")
    return " · ".join(
        [how, size(one.size), _("encrypted") if one.encrypted else _("not encrypted")]
    )


def _next(told: Standing) -> str:
    if told.next_at is None:
        return _("never by itself")
    if told.on_change:
        return _("after {time}, as soon as anything has changed").format(time=moment(told.next_at))
    due = told.next_at <= clock.now()
    return _("within ten minutes") if due else moment(told.next_at)


def _kept() -> str:
    known = settings()
    said = _("daily: {days}, weekly: {weeks}, monthly: {months}; those made by hand stay")
    return said.format(
        days=number(known.backup_daily),
        weeks=number(known.backup_weekly),
        months=number(known.backup_monthly),
    )


def _listing() -> None:
    known = backup.backups()
    if not known:
        return
    st.subheader(_("All backups"), anchor=False)
    for one in known[:SHOWN]:
        _row(one)
    if len(known) > SHOWN:
        said = ngettext("The newest {n} is shown.", "The newest {n} are shown.", SHOWN)
        st.caption(said.format(n=number(SHOWN)) + " " + _("`ciclo backup list` tells all."))
    st.caption(
        _(
            "To put one back, stop Ciclo and run `ciclo backup restore NAME`: nothing is touched"
            " before the whole archive was read, and what was there before is put aside."
        )
    )


def _row(one: Backup) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.markdown(f"**{safe.label(moment(one.at))}** · {safe.label(_what(one))}")
            st.caption(safe.label(f"{one.name}{_checked(one)}"))
        if work.going(f"{CHECKING}.{one.name}"):
            work.show(f"{CHECKING}.{one.name}", _("Reading it to its end…"))
        else:
            st.button(
                _("Check it"),
                key=f"backups.check.{one.name}",
                icon=":material/fact_check:",
                type="tertiary",
                help=_("Reads every file of it and compares it with what was written."),
                on_click=notices.acting(_check),
                args=(one.name,),
            )


def _checked(one: Backup) -> str:
    if one.name not in _found:
        return ""
    at, whole = _found[one.name]
    if isinstance(whole, str):
        said = _("checked at {time}: {why}").format(time=moment(at), why=whole)
        return f" · {said}"
    files = ngettext("{n} document file", "{n} document files", whole.documents)
    said = _("whole at {time}: {rows} rows, {documents}").format(
        time=moment(at), rows=number(whole.rows), documents=files.format(n=number(whole.documents))
    )
    return f" · {said}"


def _make() -> None:
    work.begin(MAKING, lambda step: backup.make())


def _check(name: str) -> None:
    def act(step: work.Step) -> None:
        try:
            _found[name] = (clock.now(), backup.verify(name))
        except CicloError as error:
            _found[name] = (clock.now(), error.message)
            raise

    work.begin(f"{CHECKING}.{name}", act)
