"""One turn of a conversation on the screen: the question, the answer, and what one does with it.

Takes a stored ``chat.Answer`` (running or done), shows it as one element with one key, so that it
stays in place from the first word to the last. Each turn is a fragment: a thumb reruns the turn
alone. Who answered, how long it took and how far it is grounded stands in one quiet line.
"""

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from core import chat, clock, i18n
from core.db.tables import Citation, Passage
from core.i18n import _, ngettext
from pages.ui import arriving, comment, components, models, notices, passage, safe
from pages.ui.language import spoken

LOOK_EVERY = 0.12  # seconds between two looks at an answer that arrives; reads as a stream
SNIPPET = 180


def show(answer: chat.Answer) -> None:
    """Show a turn; while its answer runs, look again and again, and let go at its end."""
    running = answer.message.state == "running"
    st.fragment(_turn, run_every=LOOK_EVERY if running else None)(answer.message.id, running)


@spoken
def _turn(answer_id: str, running: bool) -> None:
    answer = chat.answer(answer_id)
    if running and answer.message.state == "done":
        st.rerun()
    key = f"chat.turn.{answer_id}"
    heard = components.turn(key=key, data=data(answer), on=_acts(key, answer_id))
    if not running:
        comment.panel(answer)
        _opened(heard, answer)


def data(answer: chat.Answer) -> dict[str, Any]:
    """What the element shows of an answer; every text in it that others wrote is escaped."""
    message = answer.message
    running = message.state == "running"
    return {
        "question": answer.question.text,
        "outcome": message.outcome or "",
        "running": running,
        **(_arriving(message.id) if running else _stored(answer)),
        "siblings": _siblings(answer),
        "rating": answer.feedback.rating if answer.feedback else None,
        "rated": message.outcome != "error",
        "words": _words(),
    }


def _arriving(answer_id: str) -> dict[str, Any]:
    now = arriving.arrival(answer_id)
    return {
        "html": safe.arriving(now.text),
        "reasoning": escape(now.reasoning),
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
        "thinking": _("Thinking"),
        "loading": _("The model is loading"),
        "writing": _("Reading what was found"),
        "fallback": _("The model does not answer; Ciclo’s own engine does"),
    }.get(now.stage, _("Searching the documents"))
    return said if now.begun + 3 > clock.seconds() else f"{said} · {waited}"


def _stored(answer: chat.Answer) -> dict[str, Any]:
    message = answer.message
    marks = [*_cites(answer), *_weak(answer)]
    return {
        "html": safe.html(message.text, marks),
        "reasoning": escape(message.reasoning),
        "status": "",
        "note": escape(_note(answer)),
        "sources": _sources(answer),
        "facts": _facts(answer),
        "copy": _copy(answer),
    }


def _cites(answer: chat.Answer) -> list[safe.Mark]:
    names = {p.id: _name(p) for p in answer.passages}
    return [
        safe.Mark(
            "cite",
            cited.answer_start,
            cited.answer_end,
            cited.number,
            _("Source {n}: {name}").format(n=cited.number, name=names[cited.passage_id]),
        )
        for cited in answer.citations
    ]


def _weak(answer: chat.Answer) -> list[safe.Mark]:
    said = _("The documents do not support this sentence")
    return [
        safe.Mark("weak", start, end, label=said)
        for start, end, supported, *_why in answer.message.sentences
        if not supported
    ]


def _note(answer: chat.Answer) -> str:
    message = answer.message
    if message.outcome == "cut_off" and message.finish_reason == "stopped":
        return _("You stopped this answer. What had come is kept.")
    if message.outcome == "cut_off":
        return message.error or _("The answer broke off. What had come is kept.")
    return message.error if message.outcome == "error" else ""


def cited(answer: chat.Answer) -> list[tuple[Citation, Passage]]:
    """Each cited number once, with its passage, in the order of the numbers."""
    passages = {p.id: p for p in answer.passages}
    first: dict[int, Citation] = {}
    for mark in answer.citations:
        first.setdefault(mark.number, mark)
    return [(first[n], passages[first[n].passage_id]) for n in sorted(first)]


def _sources(answer: chat.Answer) -> list[dict[str, Any]]:
    if answer.message.outcome == "related":
        return [_source(p.rank, p, p.text) for p in answer.passages[:4]]
    return [_source(mark.number, p) for mark, p in cited(answer)]


def _source(number: int, found: Passage, text: str = "") -> dict[str, Any]:
    flat = " ".join(text.split())
    return {
        "number": number,
        "name": escape(found.document_name),
        "place": escape(passage.place(found)),
        "snippet": escape(flat if len(flat) <= SNIPPET else flat[:SNIPPET].rstrip() + "…"),
    }


def _name(found: Passage) -> str:
    return ", ".join(part for part in (found.document_name, passage.place(found)) if part)


def _facts(answer: chat.Answer) -> list[dict[str, str]]:
    message = answer.message
    facts = [(models.title(message.provider, message.model_name), models.job(message.provider))]
    if message.routing_reason.startswith("fallback"):
        facts.append((_("fallback model"), message.error))
    if message.total_seconds is not None:
        facts.append((i18n.seconds(message.total_seconds), _times(answer)))
    facts += _grounding(answer)
    if message.cached:
        facts.append((_("cached answer"), _("The same question was answered before.")))
    return [{"said": escape(said), "help": escape(explained)} for said, explained in facts if said]


def _times(answer: chat.Answer) -> str:
    message = answer.message
    parts = {
        _("search"): message.search_seconds,
        _("first word"): message.first_token_seconds,
        _("whole answer"): message.total_seconds,
    }
    known = [f"{name}: {i18n.seconds(t)}" for name, t in parts.items() if t is not None]
    return " · ".join(known)


def _grounding(answer: chat.Answer) -> list[tuple[str, str]]:
    message = answer.message
    if message.outcome != "answered":
        return []
    if message.quoted:
        return [(_("quoted"), _("Word for word from the documents."))]
    if message.groundedness is None:
        return []
    n, supported = len(message.sentences), sum(bool(s[2]) for s in message.sentences)
    said = ngettext("{k} of {n} sentence supported", "{k} of {n} sentences supported", n)
    why = _("How many sentences of the answer the documents support.")
    return [(said.format(k=supported, n=n), why)]


def _copy(answer: chat.Answer) -> str:
    lines = [f"[{mark.number}] {_name(found)}" for mark, found in cited(answer)]
    return "\n\n".join(part for part in (answer.message.text, "\n".join(lines)) if part)


def _siblings(answer: chat.Answer) -> dict[str, Any] | None:
    ids = answer.siblings
    if len(ids) < 2:
        return None
    i = ids.index(answer.message.id)
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
        "before": _("Previous answer to this question"),
        "after": _("Next answer to this question"),
        "stop": _("Stop"),
        "sources": _("Sources"),
        "reasoning": _("How the model thought"),
    }


def _acts(key: str, answer_id: str) -> dict[str, Callable[[], None]]:
    def pressed(trigger: str) -> Any:
        return components.pressed(key, trigger)

    def rate() -> None:
        comment.rate(answer_id, pressed("rate"))

    def again() -> None:
        chat.again(answer_id, models.options())
        st.rerun()

    def sibling() -> None:
        chat.show_branch(pressed("sibling"))
        st.rerun()

    acts = {"rate": rate, "again": again, "sibling": sibling, "stop": lambda: chat.stop(answer_id)}
    looks = {"cite": lambda: None, "source": lambda: None}
    return {name: notices.acting(act) for name, act in (acts | looks).items()}


def _opened(heard: Any, answer: chat.Answer) -> None:
    """Open the passage behind what was pressed, with the words that are cited there."""
    if heard.cite is not None:
        mark = answer.citations[int(heard.cite)]
        found = next(p for p in answer.passages if p.id == mark.passage_id)
        spans = [(mark.start, mark.end)]
    elif heard.source is not None and answer.message.outcome == "related":
        found, spans = answer.passages[int(heard.source)], []
    elif heard.source is not None:
        _mark, found = cited(answer)[int(heard.source)]
        spans = [(c.start, c.end) for c in answer.citations if c.passage_id == found.id]
    else:
        return
    passage.drawer(found, spans, answer.conversation.id)
