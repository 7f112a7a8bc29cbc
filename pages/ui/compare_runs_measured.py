"""What an evaluation measures: scorers by what they tell of, the judge model, what difference matters."""

from typing import Any

import streamlit as st

from core.comparison import evaluations
from core.comparison.scorers import SCORERS, Scorer
from core.db.tables import Assistant
from core.i18n import _
from core.llm import EMBEDDED
from pages.ui import compare_judge, models, safe

KEY = "compare.runs.measured"
SPEED = ("seconds", "per_second")


def choose(assistant: Assistant) -> dict[str, Any]:
    """As ``comparison.start`` takes it; folded away: left alone, everything is measured."""
    with st.expander(_("What is measured"), icon=":material/straighten:"):
        with st.container(horizontal=True, gap="medium"):
            judge = _judge(assistant)
            smallest = st.number_input(
                _("Smallest difference that matters, points"),
                0.5,
                50.0,
                evaluations.SMALLEST * 100,
                step=0.5,
                format="%g",
                key=f"{KEY}.smallest.{assistant.id}",
                help=_("The verdict says how many questions it takes to see one, or rules it out."),
                width=260,
            )
        if judge["judge"]:
            st.caption(compare_judge.sent(judge["judge"]))
        scoring = _scorers(assistant)
        reuse = st.checkbox(
            _("Take over answers given before"),
            key=f"{KEY}.reuse.{assistant.id}",
            help=_(
                "Those of the same version to the same question, over the same documents and memory."
                " Their times are those of then."
            ),
        )
    return {"scoring": scoring, "smallest": smallest / 100, "reuse": reuse, **judge}


def _judge(assistant: Assistant) -> dict[str, Any]:
    known = [name for name in models.ready() if name != EMBEDDED]
    name = st.selectbox(
        _("Judge model"),
        ["", *known],
        format_func=lambda one: models.called(one) if one else _("none"),
        key=f"{KEY}.judge.{assistant.id}",
        help=_("Another model says which answer is better, in both orders of showing."),
        width=260,
    )
    times = 1
    if name:
        times = int(
            st.number_input(
                _("Repetitions"), 1, 10, 1, key=f"{KEY}.repetitions.{assistant.id}", width=140
            )
        )
    return {"judge": name or "", "repetitions": times}


def _scorers(assistant: Assistant) -> list[str]:
    """The names that were picked; none where all are."""
    groups = {_("Quality"): list[Scorer](), _("Speed"): list[Scorer](), _("Cost"): list[Scorer]()}
    quality, speed, cost = groups.values()
    for one in SCORERS.values():
        (quality if one.quality else speed if one.unit in SPEED else cost).append(one)
    every, picked = [], []
    for title, group in groups.items():
        here = [one.name for one in group if not one.available()]
        every += here
        picked += st.multiselect(
            title,
            here,
            default=here,
            format_func=lambda name: _(SCORERS[name].title),
            key=f"{KEY}.{title}.{assistant.id}",
        )
        for one in group:
            if why := one.available():
                st.caption(safe.label(f"{_(one.title)}: {why}"))
    return [] if picked == every else picked
