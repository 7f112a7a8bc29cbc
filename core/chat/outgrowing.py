"""Approved answers that are needed no more, because the champion answers their questions well.

In: nothing; it runs in the background. Out: how many were taken out of serving. "Well" means: after
the approval the version that is champion now answered the very same question itself (not from the
memory, not from the cache, whole), and reviewers who judged that answer all approved it as it is,
or nobody judged it and askers rated it up and nobody down. Where a version serves the memory, such
answers come from "ask again", from before it was switched on, and from other ways of asking.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from core import db, registry
from core.chat.types import FINISH
from core.db.tables import ApprovedAnswer, Assistant, Conversation, Feedback, Judgement, Message
from core.retrieval import approved, likeness


def retire_outgrown() -> int:
    """Look through every assistant whose champion serves approved answers."""
    with db.session() as session:
        living = Assistant.removed_at.is_(None) & (Assistant.memory_revision > 0)
        ids = list(session.scalars(select(Assistant.id).where(living)))
    return sum(_outgrown(id_) for id_ in ids if registry.memory_uses(id_).serve)


def _outgrown(assistant_id: str) -> int:
    champion = registry.route(assistant_id).version.id
    with db.session() as session:
        serving = list(session.scalars(_serving(assistant_id)))
        if not serving:
            return 0
        since = min(row.created_at for row in serving)
        found = session.execute(_praised(assistant_id, champion, since)).all()
        bad = set(session.scalars(_blamed([answer.id for answer, _question in found])))
    latest: dict[str, Any] = defaultdict(lambda: since)
    for answer, question in found:
        if answer.id not in bad:
            words = likeness.normal(question)
            latest[words] = max(latest[words], answer.created_at)
    ids = [row.id for row in serving if latest[likeness.normal(row.question)] > row.created_at]
    with db.writing() as session:
        for id_ in ids:
            approved.outgrown(session, session.get_one(ApprovedAnswer, id_))
    return len(ids)


def _serving(assistant_id: str) -> Any:
    return select(ApprovedAnswer).where(
        ApprovedAnswer.assistant_id == assistant_id,
        ApprovedAnswer.retired_at.is_(None),
        ApprovedAnswer.unserved_why == "",
        ApprovedAnswer.retired_why != approved.KEPT,
    )


def _praised(assistant_id: str, version_id: str, since: Any) -> Any:
    """The version's own answers since then that somebody approved or rated up, with what was asked."""
    question = aliased(Message)
    rated = select(Feedback.message_id).where(
        Feedback.rating == "up", Feedback.withdrawn_at.is_(None)
    )
    judged = select(Judgement.message_id).where(
        Judgement.verdict == "approved", Judgement.withdrawn_at.is_(None)
    )
    return (
        select(Message, question.text)
        .join(question, question.id == Message.parent_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.assistant_id == assistant_id,
            Conversation.removed_at.is_(None),
            Message.version_id == version_id,
            Message.created_at > since,
            Message.outcome == "answered",
            Message.cached.is_(False),
            Message.finish_reason != FINISH,
            ~Message.routing_reason.startswith("fallback"),
            question.parent_id.is_(None),
            Message.id.in_(rated) | Message.id.in_(judged),
        )
    )


def _blamed(message_ids: list[str]) -> Any:
    """Of these, those that a reviewer did not approve as they are, or, unjudged, were rated down."""
    judged = select(Judgement.message_id).where(Judgement.withdrawn_at.is_(None))
    rejected = judged.where(Judgement.verdict != "approved")
    down = select(Feedback.message_id).where(
        Feedback.rating == "down", Feedback.withdrawn_at.is_(None)
    )
    blamed = Message.id.in_(rejected) | (Message.id.in_(down) & Message.id.not_in(judged))
    return select(Message.id).where(Message.id.in_(message_ids), blamed)
