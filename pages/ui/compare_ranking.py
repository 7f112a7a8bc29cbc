"""The ranking of an assistant's versions by votes: what can be said, each version with its interval, the
topics, and where the votes are from.

``?votes=`` says which votes (blind ones, else those out of chats), ``&topic=`` about what.
"""

from typing import Any

import streamlit as st

from core import access, comparison
from core.comparison.ranking import EVEN, Place, Ranked
from core.comparison.ranking_saying import SOURCES, interval, sentences
from core.db.tables import Assistant
from core.i18n import _, ngettext, number
from core.statistics import Interval
from pages.ui import ledger, notices, safe

PLACE, VIEW = "comparison", "ranking"
MOST = 20  # topics, or pairs


def show(assistant: Assistant) -> None:
    """All of it, or what it will show."""
    source = st.query_params.get("votes", "")
    source = source if source in SOURCES else ""
    topic = st.query_params.get("topic", "")
    told = comparison.ranking(assistant.id, topic or None, source)
    _which(assistant, source, topic)
    if not told.n:
        _nothing(assistant, told)
        return
    _said(told)
    if told.places:
        _places(told)
    if len(told.places) > 2:
        _meetings(told)
    if not topic:
        _topics(assistant, source)


def _which(assistant: Assistant, source: str, topic: str) -> None:
    """The choice of votes, and the way back from a topic."""
    key = f"comparison.ranking.{source}"

    def turn() -> None:
        _go(assistant, votes=st.session_state[key], topic=topic)

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.selectbox(
            _("Votes"),
            list(SOURCES),
            list(SOURCES).index(source),
            format_func=lambda name: _(SOURCES[name]),
            key=key,
            width=320,
            label_visibility="collapsed",
            on_change=notices.acting(turn),
        )
        if topic:
            st.button(
                _("Topic: {name}").format(name=safe.label(topic)),
                key="comparison.ranking.topic",
                icon=":material/close:",
                help=_("Show all topics"),
                on_click=notices.acting(lambda: _go(assistant, votes=source)),
            )


def _go(assistant: Assistant, **more: str) -> None:
    told = {name: value for name, value in more.items() if value}
    st.query_params.from_dict({"assistant": assistant.id, "view": VIEW, **told})


def _nothing(assistant: Assistant, told: Ranked) -> None:
    st.markdown(
        _(
            "Once people have said which of two answers is better, the versions stand here in their "
            "order, each with its interval. Nobody has voted yet."
        )
    )
    for said in sentences(told):
        st.caption(safe.label(said))
    if access.may("review"):
        st.button(
            _("Vote now"),
            key="comparison.ranking.vote",
            type="primary",
            icon=":material/how_to_vote:",
            on_click=notices.acting(
                lambda: st.query_params.from_dict({"assistant": assistant.id, "view": "votes"})
            ),
        )


def _said(told: Ranked) -> None:
    """The verdict, then what one should know of it."""
    first, *others = sentences(told)
    st.subheader(safe.label(first), anchor=False)
    for said in others:
        st.caption(safe.label(said))


def _places(told: Ranked) -> None:
    two = len(told.places) == 2
    against = (
        _("Of the votes that tell one better, how many it wins against the other.")
        if two
        else _(
            "Of the votes that tell one better, how many it is to win against one of mean strength."
        )
    )
    heads = [
        ledger.head(
            _("Rank"), side="short", help=_("Versions that are not surely apart share it.")
        ),
        ledger.head(_("Version"), wide=True),
        ledger.head(_("Preferred"), help=against, side="end"),
        ledger.head(_("less or more than half"), help=_("With its 95% interval.")),
        ledger.head(_("Won"), side="end"),
        ledger.head(_("Lost"), side="end"),
        ledger.head(_("Alike"), side="end"),
        ledger.head("n", side="end"),
    ]
    rows = [_place(one) for one in told.places]
    ledger.show("comparison.ranking.places", _("Ranking"), heads, rows, here=PLACE)


def _place(one: Place) -> dict[str, Any]:
    said = ngettext("{n} vote missing", "{n} votes missing", one.missing)
    return ledger.row(
        ledger.cell(number(one.rank)),
        ledger.cell(one.name, flags=[said.format(n=number(one.missing))] if one.missing else []),
        ledger.cell(interval(one.preferred)),
        ledger.cell("", plot=_drawn(one.preferred)),
        ledger.cell(number(one.wins)),
        ledger.cell(number(one.losses)),
        ledger.cell(number(one.ties)),
        ledger.cell(number(one.n)),
    )


def _meetings(told: Ranked) -> None:
    """Each two that met, the stronger first."""
    names = {one.version_id: one.name for one in told.places}
    heads = [
        ledger.head(_("Head to head"), wide=True),
        ledger.head(_("Against")),
        ledger.head(_("Preferred"), side="end"),
        ledger.head(_("less or more than half")),
        ledger.head("n", side="end"),
    ]
    rows = [
        ledger.row(
            ledger.cell(names[one.one]),
            ledger.cell(names[one.other]),
            ledger.cell(interval(one.preferred)),
            ledger.cell("", plot=_drawn(one.preferred)),
            ledger.cell(number(one.n)),
        )
        for one in told.meetings[:MOST]
    ]
    ledger.show("comparison.ranking.meetings", _("Head to head"), heads, rows)


def _drawn(one: Interval) -> dict[str, float]:
    """A share as it is drawn: a half in the middle, nothing and all at the ends."""
    names = ("value", "low", "high")
    return {name: (share - EVEN) / EVEN for name, share in zip(names, one, strict=True)}


def _topics(assistant: Assistant, source: str) -> None:
    told = comparison.rankings_by_topic(assistant.id, source)
    if not told:
        return
    st.subheader(_("By topic"), anchor=False)
    st.caption(_("The more topics one looks at, the likelier one of them differs by chance alone."))
    heads = [
        ledger.head(_("Topic"), wide=True),
        ledger.head(_("Most preferred")),
        ledger.head(_("Preferred"), side="end"),
        ledger.head(_("less or more than half")),
        ledger.head("n", side="end"),
    ]
    rows = [_topic(assistant, one) for one in told[:MOST]]
    ledger.show("comparison.ranking.topics", _("By topic"), heads, rows, here=PLACE)
    if (left := len(told) - MOST) > 0:
        said = ngettext(
            "{n} topic with fewer votes is left out.",
            "{n} topics with fewer votes are left out.",
            left,
        )
        st.caption(said.format(n=number(left)))


def _topic(assistant: Assistant, told: Ranked) -> dict[str, Any]:
    asked = {"assistant": assistant.id, "view": VIEW, "votes": told.source, "topic": told.topic}
    first = told.places[0] if told.places else None
    thin = [_("too few")] if told.thin else []
    return ledger.row(
        ledger.cell(told.topic, go=ledger.link(PLACE, **asked), flags=thin),
        ledger.cell(first.name if first and told.enough and told.clear else _("none surely")),
        ledger.cell(interval(first.preferred) if first else ""),
        ledger.cell("", plot=_drawn(first.preferred)) if first else ledger.cell(""),
        ledger.cell(number(told.n)),
    )
