"""A claim with all that a reviewer needs to see: the conversation, the answer in focus, passages.

Out of a seat that is held comes the ``Claim``. Always holds: in a blind queue no model and no
judgement of another is in it; personal data is masked for those who may not see it.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access, chat, db
from core.annotation import drafts
from core.annotation.queues import newest_guideline
from core.annotation.tokens import Token, digest
from core.annotation.types import Claim
from core.chat.types import Answer, Turn
from core.db.tables import Conversation, Item, Judgement, Message, Queue, Seat
from core.errors import NotFound


def claim(seat: Seat) -> Claim | None:
    """The claim that a held seat stands for; None where its conversation or answer is gone."""
    with db.session() as session:
        row = session.get(Item, seat.item_number)
        if row is None or not there(session, row):
            return None
        queue = session.get_one(Queue, row.queue_id)
        guideline = newest_guideline(session, queue.id)
        draft = drafts.of(session, row.number, seat.person_id or "")
        others = [] if queue.blind else _others(session, row, seat.person_id)
    try:
        with access.as_person(None):  # a claim is leave enough to read its conversation
            turns = chat.path(row.conversation_id, row.message_id)
    except NotFound:  # deleted since we looked
        return None
    answer = next((t.answer for t in turns if t.message.id == row.message_id), None)
    if answer is None or seat.expires_at is None:
        return None
    if queue.blind:
        _hide_models(turns)
    token = Token(seat.id, seat.token, digest(answer.message.text))
    return Claim(
        item=row,
        seat_id=seat.id,
        token=seat.token,
        claim_token=str(token),
        expires_at=seat.expires_at,
        conversation=turns,
        answer=answer,
        passages=answer.passages,
        reasons=row.reasons,
        draft=draft,
        guideline=guideline,
        queue=queue,
        others=others,
    )


def there(session: Session, row: Item) -> bool:
    """Whether the item's conversation and answer are still there for anybody."""
    query = (
        select(Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.id == row.message_id, Conversation.removed_at.is_(None))
    )
    return session.scalar(query) is not None


def _others(session: Session, row: Item, person_id: str | None) -> list[Judgement]:
    query = select(Judgement).where(
        Judgement.item_number == row.number,
        Judgement.withdrawn_at.is_(None),
        Judgement.person_id.is_distinct_from(person_id),
    )
    return list(session.scalars(query.order_by(Judgement.created_at)))


def _hide_models(turns: list[Turn]) -> None:
    """Take out of the rows (which are no longer tied to the database) who wrote the answers."""
    for answer in [turn.answer for turn in turns if turn.answer]:
        _hide_model(answer)


def _hide_model(answer: Answer) -> None:
    message = answer.message
    message.provider = message.model_name = message.routing_reason = ""
    message.version_id, message.cost, message.breaks = None, None, []
