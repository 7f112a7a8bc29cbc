"""Which feedback the page shows: chosen above it, kept in the address.

The address holds what is not as usual (``?assistant=&rating=&reason=&days=&from=&to=&version=&topic=
&channel=&text=&data=&before=``); what it says that cannot be is left out. As usual is: the last 30 days.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

import streamlit as st

from core import assistants, clock, feedback, i18n, registry
from core.i18n import N_, _, number
from pages.ui import notices

NAMES = (
    *("assistant", "rating", "reason", "days"),
    *("version", "topic", "channel", "text", "data", "from", "to"),
)
DAYS = {"7": N_("last 7 days"), "90": N_("last 90 days"), "all": N_("all")}
USUAL = 30
DATA = {"real": N_("without sample data"), "sample": N_("sample data only")}
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
SIDE_BY_SIDE = 164  # pixels: two in a row at 390
WHOLE: Literal["stretch"] = "stretch"
NOTHING = "-"  # an answer that cites nothing, in the address
After = tuple[datetime, str]


def asked() -> dict[str, str]:
    """What the address asks for, without what is empty."""
    return {name: st.query_params[name] for name in NAMES if st.query_params.get(name)}


def wanted(said: Mapping[str, str]) -> feedback.Wanted:
    """The same for the verb."""
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
        sample={"real": False, "sample": True}.get(said.get("data", "")),
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


def after() -> After | None:
    """What the page begins after, from ``?before=microseconds.id``."""
    moment, _dot, id_ = st.query_params.get("before", "").partition(".")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 18 and id_):
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(moment)), id_


def before(one: feedback.Entry) -> str:
    """``?before=`` for the page that follows this entry."""
    since = one.created_at - datetime.fromtimestamp(0, UTC)
    return f"{since // timedelta(microseconds=1)}.{one.id}"


def show() -> None:
    """The choices: the usual ones in a row, the rest behind a button that counts them."""
    said = asked()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        known = {one.id: one.name for one in assistants.all()}
        _choice("assistant", _("Assistant"), known, said)
        stars = {n: _("{n} of 5 stars").format(n=n) for n in "54321"}
        _choice("rating", _("Feedback"), _all(RATED) | stars, said)
        names = (*feedback.UP_REASONS, *feedback.DOWN_REASONS, *feedback.PROBLEMS)
        _choice("reason", _("Reason or problem"), {n: feedback.title(n) for n in names}, said)
        usual = _("last {n} days").format(n=USUAL)
        _choice("days", _("Period"), _all(DAYS), said, usual=usual)
        more = sum(name in said for name in NAMES[4:])
        label = _("More filters ({n})").format(n=number(more)) if more else _("More filters")
        with st.popover(label, icon=":material/filter_list:", key="feedback.more"):
            _more(said, known)
        if said:
            st.button(
                _("Show all"),
                key="feedback.all",
                type="tertiary",
                on_click=notices.acting(st.query_params.clear),
            )


def _more(said: Mapping[str, str], known: Mapping[str, str]) -> None:
    _choice("version", _("Version"), versions(said.get("assistant"), known), said, WHOLE)
    _choice("channel", _("Channel"), _all(CHANNELS), said, WHOLE)
    _choice("data", _("Sample data"), _all(DATA), said, WHOLE)
    _words("text", _("Words of the comment or the question"), said)
    _words("topic", _("Section most cited"), said)
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
    """A second day ends the choice; one alone waits for it."""
    if len(chosen) == 1:
        return
    facts = dict(zip(("from", "to"), (str(day) for day in chosen), strict=False))
    _go({name: value for name, value in asked().items() if name not in ("from", "to")} | facts)


def _words(name: str, label: str, said: Mapping[str, str]) -> None:
    key = f"feedback.{name}.{said.get(name)}"
    st.text_input(
        label,
        said.get(name, ""),
        max_chars=2000 if name == "topic" else 200,
        key=key,
        on_change=notices.acting(lambda: _go(asked() | {name: st.session_state[key]})),
    )


def _choice(
    name: str,
    label: str,
    titles: Mapping[str, str],
    said: Mapping[str, str],
    width: int | Literal["stretch"] = SIDE_BY_SIDE,
    usual: str = "",
) -> None:
    chosen = said.get(name, "")
    known = {"": usual or _("all")} | dict(titles)
    options = [*known, chosen] if chosen not in known else list(known)
    key = f"feedback.{name}.{chosen}"  # the address is the truth: another choice, another element
    st.selectbox(
        label,
        options,
        index=options.index(chosen),
        format_func=lambda one: known.get(one, one),
        key=key,
        width=width,
        on_change=notices.acting(_turn(name, key)),
    )


def _turn(name: str, key: str) -> Callable[[], None]:
    return lambda: _go(asked() | {name: st.session_state[key]})


def _go(said: Mapping[str, str]) -> None:
    st.query_params.from_dict({name: value for name, value in said.items() if value})


def _all(named: Mapping[str, str]) -> dict[str, str]:
    return {name: _(title) for name, title in named.items()}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), i18n.zone())
