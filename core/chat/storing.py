"""The end of an answer: citations resolved, groundedness measured, everything stored at once.

What takes thought is done before the transaction, so that no other writer waits for it.
"""

import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from core import clock, db, registry, retrieval, tracing
from core.chat import citations, groundedness, prompt
from core.chat.draft import BETWEEN, Draft, Rows, TakeOver, Work
from core.config import settings
from core.db.tables import Citation, Message, Passage, Trace
from core.i18n import _
from core.retrieval import Found, memory

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

# plain statements, built once: a turn shall cost little beside its model
_MESSAGES: Any = Message.__table__
_RUNNING = (_MESSAGES.c.id == bindparam("answer")) & (_MESSAGES.c.state == "running")
_END = update(_MESSAGES).where(_RUNNING)
_ADD_PASSAGES, _ADD_CITATIONS, _ADD_TRACE = (
    insert(cast(Any, table.__table__)) for table in (Passage, Citation, Trace)
)


@dataclass
class Ended:
    """An answer as it will be stored: its final text, with what was found out about it."""

    text: str = ""
    marks: list[citations.Mark] = field(default_factory=list)
    removed: int = 0
    breaks: list[dict[str, Any]] = field(default_factory=list)
    outcome: str = ""
    checked: groundedness.Groundedness = field(default_factory=groundedness.Groundedness)
    pages: list[int | None] = field(default_factory=list)


def finish(work: Work) -> None:
    """Store the end of an answer in one transaction."""
    draft, trace = work.draft, work.trace
    with trace.span("check", "check") as span:
        ended = _looked_over(draft, work.asked.language)
        span.attributes |= {
            "ciclo.outcome": ended.outcome,
            "ciclo.citations": len(ended.marks),
            "ciclo.citations.removed": ended.removed,
            "ciclo.groundedness": ended.checked.share,
        }
    with trace.span("store", "store") as span, db.writing() as session:
        if not _store_message(session, draft, ended):  # removed, or closed as abandoned
            return
        passages = _store_passages(session, draft)
        answered = ended.outcome == "answered"
        cites = _store_citations(session, draft, ended, passages) if answered else []
        draft.kept = passages, cites
        if (
            draft.remembered and not work.talk.removed_at
        ):  # a check's or a trial's counts for nothing
            memory.counted(session, draft.remembered)
        span.seconds = trace.elapsed() - span.start  # the commit is still to come
        store_trace(session, draft)


def give_up(draft: Draft) -> None:
    """Store the bare part: what could not be finished must not look as if it were being written."""
    outcome = "cut_off" if draft.text else "error"
    values = {
        "outcome": outcome,
        "text": draft.text,
        "error_code": "internal",
        "error": _("The answer failed inside Ciclo; the log says why."),
        "state": "done",
        "lease_until": None,
    }
    with db.writing() as session:
        ended: Any = session.execute(_END, {"answer": draft.answer_id} | values)
    if ended.rowcount:  # else its end was stored, and what failed came after it
        draft.stored = values


def attributes(work: Work) -> dict[str, Any]:
    """The answer as attributes of the whole trace; none of its words."""
    draft = work.draft
    return {
        tracing.OPERATION: "invoke_agent",
        tracing.CONVERSATION: work.talk.id,
        tracing.PROVIDER: draft.route.model.provider,
        tracing.MODEL: draft.route.model.name,
        "ciclo.assistant.id": work.talk.assistant_id,
        "ciclo.message.id": draft.answer_id,
        "ciclo.route.reason": draft.route.reason,
        "ciclo.attempts": draft.attempts,
        "error.type": draft.error_code or None,
    }


def _looked_over(draft: Draft, language: str) -> Ended:
    ended = _resolved(draft)
    ended.outcome = _outcome(draft, ended)
    if ended.outcome == "answered":
        passages = draft.passages or []
        ended.pages = [_page(passages[mark.passage_index], mark) for mark in ended.marks]
        if not _quoted(draft):
            texts = [found.text for found in passages]
            broken = [one["at"] for one in ended.breaks]
            ended.checked = groundedness.check(ended.text, texts, language, broken)
    return ended


def _resolved(draft: Draft) -> Ended:
    """The text with its marks, part by part: each engine has its own way of citing."""
    ended = Ended()
    ends = [*(part.at for part in draft.parts[1:]), len(draft.text)]
    for part, end in zip(draft.parts, ends, strict=True):
        said = draft.text[part.at : end].removesuffix(BETWEEN)
        shown = (draft.passages or [])[: part.shown]
        found = citations.resolve(said, shown, quotes=part.end.get("quotes"))
        if part.at:
            ended.text += BETWEEN
        ended.breaks += [_break(one, len(ended.text)) for one in part.taken]
        ended.marks += [_moved(mark, len(ended.text)) for mark in found.citations]
        ended.text += found.text
        ended.removed += found.removed
    return ended


def _moved(mark: citations.Mark, by: int) -> citations.Mark:
    if not by:
        return mark
    at = {"answer_start": mark.answer_start + by, "answer_end": mark.answer_end + by}
    return citations.Mark(**{**mark.__dict__, **at})


def _break(taken: TakeOver, at: int) -> dict[str, Any]:
    return {
        "at": at,
        "before": taken.before.name,
        "reason": taken.before.reason,
        "after": taken.after,
        "code": taken.error.code,
        "message": taken.error.message,
        "hint": taken.error.hint,
    }


def _outcome(draft: Draft, ended: Ended) -> str:
    if draft.outcome:
        return draft.outcome
    if "outcome" in draft.end:  # the embedded engine knows
        told = str(draft.end["outcome"])
        # half an answer and "the documents do not hold one" is what came of it, no finding
        in_pieces = any(one["at"] for one in ended.breaks)
        return told if told == "answered" or not in_pieces else "cut_off"
    if draft.end.get("done_reason") == "length":
        return "cut_off"
    if not ended.text.strip():
        draft.fail("error", "bad_answer", _("The model ended without saying anything."))
        return "error"
    if not ended.marks and prompt.says_not_found(ended.text):
        return "not_found"
    return "answered"


def _quoted(draft: Draft) -> bool:
    """Whether every word comes from the documents: our own engine said them all."""
    return all(part.route.embedded for part in draft.parts)


def _store_message(session: Session, draft: Draft, ended: Ended) -> bool:
    """Whether the answer was still there to be ended."""
    values = _facts(draft) | {
        "answer": draft.answer_id,
        "text": ended.text,
        "outcome": ended.outcome,
        "removed_citations": ended.removed,
        "breaks": ended.breaks,
        "groundedness": ended.checked.share,
        "sentences": [list(sentence) for sentence in ended.checked.sentences],
        "state": "done",
        "lease_until": None,
    }
    done: Any = session.execute(_END, values)
    draft.stored = values if done.rowcount else {}
    return bool(done.rowcount)


def _facts(draft: Draft) -> dict[str, Any]:
    end, route = draft.end, draft.route
    usage = end.get("usage", {})
    spent, made = usage.get("input_tokens"), usage.get("output_tokens")
    return {
        "version_id": route.version.id,
        "provider": route.model.provider,
        "model_name": route.model.name,
        "routing_reason": route.reason,
        "search_query": draft.query,
        "reasoning": draft.reasoning,
        "as_of": draft.as_of,
        "search_seconds": draft.search_seconds,
        "first_token_seconds": draft.first_token_seconds,
        "total_seconds": draft.elapsed(),
        "load_seconds": end.get("load_seconds"),
        "generation_seconds": end.get("generation_seconds"),
        "tokens_in": spent,
        "tokens_out": made,
        "cached_tokens": usage.get("cached_tokens"),
        "cost": registry.cost(route.model, spent, made, usage.get("cached_tokens")),
        "attempts": draft.attempts,
        "finish_reason": str(end.get("done_reason") or draft.error_code),
        "error_code": draft.error_code,
        "error": draft.error,
        "quoted": _quoted(draft),
    }


def _store_passages(session: Session, draft: Draft) -> Rows:
    rows: Rows = [
        {
            "id": db.new_id(),
            "message_id": draft.answer_id,
            "rank": rank,
            "document_id": found.document_id,
            "document_version": found.version,
            "chunk_id": found.chunk_id,
            "document_name": found.document_name,
            "heading": found.heading,
            "text": found.text,
            "page": found.page,
            "start": found.start,
            "end": found.end,
            "score": found.score,
            "lexical": found.lexical,
            "vector": found.vector,
            "created_at": draft.created_at,
        }
        for rank, found in enumerate(draft.passages or [], 1)
    ]
    if rows:
        session.execute(_ADD_PASSAGES, rows)
    return rows


def _page(found: Found, mark: citations.Mark) -> int | None:
    """The page of the cited words: a passage may begin on the page before."""
    if found.page is None:
        return None
    return retrieval.page_of(found.document_id, mark.start, found.version)


def _store_citations(session: Session, draft: Draft, ended: Ended, stored: Rows) -> Rows:
    passages = draft.passages or []
    rows = [
        {
            "id": db.new_id(),
            "message_id": draft.answer_id,
            "passage_id": stored[mark.passage_index]["id"],
            "document_id": passages[mark.passage_index].document_id,
            "number": mark.number,
            "answer_start": mark.answer_start,
            "answer_end": mark.answer_end,
            "start": mark.start,
            "end": mark.end,
            "page": page,
            "quote": mark.quote,
        }
        for mark, page in zip(ended.marks, ended.pages, strict=True)
    ]
    if rows:
        session.execute(_ADD_CITATIONS, rows)
    return rows


def store_trace(session: Session, draft: Draft) -> None:
    """Keep the steps, and the prompt as it was sent, in the caller's transaction."""
    kept = _packed(draft.sent) if draft.sent and settings().trace_days else None
    row = {
        "message_id": draft.answer_id,
        "spans": draft.trace.told(),
        "prompt": kept,
        "dropped": draft.dropped,
        "created_at": clock.now(),
    }
    session.execute(_ADD_TRACE, row)


def _packed(sent: "list[BaseMessage]") -> bytes:
    """The messages as they were sent, as compressed JSON; see ``traces.unpacked``."""
    said = [{"role": message.type, "content": message.content} for message in sent]
    return zlib.compress(json.dumps(said, ensure_ascii=False).encode(), level=1)
