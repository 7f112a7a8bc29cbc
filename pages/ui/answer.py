"""One turn of a conversation on the screen: the question, the answer, and what one does with it.

Takes a stored ``chat.Answer`` (running or done), shows it as one element with one key, so that it
stays in place from the first word to the last. Each turn is a fragment: a thumb reruns the turn
alone. Who answered, how long it took and how far it is grounded stands in one quiet line.
"""

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from core import chat, clock, feedback, i18n
from core.chat.asking import MAX_QUESTION
from core.i18n import _, ngettext
from core.llm import EMBEDDED
from pages.ui import (
    arriving,
    breaks,
    comment,
    compare_again,
    components,
    facts,
    models,
    notices,
    passage,
    person,
    places,
    ratings_problems,
    thoughts,
)
from pages.ui.language import spoken

LOOK_EVERY = 0.12  # seconds between two looks at an answer that arrives; reads as a stream


def show(answer: chat.Answer) -> None:
    """Show a turn; while its answer runs, look again and again, and let go at its end."""
    running = answer.message.state == "running"
    st.fragment(_turn, run_every=LOOK_EVERY if running else None)(answer.message.id, running)


@spoken
def _turn(answer_id: str, running: bool) -> None:
    answer = chat.answer(answer_id)
    if running and answer.message.state == "done":
        st.rerun()
    key = f"chat.turn.{answer.question.id}"  # another answer to it takes the same place
    heard = components.turn(key=key, data=data(answer), on=_acts(key, answer_id))
    if not running:
        comment.panel(answer)
        ratings_problems.panel(answer)
        compare_again.show(answer)
        opened(answer, heard.cite, heard.source)
        if heard.how:
            places.go("traces", answer=answer_id)


def data(answer: chat.Answer) -> dict[str, Any]:
    """What the element shows of an answer; every text in it that others wrote is escaped."""
    message = answer.message
    running = message.state == "running"
    return {
        "question": answer.question.text,
        "outcome": message.outcome or "",
        "running": running,
        **(arriving_of(message.id, message.conversation_id) if running else facts.told(answer)),
        "siblings": _place(answer.siblings, answer.message.id),
        "wordings": _place(answer.wordings, answer.question.id),
        "most": MAX_QUESTION,
        **_said(message.id),
        "rated": message.outcome != "error",
        "traced": message.version_id is not None,
        "here": message.id == st.query_params.get("answer"),
        "words": _words(),
    }


def _said(answer_id: str) -> dict[str, Any]:
    """What whoever sits here says of it; others' thumbs are theirs."""
    rated = feedback.of(answer_id, person_id=person.present().id)
    return {
        "rating": rated.rating if rated else None,
        "flagged": bool(ratings_problems.mine(answer_id)),
    }


def arriving_of(answer_id: str, conversation_id: str) -> dict[str, Any]:
    """What has come so far of an answer that is being written."""
    now = arriving.arrival(answer_id)
    return {
        "html": breaks.arriving(now.text, now.breaks),
        "reasoning": escape(thoughts.shown(now.reasoning, conversation_id)),
        "status": "" if now.text else escape(_status(now)),
        "note": "",
        "sources": [],
        "facts": [],
        "copy": "",
    }


def _status(now: arriving.Arrival) -> str:
    """What is happening, and for how long when it takes long."""
    waited = i18n.seconds(clock.seconds() - now.begun)
    said = {
        "thinking": _("Thinking") if now.reasoning else _("Waiting for the model"),
        "waiting": _("The model is busy: {place} in line").format(
            place=i18n.ordinal(now.facts.get("place", 1))
        ),
        "loading": _("The model is loading"),
        "writing": _found(now.facts.get("passages", 0)),
        "retrying": _("The model is busy; asking it again"),
        "fallback": _("The model does not answer; {model} does").format(
            model=models.called(now.facts.get("model", EMBEDDED))
        ),
    }.get(now.stage, _("Searching the documents"))
    parts = [said] if now.begun + 3 > clock.seconds() else [said, waited]
    if now.instead and now.stage != "fallback":  # what comes now is not of whom one had asked
        parts.insert(
            0, _("Another model answers: {model}").format(model=models.called(now.instead))
        )
    return " · ".join(parts)


def _found(n: int) -> str:
    return ngettext("Reading {n} passage", "Reading {n} passages", n).format(n=n)


def _place(ids: list[str], id_: str) -> dict[str, Any] | None:
    """Which of several it is, and its neighbours; None for the only one."""
    if len(ids) < 2:
        return None
    i = ids.index(id_)
    return {
        "said": _("{k} of {n}").format(k=i + 1, n=len(ids)),
        "before": ids[i - 1] if i else "",
        "after": ids[i + 1] if i + 1 < len(ids) else "",
    }


def _words() -> dict[str, str]:
    return {
        "copy": _("Copy"),
        "copied": _("Copied"),
        "again": _("Ask again"),
        "up": _("This helped"),
        "down": _("This did not help"),
        "flag": _("Report a problem"),
        "before": _("Previous answer to this question"),
        "after": _("Next answer to this question"),
        "stop": _("Stop"),
        "how": _("How this answer came about"),
        "sources": _("Sources"),
        "reasoning": _("How the model thought"),
        "edit": _("Ask in other words"),
        "question": _("Question"),
        "send": _("Ask"),
        "cancel": _("Cancel"),
        "older": _("Previous wording of this question"),
        "newer": _("Next wording of this question"),
    }


def _acts(key: str, answer_id: str) -> dict[str, Callable[[], None]]:
    def pressed(trigger: str) -> Any:
        return components.pressed(key, trigger)

    def rate() -> None:
        comment.rate(answer_id, pressed("rate"))

    def again() -> None:
        talk = chat.answer(answer_id).conversation
        chat.again(answer_id, models.options(talk))
        models.asked(talk)
        st.rerun()

    def sibling() -> None:
        chat.show_branch(pressed("sibling"))
        st.rerun()

    def edit() -> None:
        asked = chat.answer(answer_id)
        way = {"mode": asked.message.mode, "level": asked.message.level}
        options = models.options(asked.conversation, **way)
        chat.rephrase(asked.question.id, pressed("edit"), options)
        models.asked(asked.conversation)
        st.rerun()

    acts = {
        "flag": lambda: ratings_problems.turn(answer_id),
        "rate": rate,
        "again": again,
        "sibling": sibling,
        "edit": edit,
    }
    acts |= {"stop": lambda: chat.stop(answer_id)}
    looks = dict.fromkeys(("cite", "source", "how"), lambda: None)
    return {name: notices.acting(act) for name, act in (acts | looks).items()}


def opened(answer: chat.Answer, cite: Any, source: Any) -> None:
    """Open the passage behind what was pressed (its place; None for nothing), with the words that are
    cited there."""
    if cite is not None:
        mark = answer.citations[int(cite)]
        found = next(p for p in answer.passages if p.id == mark.passage_id)
        spans = [(mark.start, mark.end)]
    elif source is not None and answer.message.outcome == "related":
        found, spans = answer.passages[int(source)], []
    elif source is not None:
        _mark, found = facts.cited(answer)[int(source)]
        spans = [(c.start, c.end) for c in answer.citations if c.passage_id == found.id]
    else:
        return
    hidden = answer.conversation.removed_at is not None  # then no way leads back into it
    passage.drawer(found, spans, "" if hidden else answer.conversation.id)
