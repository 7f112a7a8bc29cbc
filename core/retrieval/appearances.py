"""The answers in which a document appeared, to be looked up where they were given.

In: a document. Out: ``Appearance`` rows, newest first. What always holds: conversations that were
removed are left out; an answer is told once, however many passages or marks it has.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, String, cast, or_, select
from sqlalchemy import func as sql
from sqlalchemy.orm import aliased

from core import audit, db
from core.access import allowed, there
from core.db.tables import Citation, Conversation, Feedback, Message, Passage
from core.retrieval.usage import ABOUT_SOURCES, Usage, of


@dataclass(frozen=True)
class Appearance:
    """An answer that was given a passage of the document: the question it answers, whether it
    cites the document, and whether somebody called it wrong for what it says or cites."""

    message_id: str
    conversation_id: str
    question: str
    cited: bool
    wrong: bool
    at: datetime


@there
def use_of(document_id: str) -> Usage:
    """In how many answers this one document was."""
    with db.session() as session:
        return of(session, [document_id])[document_id]


@allowed("read")
def appearances(document_id: str, *, limit: int = 50) -> list[Appearance]:
    """The last answers that were given a passage of the document."""
    question = aliased(Message)
    recent = (
        select(Passage.message_id, sql.max(Passage.created_at).label("at"))
        .where(Passage.document_id == document_id)
        .group_by(Passage.message_id)
        .subquery()
    )
    query = (
        select(Message.id, Message.conversation_id, question.text, recent.c.at)
        .join(recent, recent.c.message_id == Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(question, question.id == Message.parent_id)
        .where(Conversation.removed_at.is_(None))
        .order_by(recent.c.at.desc(), Message.id)
        .limit(limit)
    )
    with db.session() as session:
        rows = session.execute(query).all()
        citing = (
            Citation.document_id == document_id,
            Citation.message_id.in_([r[0] for r in rows]),
        )
        cited = set(session.scalars(select(Citation.message_id).where(*citing)))
        wrong = set(session.scalars(_blamed().where(*citing)))
    if rows:
        audit.looked("uses", document_id)
    return [
        Appearance(id_, talk, text or "", id_ in cited, id_ in wrong, at)
        for id_, talk, text, at in rows
    ]


def _blamed() -> Select[str]:
    """Answers that cite something and were called wrong for what they say or cite."""
    why = or_(*(cast(Feedback.reasons, String).like(f'%"{one}"%') for one in ABOUT_SOURCES))
    down = Feedback.rating == "down", Feedback.withdrawn_at.is_(None)
    joined = select(Citation.message_id).join(Feedback, Feedback.message_id == Citation.message_id)
    return joined.where(*down, why)
