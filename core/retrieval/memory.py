"""The memory of approved questions: what reviewers approved or corrected, kept for the next time.

In: judgements, as they are stored or undone. Out: rows of ``ApprovedAnswer``. Always holds: what a
judgement teaches is stored in its own transaction, and one row can be taken back by itself.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.db.tables import ApprovedAnswer, Chunk, Conversation, Judgement, Message, Passage

TEACHES = ("approved", "corrected")


def learn(session: Session, judgement: Judgement) -> None:
    """Keep the question with its approved or corrected answer; a rejection teaches nothing."""
    if judgement.verdict not in TEACHES or judgement.withdrawn_at:
        return
    answer = session.get_one(Message, judgement.message_id)
    question = session.get(Message, answer.parent_id or "")
    if question is None or _known(session, judgement.id):
        return
    session.add(
        ApprovedAnswer(
            assistant_id=session.get_one(Conversation, answer.conversation_id).assistant_id,
            judgement_id=judgement.id,
            message_id=answer.id,
            question=question.text,
            answer=judgement.correction or answer.text,
            corrected=judgement.verdict == "corrected",
            passages=_passages(session, judgement),
        )
    )
    session.flush()


def forget(session: Session, judgement_id: str) -> None:
    """Retire what a judgement taught: it was undone, or decided otherwise."""
    session.execute(
        update(ApprovedAnswer)
        .where(ApprovedAnswer.judgement_id == judgement_id, ApprovedAnswer.retired_at.is_(None))
        .values(retired_at=clock.now(), retired_why="undone")
    )


def _known(session: Session, judgement_id: str) -> bool:
    query = select(ApprovedAnswer.id).where(ApprovedAnswer.judgement_id == judgement_id)
    return session.scalar(query) is not None


def _passages(session: Session, judgement: Judgement) -> list[dict[str, str | None]]:
    """What the answer rests on: its passages but for those marked wrong or outdated."""
    marked = {id_ for id_, mark in judgement.passages.items() if mark != "right"}
    rows = session.execute(
        select(Passage.id, Passage.document_id, Chunk.digest, Passage.text)
        .outerjoin(Chunk, Chunk.id == Passage.chunk_id)
        .where(Passage.message_id == judgement.message_id)
        .order_by(Passage.rank)
    )
    return [
        {"document_id": document, "digest": digest, "text": text}
        for id_, document, digest, text in rows
        if id_ not in marked
    ]
