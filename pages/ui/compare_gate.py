"""The gate of a run: whether B may take A's place, rule by rule, and the rules for whoever may change them.

A run that has ended is held against the rules that hold now; what came of it is stored.
"""

from typing import Any

import streamlit as st

from core import access
from core.comparison import gate_saying
from core.comparison.gate import Rules, check_gate, gate, results
from core.db.tables import EvaluationRun, GateResult
from core.i18n import _, moment
from pages.ui import compare_gate_rules, ledger, notices, safe


def show(run: EvaluationRun) -> None:
    """What came of it, with the reasons; below it the rules."""
    st.subheader(_("Gate"), anchor=False)
    rules = gate(run.assistant_id)
    result = _result(run, rules)
    if result is None:
        st.caption(_("Nobody has held this run against the gate yet."))
    else:
        _told(result, rules, run.is_sample)
    _rules(rules)


def _result(run: EvaluationRun, rules: Rules) -> GateResult | None:
    """The newest one; where none is by the rules that hold now, the run is held against them."""
    newest = next(iter(results(run.id)), None)
    if newest is not None and newest.gate_id == rules.gate_id:
        return newest
    if run.state == "done" and access.may("compare"):
        return check_gate(run.id)
    return newest


def _told(result: GateResult, rules: Rules, is_sample: bool) -> None:
    icon = ":material/check_circle:" if result.passed else ":material/do_not_disturb_on:"
    st.markdown(f"{icon} **{safe.label(gate_saying.outcome(result))}**")
    if expected := gate_saying.expected(result, is_sample):
        st.caption(safe.label(expected))
    heads = [ledger.head(_("Rule by rule"), wide=True)]
    rows = [_row(one) for one in result.reasons]
    ledger.show("compare.gate", _("Rule by rule"), heads, rows, bare=True)
    if rules.gate_id and rules.gate_id != result.gate_id:
        st.caption(_("The rules have changed since."))
    st.caption(_("Held against the gate on {moment}.").format(moment=moment(result.created_at)))
    if access.may("compare"):
        st.button(
            _("Hold it against the gate again"),
            key="compare.gate.again",
            icon=":material/refresh:",
            type="tertiary",
            help=_("Judges and people may have said more since."),
            on_click=notices.acting(lambda: check_gate(result.run_id)),
        )


def _row(one: dict[str, Any]) -> dict[str, Any]:
    mark = "off" if gate_saying.unasked(one) else "good" if one["passed"] else "bad"
    told = f"{gate_saying.met(one)}: {gate_saying.reason(one)}"
    return ledger.row(ledger.cell(told, mark=mark))


def _rules(rules: Rules) -> None:
    title = _("The usual rules; nobody has set others") if rules.usual else _("The rules")
    with st.expander(
        title, icon=":material/rule:", key="compare.gate.rules", on_change="rerun"
    ) as box:
        if not box.open:
            return
        for line in gate_saying.rules(rules.rules):
            st.markdown(f"- {safe.label(line)}")
        if access.may("change"):
            compare_gate_rules.show(rules)
