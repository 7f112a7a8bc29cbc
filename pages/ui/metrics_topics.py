"""What people ask about, how content they are with it, and what could not be answered."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import access, metrics
from core.i18n import _, moment, ngettext, number
from core.metrics import naming, saying
from core.metrics.topics.figures import TopicRow, no_topics, topics
from core.metrics.unanswered import UnansweredGroup, unanswered
from pages.ui import ledger, metrics_behind, metrics_filters, metrics_naming
from pages.ui import metrics_chart as chart

MOST = 30
QUESTIONS = 30
LONGEST = 160


def show(view: metrics.View) -> None:
    """Topics, then the questions without an answer."""
    with st.container(gap="small"):
        _topics(view)
    with st.container(gap="small"):
        _unanswered(view)


def _topics(view: metrics.View) -> None:
    st.subheader(_("What do people ask about?"), anchor=False)
    told = topics(view)
    if not told:
        st.caption(no_topics(view))
        return
    st.caption(_("Grouped by likeness, without a model. A name given by a person stays."))
    heads = [
        ledger.head(_("Topic"), wide=True),
        ledger.head(_("Assistant")),
        ledger.head(_("Answers"), side="end"),
        ledger.head(_("Share"), side="end"),
        ledger.head(_("Against before"), side="end"),
        ledger.head(_("Satisfaction"), side="end"),
        ledger.head("n", side="end"),
    ]
    whose = naming.names("assistant", [one.assistant_id for one in told if one.assistant_id])
    rows = [_topic(view, one, whose.get(one.assistant_id, "")) for one in told[:MOST]]
    ledger.show("metrics.topics", _("Topics"), heads, rows, here="metrics")
    with st.container(horizontal=True, gap="small"):
        chart.download("topics", lambda: _topics_file(told, whose))
        if access.may("change"):
            metrics_naming.show(told)


def _topic(view: metrics.View, one: TopicRow, whose: str) -> dict[str, Any]:
    happy = one.satisfaction
    narrowed = metrics_filters.query(view, topic=one.id) if one.id else {}
    narrowed.pop("view", None)
    return ledger.row(
        ledger.cell(
            one.label,
            go=ledger.link("metrics", **narrowed) if one.id else None,
            flags=[_("new")] if one.new else [],
            note=", ".join(one.terms) if one.named else "",
        ),
        ledger.cell(whose),
        ledger.cell(number(one.n), go=metrics_behind.address(view, "answers", topic=one.id))
        if one.id
        else ledger.cell(number(one.n)),
        ledger.cell(saying.share(one.share)),
        ledger.cell("" if one.growth is None else saying.signed(one.growth * 100) + "%"),
        ledger.cell(saying.said(happy), flags=[_("few ratings")] if happy.n and happy.thin else []),
        ledger.cell(number(happy.n)),
    )


def _topics_file(told: Sequence[TopicRow], whose: dict[str, str]) -> chart.Table:
    heads = [_("Topic"), "id", _("Assistant"), _("Answers"), _("Share"), _("Satisfaction"), "n"]
    rows = [
        chart.Row(
            [],
            [
                *(one.label, one.id, whose.get(one.assistant_id, ""), one.n, one.share),
                *(one.satisfaction.value, one.satisfaction.n),
            ],
        )
        for one in told
    ]
    return chart.Table([], rows, heads)


def _unanswered(view: metrics.View) -> None:
    st.subheader(_("What could not be answered?"), anchor=False)
    if not access.may("read"):
        st.caption(_("The questions themselves are for analysts and admins."))
        return
    told = unanswered(view, 500)
    if not told:
        asked_at_all = metrics.figure("answers", view).n
        found = _("Every question of this period found something in the documents.")
        st.caption(found if asked_at_all else _("No answer fits these choices."))
        return
    whole = sum(one.n for one in told)
    asked = ngettext(
        "{n} question found nothing, or only something related: what the documents lack.",
        "{n} questions found nothing, or only something related: what the documents lack.",
        whole,
    )
    st.caption(asked.format(n=number(whole)))
    heads = [
        ledger.head(_("Question"), wide=True),
        ledger.head(_("Times"), side="end"),
        ledger.head(_("People"), side="end"),
        ledger.head(_("Assistant")),
        ledger.head(_("Last"), side="short"),
    ]
    whose = naming.names("assistant", [one.assistant_id for one in told])
    rows = [_question(one, whose[one.assistant_id]) for one in told[:QUESTIONS]]
    ledger.show("metrics.unanswered", _("What could not be answered?"), heads, rows)
    if len(told) > QUESTIONS:
        left = len(told) - QUESTIONS
        more = ngettext("{n} more in the file.", "{n} more in the file.", left)
        st.caption(more.format(n=number(left)))
    chart.download("unanswered", lambda: _questions_file(told, whose))


def _question(one: UnansweredGroup, whose: str) -> dict[str, Any]:
    newest = one.examples[0]
    others = dict.fromkeys(" ".join(example.text.split()) for example in one.examples)
    others.pop(" ".join(one.text.split()), None)
    return ledger.row(
        ledger.cell(
            _short(one.text),
            go=ledger.link("chat", conversation=newest.conversation_id),
            note="\n".join(_short(text) for text in list(others)[:3]),
        ),
        ledger.cell(number(one.n)),
        ledger.cell(number(one.people)),
        ledger.cell(whose),
        ledger.cell(moment(one.last_at)),
    )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[:LONGEST].rstrip() + "…"


def _questions_file(told: Sequence[UnansweredGroup], whose: dict[str, str]) -> chart.Table:
    heads = [_("Question"), _("Times"), _("People"), _("Assistant"), _("First"), _("Last")]
    rows = [
        chart.Row(
            [],
            [
                *(one.text, one.n, one.people, whose[one.assistant_id]),
                *(one.first_at.isoformat(), one.last_at.isoformat()),
            ],
        )
        for one in told
    ]
    return chart.Table([], rows, [*heads])
