"""An answer given before, given again: at once, with its passages and citations, and marked as such.

In: the work of an answer. Out: the same text in the run, and rows copied from the answer before,
which ``cached_from`` names. Always holds: what is given again cost nothing and counts as no attempt
at a model; where the answer before has just gone, the models are asked after all.
"""

import asyncio
from typing import Any, cast

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.orm import Session

from core import db
from core.chat import attempts, cache, following, storing
from core.chat.draft import Draft, Rows, Work
from core.db.tables import Citation, Message, Passage

SAME = (
    "text outcome search_query reasoning groundedness sentences quoted removed_citations version_id"
    " provider model_name as_of"
).split()
# plain statements, built once: an answer given again shall cost next to nothing
_MESSAGES, _PASSAGES, _CITATIONS = (
    cast(Any, table.__table__) for table in (Message, Passage, Citation)
)
_BEFORE = select(_MESSAGES).where(_MESSAGES.c.id == bindparam("before"))
_ITS_PASSAGES, _ITS_CITATIONS = (
    select(rows).where(rows.c.message_id == bindparam("before")) for rows in (_PASSAGES, _CITATIONS)
)
_ADD_PASSAGES, _ADD_CITATIONS = insert(_PASSAGES), insert(_CITATIONS)
_END = update(_MESSAGES).where(
    _MESSAGES.c.id == bindparam("answer"), _MESSAGES.c.state == "running"
)


async def answer(work: Work, turn: cache.Turn) -> None:
    """Give the answer given before, else let the models answer, whoever else asks the same waiting."""
    draft = work.draft
    draft.key = await asyncio.to_thread(_key, work)
    if not draft.key or work.options.fresh:
        return await attempts.answer(work)
    await turn.take(draft.key)
    with work.trace.span("cache", "cache") as span:
        before = await asyncio.to_thread(_before, draft.key)
        span.attributes["ciclo.cache.hit"] = before is not None
    if before is None:
        return await attempts.answer(work)
    draft.given_before = before.id
    work.run.emit("status", "cached")
    draft.first_token()
    work.run.emit("text", before.text)


def store(work: Work) -> None:
    """Store the end of an answer: a copy of the one before, or what the models said, to be kept."""
    draft = work.draft
    if draft.given_before and not draft.outcome:
        _copy(draft)
        return
    storing.finish(work)
    cache.keep(draft.key, draft.answer_id, work.talk.assistant_id)


def _key(work: Work) -> str:
    draft, asked = work.draft, work.asked
    if work.talk.removed_at or not cache.spares(draft.route):  # a check's is given to nobody
        return ""
    draft.history = following.history(asked) if asked.parent_id else []
    return cache.key(asked.text, draft.history, work.talk.assistant_id, draft.route, work.options)


def _before(key: str) -> Row[Any] | None:
    found = cache.find(key)
    return next(iter(db.rows(_BEFORE, before=found)), None) if found else None


def _copy(draft: Draft) -> None:
    with db.writing() as session:
        before = session.execute(_BEFORE, {"before": draft.given_before}).first()
        ended = end(session, draft, _facts(draft, before))
        if before is not None and ended:
            add(session, *copies(session, before.id, draft))
            storing.store_trace(session, draft)


def _facts(draft: Draft, before: Row[Any] | None) -> dict[str, Any]:
    same = {name: getattr(before, name) for name in SAME} if before else {"text": draft.text}
    return {
        "outcome": "answered",
        **same,
        "routing_reason": draft.route.reason,
        "cached": True,
        "cached_from": before.id if before else None,
        "finish_reason": "cached",
    }


def copies(session: Session, before_id: str, draft: Draft) -> tuple[Rows, Rows]:
    """The passages and citations of an answer as rows of another one."""
    passages = _rows(session, _ITS_PASSAGES, before_id)
    citations = _rows(session, _ITS_CITATIONS, before_id)
    ids = {row["id"]: db.new_id() for row in passages}
    ours = {"message_id": draft.answer_id}
    for row in citations:
        row |= ours | {"id": db.new_id(), "passage_id": ids[row["passage_id"]]}
    for row in passages:
        row |= ours | {"id": ids[row["id"]], "created_at": draft.created_at}
    return passages, citations


def add(session: Session, passages: Rows, citations: Rows) -> None:
    """Store them."""
    for into, rows in ((_ADD_PASSAGES, passages), (_ADD_CITATIONS, citations)):
        if rows:
            session.execute(into, rows)


def end(session: Session, draft: Draft, facts: dict[str, Any]) -> bool:
    """End an answer that is given again; whether it was still there to be ended."""
    again = {
        "first_token_seconds": draft.first_token_seconds,
        "total_seconds": draft.elapsed(),
        "cost": 0.0,
        "attempts": 0,
        "state": "done",
        "lease_until": None,
    }
    values = again | facts
    ended: Any = session.execute(_END, {"answer": draft.answer_id} | values)
    draft.stored = values if ended.rowcount else {}
    return bool(ended.rowcount)


def _rows(session: Session, wanted: Any, before_id: str) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(wanted, {"before": before_id}).mappings()]
