"""Which answers the page of traces shows: chosen above the list, kept in the address.

The address holds what is not as usual (``?assistant=&outcome=&who=&reason=&code=&slower=&days=
&data=&before=``); what it says that cannot be is left out.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import streamlit as st

from core import assistants, chat, clock
from core.i18n import N_, _, number
from pages.ui import notices
from pages.ui import trace_words as words

NAMES = ("assistant", "outcome", "who", "days", "reason", "code", "slower", "data")
DAYS = {"1": N_("last 24 hours"), "7": N_("last 7 days"), "30": N_("last 30 days")}
DATA = {"real": N_("without sample data"), "sample": N_("sample data only")}
SLOWER = ("1", "5", "15", "60")
SIDE_BY_SIDE = 164  # pixels: two in a row at 390
WHOLE: Literal["stretch"] = "stretch"
After = tuple[datetime, str]


def asked() -> dict[str, str]:
    """What the address asks for, without what is empty."""
    return {name: st.query_params[name] for name in NAMES if st.query_params.get(name)}


def wanted(said: Mapping[str, str]) -> chat.Wanted:
    """The same for the verb."""
    provider, _colon, model = said.get("who", "").partition(":")
    days = said.get("days", "")
    return chat.Wanted(
        assistant_id=said.get("assistant"),
        outcome=said["outcome"] if said.get("outcome") in words.OUTCOMES else None,
        provider=provider or None,
        model_name=model or None,
        reason=said.get("reason"),
        error_code=said.get("code"),
        slower_than=float(said["slower"]) if said.get("slower") in SLOWER else None,
        since=clock.now() - timedelta(days=int(days)) if days in DAYS else None,
        sample={"real": False, "sample": True}.get(said.get("data", "")),
    )


def after() -> After | None:
    """The answer before which the page begins, from ``?before=microseconds.id``."""
    moment, _dot, id_ = st.query_params.get("before", "").partition(".")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 18 and id_):
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(moment)), id_


def before(one: chat.Traced) -> str:
    """``?before=`` for the page that follows this answer."""
    since = one.answer.created_at - datetime.fromtimestamp(0, UTC)
    return f"{since // timedelta(microseconds=1)}.{one.answer.id}"


def show() -> None:
    """The choices: the usual ones in a row, the rest behind a button that counts them."""
    said = asked()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        known = {one.id: one.name for one in assistants.all()}
        _choice("assistant", _("Assistant"), known, said)
        _choice("outcome", _("Outcome"), _all(words.OUTCOMES), said)
        _choice("who", _("Who answered"), _speakers(), said)
        _choice("days", _("Period"), _all(DAYS), said)
        more = sum(name in said for name in NAMES[4:])
        label = _("More filters ({n})").format(n=number(more)) if more else _("More filters")
        with st.popover(label, icon=":material/filter_list:", key="traces.more"):
            _choice("reason", _("Why it was chosen"), _all(words.REASONS), said, WHOLE)
            _choice("code", _("What failed"), _all(words.CODES), said, WHOLE)
            slower = {n: _("more than {n} s").format(n=n) for n in SLOWER}
            _choice("slower", _("How long it took"), slower, said, WHOLE)
            _choice("data", _("Sample data"), _all(DATA), said, WHOLE)
        if said:
            st.button(
                _("Show all"),
                key="traces.all",
                type="tertiary",
                on_click=notices.acting(st.query_params.clear),
            )


def _choice(
    name: str,
    label: str,
    titles: dict[str, str],
    said: Mapping[str, str],
    width: int | Literal["stretch"] = SIDE_BY_SIDE,
) -> None:
    chosen = said.get(name, "")
    known = {"": _("all")} | titles
    options = [*known, chosen] if chosen not in known else list(known)
    key = f"traces.{name}.{chosen}"  # the address is the truth: another choice, another element
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
    def turn() -> None:
        said = asked() | {name: st.session_state[key]}
        st.query_params.from_dict({name: value for name, value in said.items() if value})

    return turn


def _all(named: Mapping[str, str]) -> dict[str, str]:
    return {name: _(title) for name, title in named.items()}


def _speakers() -> dict[str, str]:
    return {f"{provider}:{name}": words.who(provider, name) for provider, name in chat.speakers()}
