"""Alerts on the page of metrics: those that are open in a strip, and the part that holds all of them.

Who sees figures sees alerts; who may change acknowledges and resolves; who leads the review puts the
conversations behind one into a queue.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core import access
from core.i18n import _, moment, ngettext, number
from core.metrics.alerts import lifecycle as alerts
from core.metrics.alerts import rules as alert_rules
from core.metrics.alerts import words as alert_words
from core.metrics.alerts.lifecycle import Told
from pages.ui import errors, ledger, metrics_rules, notices, places
from pages.ui.safe import label

KEY = "metrics.alerts"
SIGNS = {"open": ":material/notifications_active:", "acknowledged": ":material/visibility:"}
IN_STRIP = 3
NAMED = 12
PAST = 50


def show() -> None:
    """Those that are open; nothing where none is."""
    with errors.told():
        live = alerts.alerts("live", limit=IN_STRIP + 1)
        for one in live[:IN_STRIP]:
            _card(one)
        if len(live) > IN_STRIP:
            places.link("metrics", _("All alerts"), icon=":material/notifications:", view="alerts")


def page() -> None:
    """The part of the page: what is open, what was, and the rules."""
    with errors.told():
        live = alerts.alerts("live", limit=PAST)
        st.subheader(_("Open alerts"), anchor=False)
        for one in live:
            _card(one)
        if not live:
            st.caption(_("No figure is beyond what its rule allows."))
        metrics_rules.show()
        _past()


def _card(one: Told) -> None:
    """What it tells on the left, what to do about it on the right (below where it is narrow)."""
    with st.container(
        border=True,
        horizontal=True,
        vertical_alignment="center",
        gap="small",
        key=f"{KEY}.{one.alert.id}",
    ):
        with st.container(width="stretch", gap=None):
            st.markdown(f"{SIGNS[one.alert.state]} {_headline(one)}")
            st.caption(label(" · ".join(_facts(one))))
        with st.container(horizontal=True, width="content", gap="small"):
            _actions(one)


def _headline(one: Told) -> str:
    """The rule's name where it has one of its own, and the figure."""
    said = label(alert_words.sentence(one.rule, one.alert))
    return f"**{label(one.rule.name)}** · {said}" if one.rule.name else said


def _facts(one: Told) -> list[str]:
    row = one.alert
    told = [_("since {moment}").format(moment=moment(row.opened_at))]
    if row.reopened:
        again = ngettext("came back {n} time", "came back {n} times", row.reopened)
        told.append(again.format(n=number(row.reopened)))
    if row.state == "acknowledged":
        told.append(
            _("{name} is looking into it").format(name=one.acknowledged_by or _("Somebody"))
        )
    return told + [_unsent(sent) for sent in one.sent if sent.why and sent.state != "sent"]


def _unsent(sent: alerts.Sent) -> str:
    channel = _(alert_rules.CHANNEL_NAMES.get(sent.channel, sent.channel))
    if sent.state == "failed":
        return _("not sent by {channel}: {why}; given up").format(channel=channel, why=sent.why)
    return _("not sent by {channel} yet: {why}").format(channel=channel, why=sent.why)


def _actions(one: Told) -> None:
    if access.may("change"):
        if one.alert.state == "open":
            _button(one, "acknowledge", _("I am looking into it"), alerts.acknowledge)
        _button(one, "resolve", _("It is over"), alerts.resolve)
    if one.conversations:
        n = len(one.conversations)
        title = ngettext("{n} conversation behind it", "{n} conversations behind it", n)
        with st.popover(
            title.format(n=number(n)),
            type="tertiary",
            key=f"{KEY}.behind.{one.alert.id}",
            on_change="rerun",
        ) as box:
            if box.open:
                _behind(one)


def _button(one: Told, name: str, title: str, act: Callable[[str], Any]) -> None:
    st.button(
        title,
        key=f"{KEY}.{name}.{one.alert.id}",
        on_click=notices.acting(act),
        args=(one.alert.id,),
    )


def _behind(one: Told) -> None:
    """The conversations, and the way of all of them into a review queue."""
    for named in alerts.named(one.alert.id)[:NAMED]:
        title = label(named.title or _("(the conversation)"))
        places.link("chat", title, conversation=named.conversation_id)
    if access.may("lead"):
        st.button(
            _("Queue them for review"),
            key=f"{KEY}.queue.{one.alert.id}",
            icon=":material/rate_review:",
            on_click=notices.acting(_queue),
            args=(one.alert.id,),
        )


def _queue(alert_id: str) -> None:
    done = alerts.queue_for_review(alert_id)
    n = sum(one.added.new for one in done)
    said = ngettext(
        "{n} conversation came into {queues}.", "{n} conversations came into {queues}.", n
    )
    queues = ", ".join(f"“{one.queue}”" for one in done)
    notices.leave(
        said.format(n=number(n), queues=queues)
        if n
        else _("All of them are in {queues} already.").format(queues=queues)
    )


def _past() -> None:
    found = alerts.alerts("resolved", limit=PAST)
    if not found:
        return
    st.subheader(_("What was"), anchor=False)
    heads = [
        ledger.head(_("Opened"), side="short"),
        ledger.head(_("Alert"), wide=True),
        ledger.head(_("Resolved"), side="short"),
    ]
    ledger.show(f"{KEY}.past", _("What was"), heads, [_row(one) for one in found])


def _row(one: Told) -> dict[str, Any]:
    by = one.resolved_by or _("by itself")
    return ledger.row(
        ledger.cell(moment(one.alert.opened_at)),
        ledger.cell(alert_words.name(one.rule), note=alert_words.sentence(one.rule, one.alert)),
        ledger.cell(moment(one.alert.resolved_at) if one.alert.resolved_at else "", note=by),
    )
