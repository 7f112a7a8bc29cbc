"""All figures of the view in one table: each with its change, its target and what it means."""

from typing import Any

import streamlit as st

from core import metrics
from core.i18n import N_, _, number
from core.metrics import saying
from pages.ui import ledger, metrics_behind
from pages.ui import metrics_chart as chart

GROUPS = {
    N_("How much"): ("answers", "conversations"),
    N_("How people find it"): ("satisfaction", "rated", "stars", "solved", "abandoned", "unknown"),
    N_("How long it takes"): ("time_", "first_", "speed", "loading", "turns"),
    N_("What it costs"): ("cost_", "saved_", "cached"),
    N_("What goes wrong"): ("errors", "fallbacks", "cut_off"),
    N_("How it answers"): ("groundedness", "ungrounded", "uncited", "no_information", "out_of"),
    N_("What reviewers say"): ("unbiased", "accuracy", "usable", "tone", "quality", "failed_"),
    N_("What the judge model says"): ("judge_",),
    N_("How reviews keep up"): ("reviews_", "waited_", "waiting", "oldest_"),
}
REST = N_("More")


def show(view: metrics.View) -> None:
    """Behind a click; computed when it is open."""
    with st.expander(
        _("All figures"), icon=":material/table:", on_change="rerun", key="metrics.all_figures"
    ) as box:
        if box.open:
            told = metrics.overview(view)
            for group, figures in _grouped(told).items():
                _group(view, _(group), figures)
            chart.download("figures", lambda: _file(told))


def _grouped(told: list[metrics.Figure]) -> dict[str, list[metrics.Figure]]:
    """Without the groups of which nothing at all can be told."""
    found: dict[str, list[metrics.Figure]] = {group: [] for group in [*GROUPS, REST]}
    for one in told:
        group = next((g for g, names in GROUPS.items() if one.measure.startswith(names)), REST)
        found[group].append(one)
    return {group: figures for group, figures in found.items() if any(one.n for one in figures)}


def _group(view: metrics.View, title: str, figures: list[metrics.Figure]) -> None:
    heads = [
        ledger.head(title, wide=True),
        ledger.head(_("Value"), side="end"),
        ledger.head(_("95% interval"), side="end"),
        ledger.head("n", side="end"),
        ledger.head(_("Against before"), side="end"),
        ledger.head(_("Target"), side="end"),
    ]
    rows = [_row(view, one) for one in figures]
    ledger.show(f"metrics.all.{title}", title, heads, rows, here="metrics")


def _row(view: metrics.View, one: metrics.Figure) -> dict[str, Any]:
    change, verdict = saying.change(one), saying.verdict(one)
    of = metrics.measure(one.measure)
    return ledger.row(
        ledger.cell(_(of.title), note=_(of.meaning), go=metrics_behind.address(view, one.measure)),
        ledger.cell(saying.said(one), flags=[_("too few")] if one.n and one.thin else []),
        ledger.cell(saying.interval(one)),
        ledger.cell(number(one.n) if one.n else ""),
        ledger.cell(f"{change.text} {change.word}".strip() if change else ""),
        ledger.cell(
            saying.value(one.measure, one.target) if one.target is not None else "",
            mark=("good" if one.met else "bad") if verdict else "",
            note=verdict,
        ),
    )


def _file(told: list[metrics.Figure]) -> chart.Table:
    heads = ["id", _("Figure"), _("Value"), _("low"), _("high"), "n", _("Before"), _("Target")]
    rows = [
        chart.Row(
            [],
            [
                *(one.measure, saying.title(one.measure), one.value, one.low, one.high, one.n),
                *(one.before, one.target),
            ],
        )
        for one in told
    ]
    return chart.Table([], rows, heads)
