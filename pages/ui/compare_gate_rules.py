"""The rules of a gate as a form. What it does not ask for (margins of other metrics) stays as it is."""

from typing import Any

import streamlit as st

from core.comparison import gate_saying, measured
from core.comparison.gate import Rules, set_gate
from core.comparison.gate_rules import BETTER_IN, JUDGE, LEAST_N, MUST_PASS, NOT_WORSE, PRIMARY
from core.i18n import _
from pages.ui import notices

KEY = "compare.gate.rule"
ASKED = (PRIMARY, "seconds", "cost")


def show(rules: Rules) -> None:
    """The form; a change makes new rules, those before stay with what was held against them."""
    with st.form(f"{KEY}.{rules.assistant_id}", border=False):
        margins = rules.rules[NOT_WORSE]
        with st.container(horizontal=True, gap="small"):
            _margin(PRIMARY, _("Not worse in what decides by, points"), margins)
            _margin("seconds", _("Not slower by, %"), margins)
            _margin("cost", _("Not dearer by, %"), margins)
        st.multiselect(
            _("Better in one of these at least"),
            _names(),
            [name for name in rules.rules[BETTER_IN] if name in _names()],
            format_func={name: _capital(gate_saying.named(name)) for name in _names()}.__getitem__,
            key=f"{KEY}.better",
        )
        with st.container(horizontal=True, gap="small"):
            _counts(rules.rules)
        st.form_submit_button(_("Save the rules"), on_click=notices.acting(lambda: _save(rules)))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _names() -> list[str]:
    return [PRIMARY, *measured.known()]


def _margin(name: str, label: str, margins: dict[str, float]) -> None:
    st.number_input(
        label,
        0.0,
        100.0,
        round(margins.get(name, 0.0) * 100, 3),
        step=1.0,
        format="%g",
        key=f"{KEY}.margin.{name}",
        help=_("0: no such rule."),
    )


def _counts(rules: dict[str, Any]) -> None:
    st.number_input(
        _("Questions that count, at least"), 1, 1_000_000, rules[LEAST_N], key=f"{KEY}.least"
    )
    held = rules[MUST_PASS]
    st.number_input(
        _("Must-pass questions lost, at most"),
        0,
        1_000_000,
        held["at_most"] if held else None,
        placeholder=_("any number"),
        key=f"{KEY}.must",
    )
    st.number_input(
        _("Judge's kappa with people, at least"),
        0.0,
        1.0,
        rules[JUDGE] or 0.0,
        step=0.1,
        format="%g",
        key=f"{KEY}.judge",
        help=_("0: no such rule."),
    )


def _save(rules: Rules) -> None:
    state: Any = st.session_state
    others = {name: one for name, one in rules.rules[NOT_WORSE].items() if name not in ASKED}
    asked = {name: state[f"{KEY}.margin.{name}"] / 100 for name in ASKED}
    must = state[f"{KEY}.must"]
    set_gate(
        rules.assistant_id,
        {
            NOT_WORSE: others | {name: margin for name, margin in asked.items() if margin},
            BETTER_IN: state[f"{KEY}.better"],
            MUST_PASS: None if must is None else {"at_most": must},
            LEAST_N: state[f"{KEY}.least"],
            JUDGE: state[f"{KEY}.judge"] or None,
        },
    )
    notices.leave(_("The rules were saved."))
