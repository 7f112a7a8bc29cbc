"""A comparison on the page: both answers as they come, what can be done with it, and its words apart.

While it is under way a fragment looks again and again, at both sides at once, so both columns move
together; it never waits for an answer, and lets go at the end.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core import comparison
from core.comparison import Compared
from core.i18n import _, moment
from pages.ui import (
    answer,
    compare_hand_export,
    compare_hand_vote,
    compare_judge_opinions,
    compare_side,
    compare_words,
    components,
    notices,
    places,
    safe,
)
from pages.ui.language import spoken

WORDS = "compare.words"


def show(found: Compared, choices: Sequence[comparison.Choice]) -> None:
    """The question, its two answers, and below them what differs."""
    named = compare_side.names(choices)
    running = comparison.under_way(found)
    _back(found)
    st.header(safe.label(found.row.question), anchor=False)
    if answers := comparison.Reference.of(found.row.reference).answers:
        right = safe.label(" / ".join(answers))
        st.markdown(_("Reference answer: {text}").format(text=right))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(" · ".join(_how_asked(found)))
        st.space("stretch")
        _tools(found, running)
    looking = st.fragment(_sides, run_every=answer.LOOK_EVERY if running else None)
    looking(found.row.id, named, running)
    if not running:
        compare_hand_vote.show(found)
        if not compare_hand_vote.hidden(found):
            compare_judge_opinions.show(found)


def _back(found: Compared) -> None:
    """To the evaluation that asked it."""
    if found.row.run_id:
        places.here(
            _("Back to the evaluation"),
            key="compare.back",
            icon=":material/arrow_back:",
            assistant=found.row.assistant_id,
            view="runs",
            run=found.row.run_id,
        )


def _how_asked(found: Compared) -> list[str]:
    way = found.row.settings
    same = _("same passages for both") if way.get("same_passages") else _("each its own search")
    order = _("one after the other") if way.get("in_turn") else _("at the same time")
    return [moment(found.row.created_at), same, order]


def _tools(found: Compared, running: bool) -> None:
    if running:
        act = notices.acting(partial(comparison.stop, found.row.id))
        st.button(_("Stop both"), key="compare.stop", icon=":material/stop:", on_click=act)
        return
    if found.a.answer and found.b.answer and not compare_hand_vote.hidden(found):
        st.toggle(_("Mark the words that differ"), key=WORDS)
    compare_hand_export.menu(found)


@spoken
def _sides(comparison_id: str, named: compare_side.Names, running: bool) -> None:
    found = comparison.comparison(comparison_id)
    if running and not comparison.under_way(found):
        st.rerun()
    order, hidden = compare_hand_vote.order(found), compare_hand_vote.hidden(found)
    words = not (running or hidden) and bool(st.session_state.get(WORDS))
    if words and found.a.answer and found.b.answer:
        texts = (found.a.answer.message.text, found.b.answer.message.text)
        st.caption(compare_words.told(*texts))
    key = f"compare.sides.{comparison_id}"
    data = compare_side.data(found, named, order, hidden=hidden, words=words)
    heard = components.sides(key=key, data=data, on=_looks())
    if not running:
        _opened(heard, {"left": found.side(order[0]), "right": found.side(order[1])})


def _looks() -> dict[str, Callable[[], None]]:
    return dict.fromkeys(("cite", "source", "how"), notices.acting(lambda: None))


def _opened(heard: Any, shown: dict[str, comparison.Shown]) -> None:
    """Open the passage behind what was pressed, or how an answer came about."""
    for kind in ("cite", "source"):
        pressed = getattr(heard, kind)
        told = shown[pressed["side"]].answer if pressed else None
        if told:
            answer.opened(told, **({"cite": None, "source": None} | {kind: pressed["n"]}))
    if heard.how:
        places.go("traces", answer=shown[heard.how].answer_id)
