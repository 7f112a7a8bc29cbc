"""An approved answer, given at once to the question it was approved for, where a version serves them.

In: the work of an answer. Out: the approved text in the run, with the passages and citations of the
answer that was approved, and a row that says which one it was. Always holds: it is given only to
the same words, asked in the same way of the same day, outside the drift of a conversation, while
every document it rests on is as it was; once one has changed it is given no more, and says why.
"""

import asyncio
import re
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock, db, retrieval
from core.chat import cache, chain, citations, following, repeating, storing
from core.chat.draft import Rows, Work
from core.chat.types import FINISH, ApprovedBy
from core.db.tables import ApprovedAnswer, Conversation, Message, ServedAnswer
from core.i18n import _, day
from core.retrieval import approved, likeness, memory
from core.text import day_named, fold

# what is true of one day alone: an answer that was right yesterday may be wrong
_OF_TODAY = re.compile(
    r"\b(?:hoje|amanha|ontem|agora|atualmente|neste momento|ainda|ja|semana que vem|mes que vem"
    r"|ano que vem|(?:est|ness|nest|ess)[ea]s? (?:semana|mes|ano|manha|tarde|noite|hora|momento)"
    r"|(?:proxim|passad|ultim)[oa]s?|today|tonight|tomorrow|yesterday|now|currently|right now|still"
    r"|already|this (?:week|month|year|morning|afternoon|evening|moment)|next|last|ago)\b"
)


async def answer(work: Work, turn: cache.Turn) -> None:
    """Give the approved answer; where there is none, that of the cache or of the models."""
    if _may(work):
        with work.trace.span("memory", "memory") as span:
            found = await asyncio.to_thread(_found, work)
            span.attributes["ciclo.memory.hit"] = found is not None
        if found is not None:
            work.draft.approved = found.id
            work.run.emit("status", "approved")
            work.draft.first_token()
            work.run.emit("text", found.answer)
            return
    await repeating.answer(work, turn)


def store(work: Work) -> None:
    """Store the end of an answer: the approved one, or what else was said."""
    if work.draft.approved and not work.draft.outcome:
        with db.writing() as session:
            _store(session, work)
    else:
        repeating.store(work)


def who_approved(known: ApprovedBy) -> str:
    """Who approved an answer that was given again, and when, in words."""
    on = day(known.at)
    if not known.name:
        return _("approved on {day}").format(day=on)
    if known.corrected:
        return _("corrected and approved by {name} on {day}").format(name=known.name, day=on)
    return _("approved by {name} on {day}").format(name=known.name, day=on)


def is_of_today(question: str) -> bool:
    """Whether a question means the day on which it is asked, so that its answer ages overnight."""
    return bool(_OF_TODAY.search(fold(question)))


def _may(work: Work) -> bool:
    """Whether the version serves approved answers, and the asker wants no other."""
    options = work.options
    wants = options.fresh or options.model or options.version_id or options.stop
    settings = work.draft.route.version.retrieval
    on = settings.get(memory.SERVE, memory.DEFAULTS[memory.SERVE])
    if options.alone:  # a trial shows what the version would do
        return bool(on and not options.parameters())
    return bool(on and not wants and not options.parameters() and not work.talk.removed_at)


def _found(work: Work) -> ApprovedAnswer | None:
    asked = work.asked
    if is_of_today(asked.text):
        return None
    said = following.history(asked) if asked.parent_id else []
    if following.leans(asked.text, said):
        return None
    freeze = work.draft.route.version.memory_freeze
    ids = likeness.same(work.talk.assistant_id, asked.text, freeze)
    return _standing(work, ids) if ids else None


def _standing(work: Work, ids: list[str]) -> ApprovedAnswer | None:
    """The best of those that still hold: a correction before an approval, the newest first."""
    meant = chain.Question(work.asked.text, work.asked.text, work.talk.assistant_id)
    on = chain.day_meant(meant)
    found = (
        select(ApprovedAnswer, Message, Conversation)
        .join(Message, Message.id == ApprovedAnswer.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(ApprovedAnswer.id.in_(ids), Conversation.removed_at.is_(None))
        .order_by(ApprovedAnswer.corrected.desc(), ApprovedAnswer.created_at.desc())
    )
    with db.session() as session:
        rows = session.execute(found).all()
    way = (work.options.mode, work.options.level)
    for row, source, _talk in rows:
        same_way = (source.mode, source.level) == way and source.as_of == on
        if same_way and _same_day(work.asked, source) and approved.holds(row, on):
            work.draft.as_of = on
            return row
    return None


def _same_day(asked: Message, source: Message) -> bool:
    """Whether the day that the question names is the one it named when it was approved."""
    then = source.created_at.astimezone().date()
    return day_named(asked.text, retrieval.today()) == day_named(asked.text, then)


def _store(session: Session, work: Work) -> None:
    draft = work.draft
    row = session.get_one(ApprovedAnswer, draft.approved)
    passages, cites = repeating.copies(session, row.message_id or "", draft)
    text = row.answer
    if row.corrected:
        text, cites = _cited_anew(text, passages, draft.answer_id)
    facts: dict[str, Any] = {"text": text, "outcome": "answered", "finish_reason": FINISH}
    facts |= {"search_query": row.question, "as_of": draft.as_of}
    if repeating.end(session, draft, facts):
        repeating.add(session, passages, cites)
        session.add(ServedAnswer(message_id=draft.answer_id, approved_id=row.id))
        if not work.options.alone:
            count = update(ApprovedAnswer).where(ApprovedAnswer.id == row.id)
            session.execute(count.values(served=ApprovedAnswer.served + 1, served_at=clock.now()))
        storing.store_trace(session, draft)


def _cited_anew(text: str, passages: Rows, answer_id: str) -> tuple[str, list[dict[str, Any]]]:
    """A correction's own marks, resolved against the passages of the answer it corrects."""
    found = citations.resolve(text, [_Cited(row["text"], row["start"]) for row in passages])
    return found.text, [
        {
            "id": db.new_id(),
            "message_id": answer_id,
            "passage_id": passages[mark.passage_index]["id"],
            "document_id": passages[mark.passage_index]["document_id"],
            "number": mark.number,
            "answer_start": mark.answer_start,
            "answer_end": mark.answer_end,
            "start": mark.start,
            "end": mark.end,
            "page": passages[mark.passage_index]["page"],
            "quote": mark.quote,
        }
        for mark in found.citations
    ]


class _Cited(NamedTuple):
    text: str
    start: int
