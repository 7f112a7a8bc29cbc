"""A claim as data for the review desk: one JSON, from which the element draws everything.

In: a ``Claim``, and what is known around it. Out: plain data. Always holds: all HTML in it is built
by ``safe`` from escaped text; in a blind queue no model, nobody's judgement and no open suggestion
is in it.
"""

import re
from typing import Any

from core import access, annotation, i18n, retrieval
from core.annotation import suggesting
from core.annotation.suggesting import Suggestion
from core.db.tables import Citation, Judgement, Passage
from core.errors import NotFound
from core.i18n import _
from core.text import is_heading, plain
from pages.ui import passage, reasons, review_opinion, review_talk, review_words, safe

SNIPPET = 240
STRONG = 4  # what somebody said weighs as much (core.annotation.rules)
SAYS = re.compile(r"\w")  # a line of a table's rule says nothing


def data(claim: annotation.Claim, suggestion: dict[str, Any]) -> dict[str, Any]:
    """Everything the desk shows of a claim."""
    item, queue = claim.item, claim.queue
    asked = review_talk.asked(claim.conversation, claim.answer.message.id)
    return {
        "key": claim.claim_token + item.id,
        "language": i18n.language(),
        "item": item.id,
        "token": claim.claim_token,
        "number": item.number,
        "path": f"/annotation?queue={queue.id}&item={item.id}",
        "announce": _("Next item: {question}").format(question=asked[:200]),
        "reasons": [_reason(one) for one in claim.reasons],
        "flags": [_("sample data")] if claim.answer.conversation.is_sample else [],
        "turns": review_talk.turns(claim),
        "cites": [mark.passage_id for mark in claim.answer.citations],
        "passages": [_passage(one, claim) for one in _ordered(claim)],
        "original": claim.answer.message.text,
        "criteria": review_words.criteria(claim.guideline.rubric),
        "stars": review_words.stars(),
        "failures": review_words.failures(),
        "problems": review_words.problems(),
        "verdicts": review_words.verdicts(),
        "marks": review_words.marks(),
        "keys": review_words.keys(),
        "ways": review_words.ways(),
        "draft": claim.draft,
        "documents": names(claim.draft.get("missing", [])),
        "suggestion": suggestion,
        "guideline": _guideline(claim),
        "others": [_judged(one) for one in claim.others],
        "lease": queue.lease_seconds,
        "words": {**review_words.desk(), "until": until(claim)},
        "empty": None,
        "focus": True,
    }


def suggested(claim: annotation.Claim, record: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """What the checks and the judge model suggest for a claim, closed at first in a blind queue."""
    opinion = annotation.opinion(claim)
    told: Suggestion = suggesting.suggest(
        claim.answer, claim.reasons, claim.guideline.rubric, opinion
    )
    fill = {
        "verdict": told.verdict,
        "failure_type": told.failure_type,
        "scores": dict(told.scores),
    }
    return {
        "text": review_words.suggested(told),
        "fill": fill,
        "checks": [
            {"said": review_words.checked(one), "good": one.good, "name": one.name}
            for one in told.checks
        ],
        "confidence": review_words.confidence(record.get(told.verdict), told.verdict),
        "judge": review_opinion.data(told.opinion),
        "open": not claim.queue.blind,
    }


def until(claim: annotation.Claim) -> str:
    """How long the item is theirs."""
    minutes = max(1, round(claim.queue.lease_seconds / 60))
    return _("Saved. Yours for {n} min after your last key.").format(n=minutes)


def names(ids: list[str]) -> dict[str, str]:
    """What documents are called, by id."""
    return {one.id: one.name for one in retrieval.documents_of(ids)} if ids else {}


def hits(assistant_id: str, query: str, n: int) -> dict[str, Any]:
    """What a search for a missing document found, each document once."""
    found = retrieval.search(query[:400], assistant_id=assistant_id, k=8).passages
    first = {one.document_id: one for one in reversed(found)}
    rows = [one for one in found if first[one.document_id] is one]
    said = i18n.ngettext("{n} document found", "{n} documents found", len(rows))
    return {
        "n": n,
        "hits": [
            {
                "id": one.document_id,
                "name": one.document_name,
                "place": one.heading.rsplit(">", 1)[-1].strip(),
                "text": _flat(one.text)[:SNIPPET],
            }
            for one in rows
        ],
        "none": _("No document says anything of it: then it is missing altogether; note it."),
        "said": said.format(n=len(rows)),
    }


def _ordered(claim: annotation.Claim) -> list[Passage]:
    """The cited ones first, in the order of their numbers, then the others by rank."""
    number = {mark.passage_id: mark.number for mark in reversed(claim.answer.citations)}
    return sorted(claim.passages, key=lambda one: (number.get(one.id, 1000), one.rank))


def _passage(one: Passage, claim: annotation.Claim) -> dict[str, Any]:
    cited = [mark for mark in claim.answer.citations if mark.passage_id == one.id]
    spans = {(mark.start, mark.end) for mark in cited}
    marks = [
        safe.Mark("hit", start - one.start, end - one.start)
        for start, end in sorted(spans)
        if one.start <= start < end <= one.start + len(one.text)
    ]
    at, to = min(spans, default=(one.start, one.end))
    path = f"/documents?document={one.document_id}&at={at}&to={to}" if one.document_id else ""
    return {
        "id": one.id,
        "number": f"[{cited[0].number}]" if cited else "",
        "name": one.document_name,
        "place": passage.place(one, cited[0].page if cited else None),
        "quote": _quote(one, cited),
        "html": passage.text_html(one.document_name, one.text, marks),
        "path": path,
        "cited": bool(cited),
    }


def _quote(one: Passage, cited: list[Citation]) -> str:
    words = list(dict.fromkeys(_flat(mark.quote) for mark in cited))
    said = " … ".join(words) or _flat(one.text)
    return said if len(said) <= SNIPPET else said[:SNIPPET].rstrip() + "…"


def _flat(text: str) -> str:
    """A passage on one line, without headings (they stand beside it) and Markdown signs."""
    lines = [line for line in text.splitlines() if not is_heading(line) and SAYS.search(line)]
    return " ".join(plain(line).strip() for line in lines)


def _guideline(claim: annotation.Claim) -> dict[str, Any]:
    row = claim.guideline
    said = _("Version {n}, {day}").format(n=row.number, day=i18n.day(row.created_at))
    usual = _("Nobody has written guidelines for this queue yet. Only the verdict is needed.")
    return {
        "queue": claim.queue.id,
        "version": str(row.number),
        "html": safe.html(row.text or usual),
        "said": said,
        "empty": not row.text,
    }


def _judged(one: Judgement) -> dict[str, Any]:
    try:
        who = access.called(access.known(one.person_id or ""))
    except NotFound:
        who = _("somebody who is gone")
    return {
        "said": f"{who}: {review_words.verdict(one.verdict)}",
        "texts": [text for text in (one.correction, one.note) if text],
    }


def _reason(one: dict[str, Any]) -> dict[str, Any]:
    """A reason of selection in words; a heavy one stands out."""
    strong = float(one.get("weight", 0)) >= STRONG
    return {
        "said": reasons.reason_in_words(one),
        "help": reasons.weight_in_words(one),
        "strong": strong,
    }
