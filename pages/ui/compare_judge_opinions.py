"""What judge models said of one comparison: their choice in each order, their scores, and their reasons.

A model's words are shown as text. Nothing is shown where nobody said anything, or while the names of the
sides are hidden.
"""

from collections.abc import Mapping

import streamlit as st

from core import access, annotation, comparison
from core.comparison import Compared, judge_asking
from core.comparison.judge_scores import PAIRWISE, SAME
from core.db.tables import JudgeOpinion
from core.i18n import _, number, percent
from pages.ui import models, safe

CHOICES = {"a": "A", "b": "B"}


def show(found: Compared) -> None:
    """Folded, below both answers."""
    if not access.may("read"):
        return
    said = comparison.judge_opinions(found.row.id)
    if not said:
        return
    title = _("What judge models said ({n})").format(n=number(len(said)))
    with st.expander(title, icon=":material/gavel:"):
        rubric = [*annotation.DEFAULT_RUBRIC, *judge_asking.rules(found.row.assistant_id).rubric]
        titles = {one["name"]: str(one["title"]) for one in rubric}
        for one in said:
            name = models.called(one.model)
            st.markdown(safe.label(f"{name} · {_line(one, titles)}"))


def _line(one: JudgeOpinion, titles: Mapping[str, str]) -> str:
    if one.failed:
        why = _(annotation.FAILED.get(one.failed, one.failed))
        return _("no opinion: {why}").format(why=why)
    if one.detail == SAME:
        return _("both answers are the same: a tie, without asking")
    told = _choice(one) if one.kind == PAIRWISE else _scores(one, titles)
    return f"{told} · {one.why}" if one.why else told


def _choice(one: JudgeOpinion) -> str:
    first = CHOICES[one.first]
    if one.choice == "tie":
        return _("{first} shown first: a tie").format(first=first)
    return _("{first} shown first: {choice} is better").format(
        first=first, choice=CHOICES[one.choice]
    )


def _scores(one: JudgeOpinion, titles: Mapping[str, str]) -> str:
    named = ((_(titles.get(name, name)), value) for name, value in one.scores.items())
    each = ", ".join(f"{title} {value}" for title, value in named)
    return _("{side} by the rubric: {share} ({each})").format(
        side=CHOICES[one.side], share=percent(one.score or 0.0), each=each
    )
