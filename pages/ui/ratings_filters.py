"""Which feedback the page shows.

The address holds what is not as usual (``?assistant=&rating=&reason=&days=&from=&to=&version=&topic=
&channel=&text=&data=&before=``); what it says that cannot be is left out. As usual is: the last 30 days.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st

from core import assistants, clock, feedback, i18n, registry
from core.i18n import N_, _
from pages.ui import notices
from pages.ui.filters import DATA, SAMPLE, WHOLE, Filters, titled

FILTERS = Filters(
    "feedback",
    usual=("assistant", "rating", "reason", "days"),
    more=("version", "topic", "channel", "text", "data", "from", "to"),
)
DAYS = {"7": N_("last 7 days"), "90": N_("last 90 days"), "all": N_("all")}
USUAL = 30
RATED = {
    "up": N_("This helped"),
    "down": N_("This did not help"),
    "problem": N_("Problem"),
    "solved": N_("Solved"),
    "not_solved": N_("Not solved"),
}
CHANNELS = {
    "web": N_("this page"),
    "whatsapp": "WhatsApp",
    "site": N_("site"),
    "api": "API",
    "cli": N_("command line"),
    "sample": N_("sample"),
    "import": N_("imported"),
}
NOTHING = "-"  # an answer that cites nothing, in the address


def wanted(said: Mapping[str, str]) -> feedback.Wanted:
    """What the address asks for, for the verb."""
    rating, topic = said.get("rating"), said.get("topic")
    since, until = days(said)
    return feedback.Wanted(
        assistant_id=said.get("assistant"),
        version_id=said.get("version"),
        rating=rating if rating in feedback.RATINGS else None,
        reason=said.get("reason"),
        topic="" if topic == NOTHING else topic,
        channel=said.get("channel"),
        text=said.get("text", ""),
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        sample=SAMPLE.get(said.get("data", "")),
    )


def days(said: Mapping[str, str]) -> tuple[date | None, date | None]:
    """The first and the last day that are shown; None where there is no bound."""
    first, last = _day(said.get("from", "")), _day(said.get("to", ""))
    if first or last:
        return first, last
    chosen = said.get("days", "")
    if chosen == "all":
        return None, None
    n = int(chosen) if chosen in DAYS else USUAL
    return clock.now().astimezone(i18n.zone()).date() - timedelta(days=n - 1), None


def show() -> None:
    """The choices."""
    choice = FILTERS.choice
    with FILTERS.row():
        known = {one.id: one.name for one in assistants.all()}
        choice("assistant", _("Assistant"), known)
        stars = {n: _("{n} of 5 stars").format(n=n) for n in "54321"}
        choice("rating", _("Feedback"), titled(RATED) | stars)
        names = (*feedback.UP_REASONS, *feedback.DOWN_REASONS, *feedback.PROBLEMS)
        choice("reason", _("Reason or problem"), {n: feedback.title(n) for n in names})
        choice("days", _("Period"), titled(DAYS), usual=_("last {n} days").format(n=USUAL))
        with FILTERS.behind():
            _more(known)


def _more(known: Mapping[str, str]) -> None:
    said = FILTERS.asked()
    choice = FILTERS.choice
    choice("version", _("Version"), versions(said.get("assistant"), known), WHOLE)
    choice("channel", _("Channel"), titled(CHANNELS), WHOLE)
    choice("data", _("Sample data"), titled(DATA), WHOLE)
    FILTERS.words("text", _("Words of the comment or the question"), most=200)
    FILTERS.words("topic", _("Section most cited"), most=2000)
    key = f"feedback.between.{said.get('from')}.{said.get('to')}"
    st.date_input(
        _("From, to"),
        [day for day in (_day(said.get("from", "")), _day(said.get("to", ""))) if day],
        key=key,
        format="DD/MM/YYYY" if i18n.language() == "pt-BR" else "YYYY-MM-DD",
        on_change=notices.acting(lambda: _between(st.session_state[key])),
    )


def versions(assistant_id: str | None, known: Mapping[str, str]) -> dict[str, str]:
    """The versions of an assistant, or of all, by what they are called."""
    return {
        version.id: _("{name}, version {n}").format(name=known[one], n=version.number)
        for one in ([assistant_id] if assistant_id and assistant_id in known else known)
        for version in registry.versions(one)
    }


def _between(chosen: Any) -> None:
    """A second day ends the choice, none takes it back; one alone waits for the other."""
    if len(chosen) == 1:
        return
    first, last = (str(day) for day in chosen or ("", ""))
    FILTERS.go(**{"from": first, "to": last})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), i18n.zone())
