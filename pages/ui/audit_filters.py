"""Which lines of the audit log the page shows.

The address holds what is not as usual (``?who=&kind=&action=&days=&door=&assistant=&object=&from=&to=
&before=``); what it says that cannot be is left out.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st

from core import access, assistants, audit, clock, i18n, personal
from core.audit import words
from core.i18n import N_, _
from pages.ui import ledger, notices
from pages.ui.filters import WHOLE, Filters, titled

FILTERS = Filters(
    "audit",
    usual=("who", "kind", "action", "days"),
    more=("door", "assistant", "object", "from", "to"),
)
DAYS = {
    "1": N_("last 24 hours"),
    "7": N_("last 7 days"),
    "30": N_("last 30 days"),
    "90": N_("last 90 days"),
}
NOBODY = "-"  # in the address: the background


def wanted(said: Mapping[str, str]) -> audit.Wanted:
    """What the address asks for, for the verb."""
    days, first, last = said.get("days", ""), _day(said.get("from", "")), _day(said.get("to", ""))
    since = clock.now() - timedelta(days=int(days)) if days in DAYS else None
    return audit.Wanted(
        person_id=_given(said.get("who")),
        kind=said.get("kind"),
        action=said.get("action"),
        door=_given(said.get("door")),
        assistant_id=said.get("assistant"),
        object_id=said.get("object"),
        since=_midnight(first) if first else since,
        until=_midnight(last + timedelta(days=1)) if last and last.year < 9999 else None,
    )


def before() -> int | None:
    """The number of the line that the page begins after."""
    number = st.query_params.get("before", "")
    return int(number) if number.isdecimal() and len(number) < 10 else None


def pages(last: int | None) -> list[dict[str, Any]]:
    """Ways to the newest lines, and to those before ``last``."""
    said = FILTERS.asked()
    newest = [ledger.link("audit", _("Newest"), **said)] if before() else []
    older = [ledger.link("audit", _("Older"), **said, before=str(last))] if last else []
    return newest + older


def show() -> None:
    """The choices."""
    choice = FILTERS.choice
    with FILTERS.row():
        choice("who", _("Who"), _people())
        choice("kind", _("Of what"), _sorted(words.KINDS))
        choice("action", _("What"), _sorted(words.ACTIONS))
        choice("days", _("Period"), titled(DAYS))
        with FILTERS.behind():
            doors = {name or NOBODY: title for name, title in words.DOORS.items()}
            choice("door", _("Where from"), titled(doors), WHOLE)
            known = {one.id: one.name for one in assistants.all()}
            choice("assistant", _("Assistant"), known, WHOLE)
            FILTERS.words("object", _("Id of what it is about"), most=120)
            _between()


def _people() -> dict[str, str]:
    named = {one.id: access.called(one) for one in access.people()}
    gone = {one.person_id: words.erased(one.person_id) for one in personal.erasures()}
    gone.pop("", None)
    return gone | named | {NOBODY: _("nobody by name: the background, the machine's owner")}


def _sorted(named: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(titled(named).items(), key=lambda one: one[1]))


def _between() -> None:
    said = FILTERS.asked()
    key = f"audit.between.{said.get('from')}.{said.get('to')}"
    st.date_input(
        _("From, to"),
        [day for day in (_day(said.get("from", "")), _day(said.get("to", ""))) if day],
        key=key,
        format="DD/MM/YYYY" if i18n.language() == "pt-BR" else "YYYY-MM-DD",
        on_change=notices.acting(lambda: _turn(st.session_state[key])),
    )


def _turn(chosen: Any) -> None:
    """A second day ends the choice, none takes it back; one alone waits for the other."""
    if len(chosen) != 1:
        first, last = (str(day) for day in chosen or ("", ""))
        FILTERS.go(**{"from": first, "to": last})


def _given(said: str | None) -> str | None:
    return "" if said == NOBODY else said


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), i18n.zone())
