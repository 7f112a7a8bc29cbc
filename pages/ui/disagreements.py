"""Where reviewers differ: each item with what was said of it, decided in place by who leads."""

from functools import partial
from typing import Any

import streamlit as st

from core import annotation
from core.annotation import VERDICT, Disagreement, Judged
from core.db.tables import Guideline, Judgement, Queue
from core.i18n import _
from pages.ui import decision, ledger, person, review_words, safe

PAGE = 10
AFTER = "annotation.disagreements.after"


def show(queue: Queue) -> None:
    """The list, those nobody has decided first."""
    st.subheader(_("Where they differ"), anchor=False)
    guideline = annotation.guideline(queue.id)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        on = _about(guideline)
        decided = st.toggle(_("Show decided ones"), key="annotation.disagreements.decided")
    after = _begin(f"{queue.id} {on} {decided}")
    found = annotation.disagreements(
        queue.id, on=on, decided=None if decided else False, after=after, limit=PAGE + 1
    )
    if not found:
        st.markdown(_("Nothing is left to decide here."))
    for one in found[:PAGE]:
        _one(one, on, guideline)
    if len(found) > PAGE:
        last = found[PAGE - 1].item.number
        st.button(
            _("Next items"), key="annotation.disagreements.next", on_click=_turn, args=(last,)
        )


def _about(guideline: Guideline) -> str:
    written = {one["name"]: one["title"] for one in guideline.rubric}
    titles = {VERDICT: _("Verdict")} | {name: _(title) for name, title in written.items()}
    return st.selectbox(
        _("On"),
        list(titles),
        format_func=lambda name: titles.get(name, ""),
        key="annotation.disagreements.on",
        width=260,
    )


def _begin(listed: str) -> int:
    """The number after which the page begins; another list begins anew."""
    before, after = st.session_state.get(AFTER, ("", 0))
    if before != listed:
        after = 0
    st.session_state[AFTER] = (listed, after)
    return int(after)


def _turn(last: int) -> None:
    listed, _after = st.session_state[AFTER]
    st.session_state[AFTER] = (listed, last)


def _one(one: Disagreement, on: str, guideline: Guideline) -> None:
    title = safe.label(" ".join(one.question.split())[:160])
    state = _("decided") if one.gold else _("open")
    with st.expander(f"#{one.item.number} · {title} · {state}"):
        st.html(f'<div lang="">{safe.html(one.answer)}</div>')
        heads = [
            ledger.head(_("Reviewer")),
            ledger.head(_("Verdict")),
            ledger.head(_("Said"), wide=True),
        ]
        rows = [_said(judged, name or _("(gone)"), on) for judged, name in one.judgements]
        if one.gold:
            rows.append(_said(one.gold, _("The lead"), on))
        ledger.show(f"annotation.said.{one.item.id}", _("Judgements"), heads, rows)
        label = _("Decide anew…") if one.gold else _("Decide…")
        if st.button(label, key=f"annotation.decide.{one.item.id}", icon=":material/gavel:"):
            decision.open_(_("Decide"), _asked(one, guideline))


def _said(judged: Judgement, name: str, on: str) -> dict[str, Any]:
    score = "" if on == VERDICT else str(judged.scores.get(on, "–"))
    verdict = review_words.verdict(judged.verdict)
    texts = (decision.told(judged), judged.correction, judged.note)
    note = "\n".join(text for text in texts if text)
    return ledger.row(
        ledger.cell(name),
        ledger.cell(f"{verdict} · {score}" if score else verdict),
        ledger.cell(note or "–"),
    )


def _asked(one: Disagreement, guideline: Guideline) -> decision.Asked:
    return decision.Asked(
        one.item,
        one.question,
        one.answer,
        guideline.rubric,
        _("Decide"),
        partial(_decide, one),
        one.judgements,
    )


def _decide(one: Disagreement, judged: Judged) -> str:
    annotation.adjudicate(one.item.id, judged, person.present().id)
    return _("Item #{n} is decided.").format(n=one.item.number)
