"""What is told of a stored answer: its text with marks, its sources, its facts in one quiet line.

Takes a ``chat.Answer`` that is done, gives plain data for the ``turn`` element; every text in it
that others wrote is escaped.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from core import assistants, chat, i18n
from core.db.tables import Citation, Passage
from core.errors import NotFound
from core.i18n import _, ngettext
from core.text import is_heading, plain
from pages.ui import breaks, models, modes, passage, safe, thoughts

SNIPPET = 180
SAYS = re.compile(r"\w")  # a line of a table's rule says nothing


def told(answer: chat.Answer, more: Sequence[safe.Mark] = ()) -> dict[str, Any]:
    """Everything the element shows of an answer that has ended; ``more`` are marks beside its own."""
    message = answer.message
    marks = [*_cites(answer), *_weak(answer), *more]
    return {
        "html": breaks.of(message, marks),
        "reasoning": escape(thoughts.shown(message.reasoning, message.conversation_id)),
        "status": "",
        "note": escape(_note(answer)),
        "sources": _sources(answer),
        "facts": _facts(answer),
        "copy": _copy(answer),
    }


def _cites(answer: chat.Answer) -> list[safe.Mark]:
    passages = {p.id: p for p in answer.passages}
    return [
        safe.Mark(
            "cite",
            cited.answer_start,
            cited.answer_end,
            cited.number,
            _("Source {n}: {name}").format(
                n=cited.number, name=_name(passages[cited.passage_id], cited.page)
            ),
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
    said = f"{message.error} {chat.way_out(message)}".strip()
    if message.outcome == "cut_off":
        return said or _("The answer broke off. What had come is kept.")
    return said if message.outcome == "error" else ""


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
    return [_source(mark.number, p, page=mark.page) for mark, p in cited(answer)]


def _source(number: int, found: Passage, text: str = "", page: int | None = None) -> dict[str, Any]:
    flat = _read_aloud(text)
    return {
        "number": number,
        "name": escape(found.document_name),
        "place": escape(passage.place(found, page)),
        "snippet": escape(flat if len(flat) <= SNIPPET else flat[:SNIPPET].rstrip() + "…"),
    }


def _read_aloud(text: str) -> str:
    """A passage on one line, without its headings (they stand beside it) and Markdown signs."""
    lines = (line for line in text.splitlines() if not is_heading(line) and SAYS.search(line))
    return " ".join(plain(line) for line in lines)


def _name(found: Passage, page: int | None = None) -> str:
    return ", ".join(part for part in (found.document_name, passage.place(found, page)) if part)


def _facts(answer: chat.Answer) -> list[dict[str, str]]:
    message = answer.message
    facts = [_who(answer)]
    if message.as_of:
        said = _("as of {day}").format(day=i18n.day(message.as_of))
        facts.append((said, _("What the documents in force on that day say.")))
    if message.mode:
        facts.append((_way(answer), _("The way of answering that was chosen.")))
    if message.routing_reason.startswith("fallback"):
        facts.append((_("fallback model"), breaks.why(message)))
    if message.total_seconds is not None:
        facts.append((i18n.seconds(message.total_seconds), _times(answer)))
    facts += _grounding(answer)
    if message.cached:
        facts.append((_("cached answer"), _("The same question was answered before.")))
    return [{"said": escape(said), "help": escape(explained)} for said, explained in facts if said]


def _who(answer: chat.Answer) -> tuple[str, str]:
    """Who answered: a model, or the person whose approved answer was given again."""
    message, known = answer.message, answer.approved
    if known is None:
        return models.title(message.provider, message.model_name), models.job(message.provider)
    explained = _("A reviewer approved this answer to the same question; no model was asked.")
    return chat.who_approved(known), explained


def _way(answer: chat.Answer) -> str:
    try:
        assistant = assistants.get(answer.conversation.assistant_id)
    except NotFound:  # removed since; its conversations stay
        assistant = None
    return modes.titled(assistant, answer.message)


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
    lines = [f"[{mark.number}] {_name(found, mark.page)}" for mark, found in cited(answer)]
    return "\n\n".join(part for part in (answer.message.text, "\n".join(lines)) if part)
