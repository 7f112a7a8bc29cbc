"""What is behind a figure: its definition, its interval, its target, and the conversations it is of.

Opened by a figure, by a point of a chart or by an address: ``?behind=satisfaction`` is the figure of the
view, ``&in=assistant%3D...`` narrows it as the point did. Always holds: the address says all of it, so it
can be sent to somebody.
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from core import access, metrics
from core.errors import CicloError, InvalidInput
from core.i18n import _, moment, ngettext, number
from core.metrics import naming, saying
from core.metrics.views import NAMES
from pages.ui import errors, filters, ledger, metrics_filters, safe
from pages.ui.language import spoken

AT_ONCE = 50
FURTHER = 500


def open_(name: str, **narrower: str) -> None:
    """Let the address say that this is open."""
    said = st.query_params.to_dict() | {"behind": name}
    said.pop("in", None)
    if narrower:
        said["in"] = urlencode(narrower)
    st.query_params.from_dict(said)


def address(view: metrics.View, name: str, **narrower: str) -> dict[str, Any]:
    """A link to it, for a row of a table."""
    inside = {"in": urlencode(narrower)} if narrower else {}
    return ledger.link("metrics", **metrics_filters.query(view, behind=name, **inside))


def show(view: metrics.View) -> None:
    """The drawer, where the address opens one."""
    name = st.query_params.get("behind", "")
    if not name:
        return
    said = dict(parse_qsl(st.query_params.get("in", "")))
    try:
        title = saying.title(name)
        narrow = view.narrowed(**{key: one for key, one in said.items() if key in NAMES})
    except InvalidInput as error:
        st.warning(errors.sentence(error), icon=":material/link_off:")
        return
    drawer = st.dialog(
        safe.label(title), width="medium", position="right", on_dismiss=spoken(_close)
    )
    drawer(spoken(lambda: _inside(name, narrow, said)))()


def _close() -> None:
    for name in ("behind", "in"):
        st.query_params.pop(name, None)


def _inside(name: str, view: metrics.View, said: dict[str, str]) -> None:
    with errors.told():
        if said:
            st.markdown(f"**{safe.label(_where(said))}**")
        one = metrics.figure(name, view)
        st.markdown(safe.label(_(metrics.measure(name).meaning)))
        ledger.show("metrics.behind.facts", saying.title(name), *_facts(one), bare=True)
        _conversations(name, view)


def _where(said: dict[str, str]) -> str:
    """ "20/11/2026 · Loja"."""
    return " · ".join(_part(key, value) for key, value in said.items() if key in NAMES)


def _part(key: str, value: str) -> str:
    if key == "period":
        return metrics_filters.period(value)
    if key == "data":
        return _(filters.DATA.get(value, value))
    return naming.names(key, [value])[value]


def _facts(one: metrics.Figure) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    change = saying.change(one)
    few = [_("too few to rely on")] if one.thin and one.n else []
    told = [
        (_("Value"), saying.said(one), {"flags": few}),
        (_("95% interval"), saying.interval(one), {}),
        (_("Counted"), saying.counted(one), {}),
        (_("Before"), _before(one), {}),
        (_("Against before"), f"{change.text} {change.word}".strip() if change else "", {}),
        (_("Target"), saying.target(one), _sign(one)),
    ]
    rows = [
        ledger.row(ledger.cell(name), ledger.cell(text, **more))
        for name, text, more in told
        if text
    ]
    return [ledger.head(_("Fact")), ledger.head(_("Value"), wide=True)], rows


def _before(one: metrics.Figure) -> str:
    if one.before is None:
        return _("nothing in the time before")
    return f"{saying.value(one.measure, one.before)} (n = {number(one.before_n)})"


def _sign(one: metrics.Figure) -> dict[str, Any]:
    verdict = saying.verdict(one)
    return {"mark": "good" if one.met else "bad", "note": verdict} if verdict else {}


def _conversations(name: str, view: metrics.View) -> None:
    """The conversations; whoever may not read them is told so."""
    st.markdown(f"**{_('Conversations behind it')}**")
    if not access.may("read"):
        st.caption(_("You see figures, not conversations: these are for analysts and admins."))
        return
    more = f"metrics.behind.more.{name}"
    limit = FURTHER if st.session_state.get(more) else AT_ONCE
    try:
        found = metrics.behind(name, view, limit)
    except CicloError as error:
        st.warning(errors.sentence(error))
        return
    st.caption(_count(name, found))
    if found.conversations:
        heads = [
            ledger.head(_("When"), side="short"),
            ledger.head(_("Conversation"), wide=True),
            ledger.head(_("Answers"), side="end", help=_("How many answers of it are meant.")),
        ]
        rows = [_row(one) for one in found.conversations]
        ledger.show("metrics.behind.list", _("Conversations behind it"), heads, rows)
    if len(found.conversations) == AT_ONCE < found.n:
        st.button(_("Show more"), key=more)


def _count(name: str, found: metrics.Listed) -> str:
    told = ngettext("{n} conversation", "{n} conversations", found.n).format(n=number(found.n))
    if len(found.conversations) < found.n:
        shown = number(len(found.conversations))
        told = _("{told}, the newest {n} shown").format(told=told, n=shown)
    if metrics.measure(name).behind is None:
        return told
    return _("{told} to look into: those that make the figure what it is.").format(told=told)


def _row(one: metrics.Behind) -> dict[str, Any]:
    who = naming.names("assistant", [one.assistant_id])[one.assistant_id]
    channel = naming.names("channel", [one.channel])[one.channel]
    return ledger.row(
        ledger.cell(moment(one.at)),
        ledger.cell(
            one.title or _("(the conversation)"),
            go=ledger.link("chat", conversation=one.conversation_id),
            note=f"{who} · {channel}",
            flags=[_("sample data")] if one.sample else [],
        ),
        ledger.cell(number(one.answers)),
    )
