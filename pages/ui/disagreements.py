"""Where reviewers differ: each item with what was said of it, decided in place by who leads."""

from typing import Any

import streamlit as st

from core import annotation
from core.annotation import VERDICT, Disagreement, Judged
from core.db.tables import Judgement, Queue
from core.i18n import _
from pages.ui import ledger, notices, person, review_words, safe
from pages.ui.language import spoken

PAGE = 10
AFTER = "annotation.disagreements.after"


def show(queue: Queue) -> None:
    """The list, those nobody has decided first."""
    st.subheader(_("Where they differ"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        on = _about(queue)
        decided = st.toggle(_("Show decided ones"), key="annotation.disagreements.decided")
    after = _begin(f"{queue.id} {on} {decided}")
    found = annotation.disagreements(
        queue.id, on=on, decided=None if decided else False, after=after, limit=PAGE + 1
    )
    if not found:
        st.markdown(_("Nothing is left to decide here."))
    for one in found[:PAGE]:
        _one(one, on)
    if len(found) > PAGE:
        last = found[PAGE - 1].item.number
        st.button(
            _("Next items"), key="annotation.disagreements.next", on_click=_turn, args=(last,)
        )


def _about(queue: Queue) -> str:
    rubric = annotation.guideline(queue.id).rubric
    written = {one["name"]: one["title"] for one in rubric}
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


def _one(one: Disagreement, on: str) -> None:
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
            st.dialog(_("Decide"), width="large")(_decide)(one)


def _said(judged: Judgement, name: str, on: str) -> dict[str, Any]:
    score = "" if on == VERDICT else str(judged.scores.get(on, "–"))
    verdict = review_words.verdict(judged.verdict)
    note = "\n".join(text for text in (judged.correction, judged.note) if text)
    return ledger.row(
        ledger.cell(name),
        ledger.cell(f"{verdict} · {score}" if score else verdict),
        ledger.cell(note or "–"),
    )


@spoken
def _decide(one: Disagreement) -> None:
    """The form of a decision; a correction is taken from a reviewer's where there is one."""
    key = f"annotation.decision.{one.item.id}"
    proposed = [judged.correction for judged, _name in one.judgements if judged.correction]
    with st.form(key, border=False):
        st.radio(
            _("Verdict"),
            list(annotation.VERDICTS),
            index=None,
            format_func=review_words.verdict,
            horizontal=True,
            key=f"{key}.verdict",
        )
        st.text_area(
            _("Corrected answer"),
            proposed[0] if proposed else one.answer,
            help=_("It counts with “approved with correction” alone."),
            height=180,
            key=f"{key}.text",
        )
        st.text_input(_("Note"), key=f"{key}.note")
        sent = st.form_submit_button(
            _("Decide"),
            type="primary",
            key=f"{key}.send",
            on_click=notices.acting(_store),
            args=(one,),
        )
    if sent and st.session_state.get(f"{key}.verdict"):
        st.rerun()
    if sent:
        st.error(_("Choose a verdict."))


def _store(one: Disagreement) -> None:
    key = f"annotation.decision.{one.item.id}"
    verdict = st.session_state.get(f"{key}.verdict")
    if verdict is None:
        return
    text, note = (str(st.session_state.get(f"{key}.{name}") or "") for name in ("text", "note"))
    correction = text if verdict == "corrected" else ""
    said = Judged(verdict, correction=correction, note=note)
    annotation.adjudicate(one.item.id, said, person.present().id)
    notices.leave(_("Item #{n} is decided.").format(n=one.item.number))
