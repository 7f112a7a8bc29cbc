"""The rules of alerts: what there is, what is suggested, and one's own.

What was typed stays in its fields until the rule is made; trying one stores nothing and tells nobody.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import streamlit as st

from core import access, assistants, clock, metrics
from core.db.tables import AlertRule
from core.i18n import N_, _, moment, number
from core.metrics import naming, saying
from core.metrics.alerts import delivering as deliver
from core.metrics.alerts import rules as alert_rules
from core.metrics.alerts import words as alert_words
from core.metrics.measures import DOLLARS, SECONDS, SHARE
from pages.ui import errors, notices
from pages.ui.filters import titled
from pages.ui.safe import label

KEY = "metrics.rules"
HOURS = (1, 6, 24, 72, 168, 720)
SILENCE = timedelta(hours=8)
KINDS = {"threshold": N_("beyond a fixed bound"), "change": N_("worse than in the time before")}
SIDES = {"above": N_("higher is bad"), "below": N_("lower is bad")}
BOUND = N_("Bound")
UNITS = {SHARE: N_("Bound (%)"), SECONDS: N_("Bound (seconds)"), DOLLARS: N_("Bound (US$)")}


def show() -> None:
    """The rules; who may change them also finds what is suggested and makes their own."""
    st.subheader(_("Rules"), anchor=False)
    held, may = alert_rules.rules(), access.may("change")
    for row in held:
        _rule(row, may)
    if not held:
        st.caption(_("No rule is active: nothing is watched before somebody says so."))
    if may:
        _suggestions()
        with st.expander(_("A rule of one's own"), key=f"{KEY}.own", on_change="rerun") as own:
            if own.open:
                _own()
    st.caption(_where())


def _rule(row: AlertRule, may: bool) -> None:
    own = f" · {label(row.name)}" if row.name else ""
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"{KEY}.{row.id}"
    ):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{label(alert_words.condition(row))}**{own}")
            st.caption(label(" · ".join(_facts(row))))
        if may:
            with st.container(horizontal=True, width="content", gap="small"):
                _actions(row)


def _facts(row: AlertRule) -> list[str]:
    told = [alert_words.period(row), _("at least {n}").format(n=number(row.minimum))]
    told += [naming.names(kind, [value]).get(value, value) for kind, value in row.filters.items()]
    told += [_(alert_rules.CHANNEL_NAMES[name]) for name in row.channels]
    if row.paused:
        told.append(_("at rest"))
    elif _silent(row) and row.silent_until:
        told.append(_("silent until {moment}").format(moment=moment(row.silent_until)))
    elif row.checked_at:
        told.append(_("checked at {moment}").format(moment=moment(row.checked_at)))
    return told


def _silent(row: AlertRule) -> bool:
    return row.silent_until is not None and row.silent_until > clock.now()


def _actions(row: AlertRule) -> None:
    _button(row, "try", _("Try it now"), _try)
    silence = None if _silent(row) else clock.now() + SILENCE
    quiet = _("Let it speak") if _silent(row) else _("Silent for 8 hours")
    _button(row, "silent", quiet, partial(alert_rules.change_rule, silent_until=silence))
    rest = _("Go on") if row.paused else _("Rest")
    _button(row, "pause", rest, partial(alert_rules.change_rule, paused=not row.paused))
    _button(row, "remove", _("Remove"), _remove)


def _button(row: AlertRule, name: str, title: str, act: Callable[..., Any]) -> None:
    st.button(
        title,
        key=f"{KEY}.{name}.{row.id}",
        type="tertiary",
        on_click=notices.acting(act),
        args=(row.id,),
    )


def _try(rule_id: str) -> None:
    row = alert_rules.rule(rule_id)
    notices.leave(
        f"{alert_words.name(row)}: {alert_words.finding(row, alert_rules.try_stored(rule_id))}"
    )


def _remove(rule_id: str) -> None:
    row = alert_rules.remove_rule(rule_id)
    facts = {name: getattr(row, name) for name in (*alert_rules.FIXED, *alert_rules.CHANGEABLE)}
    said = _("The rule “{name}” was removed.").format(name=alert_words.name(row))
    notices.leave(said, undo=partial(alert_rules.create_rule, **facts))


def _suggestions() -> None:
    found = alert_rules.suggested()
    if not found:
        return
    with st.expander(_("Suggested rules"), key=f"{KEY}.suggested"):
        st.caption(_("From the targets, and for changes by more than chance. One click makes one."))
        for one in found:
            row = AlertRule(**one.facts)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(
                    label(f"{alert_words.condition(row)}, {alert_words.period(row)}"),
                    width="stretch",
                )
                st.button(
                    _("Add"),
                    key=f"{KEY}.add.{one.key}",
                    on_click=notices.acting(_make),
                    args=({**one.facts, "channels": _channels()},),
                )


def _make(facts: dict[str, Any]) -> None:
    row = alert_rules.create_rule(**facts)
    notices.leave(_("“{name}” is watched from now on.").format(name=alert_words.name(row)))


def _channels() -> list[str]:
    return [name for name, known in deliver.configured().items() if known]


def _own() -> None:
    """Fields that follow each other; a press on one of the buttons takes them as they stand."""
    key, names = f"{KEY}.own", list(metrics.MEASURES)
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    name = left.selectbox(_("Figure"), names, format_func=saying.title, key=f"{key}.measure")
    kinds, sides = titled(KINDS), titled(SIDES)
    kind = middle.selectbox(
        _("Speaks when it is"),
        list(kinds),
        format_func=lambda one: kinds[one],
        key=f"{key}.kind",
    )
    usual = "below" if metrics.measure(name).better == "up" else "above"
    side = right.selectbox(
        _("Which side"),
        list(sides),
        list(sides).index(usual),
        format_func=lambda one: sides[one],
        key=f"{key}.side.{name}",
    )
    unit = SHARE if kind == "change" else metrics.measure(name).unit
    scale = 100 if unit == SHARE else 1
    bound = left.number_input(
        _(UNITS.get(unit, BOUND)),
        value=_usual(name, kind) * scale,
        key=f"{key}.bound.{name}.{kind}",
    )
    margin = middle.number_input(
        _("Margin"),
        0.0,
        value=1.0,
        key=f"{key}.margin",
        help=_("So far on the good side of the bound an alert ends: none flaps at its bound."),
    )
    minimum = right.number_input(_("At least (n)"), 1, value=30, key=f"{key}.minimum")
    hours = left.selectbox(_("Of which time"), HOURS, 2, format_func=_hours, key=f"{key}.hours")
    of: dict[str, str] = {"": _("All assistants")} | {one.id: one.name for one in assistants.all()}
    whose = middle.selectbox(
        _("Assistant"), list(of), format_func=lambda one: of[one], key=f"{key}.assistant"
    )
    title = right.text_input(_("Name"), max_chars=alert_rules.NAME_LENGTH, key=f"{key}.name")
    facts: dict[str, Any] = {
        "measure": name,
        "kind": kind,
        "side": side,
        "bound": bound / scale,
        "margin": margin / scale,
        "minimum": int(minimum),
        "hours": hours,
        "filters": {"assistant": whose} if whose else {},
        "channels": _channels(),
        "name": title.strip(),
    }
    _take(facts)


def _usual(name: str, kind: str) -> float:
    """The bound to begin with: the target, else nothing; of a change a fifth."""
    return 0.2 if kind == "change" else float(metrics.settings().targets.get(name, 0.0))


def _take(facts: dict[str, Any]) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Make the rule"),
            type="primary",
            key=f"{KEY}.make",
            on_click=notices.acting(_make),
            args=(facts,),
        )
        if st.button(_("What would it say now?"), key=f"{KEY}.ask"):
            with errors.told():
                row = AlertRule(**alert_rules.usual(facts))
                st.markdown(label(alert_words.finding(row, alert_rules.try_rule(**facts))))


def _hours(hours: int) -> str:
    return alert_words.period(AlertRule(hours=hours))


def _where() -> str:
    known = [_(alert_rules.CHANNEL_NAMES[name]) for name in _channels()]
    if not known:
        return _("Alerts are shown here. Webhook and e-mail are for the operator to configure.")
    return _("Alerts are shown here and go out by {channels}.").format(channels=", ".join(known))
