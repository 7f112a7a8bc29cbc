"""What of a queue goes into files: items with their texts, passages and judgements, page by page.

Always holds: however many items there are, a few hundred are held at a time; removed items and
those whose conversation was deleted stay out, and so do judgements that were undone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core import db
from core.annotation.queues import found_queue, newest_guideline
from core.db.tables import Conversation, Item, Judgement, Message, Passage, Person

AT_ONCE = 500


@dataclass(frozen=True)
class Exported:
    """An item as it leaves: ``judged`` are the judgements that stand with the name of each person
    ("" where they are gone), a lead's among them."""

    item: Item
    question: str
    answer: str
    passages: list[Passage]
    judged: list[tuple[Judgement, str]]


def rubric(queue_id: str) -> list[dict[str, Any]]:
    """The criteria of a queue; NotFound for an unknown one."""
    with db.session() as session:
        found_queue(session, queue_id)
        return list(newest_guideline(session, queue_id).rubric)


def pages(queue_id: str) -> Iterator[list[Exported]]:
    """The items of a queue in the order they came, AT_ONCE at a time."""
    with db.session() as session:
        of_queue = select(Item.number).where(Item.queue_id == queue_id, Item.state != "removed")
        numbers = list(session.scalars(of_queue.order_by(Item.number)))
    for start in range(0, len(numbers), AT_ONCE):
        with db.session() as session:
            page = _page(session, numbers[start : start + AT_ONCE])
        yield page


def _page(session: Session, wanted: list[int]) -> list[Exported]:
    asked = aliased(Message)
    rows = session.execute(
        select(Item, func.coalesce(asked.text, ""), Message.text)
        .join(Message, Message.id == Item.message_id)
        .join(Conversation, Conversation.id == Item.conversation_id)
        .outerjoin(asked, asked.id == Message.parent_id)
        .where(Item.number.in_(wanted), Conversation.removed_at.is_(None))
        .order_by(Item.number)
    ).all()
    numbers = [row.number for row, *_texts in rows]
    judged: dict[int, list[tuple[Judgement, str]]] = {number: [] for number in numbers}
    for judgement, name in session.execute(_judgements(numbers)).all():
        judged[judgement.item_number].append((judgement, name))
    passages: dict[str, list[Passage]] = {row.message_id: [] for row, *_texts in rows}
    for passage in session.scalars(_passages(list(passages))):
        passages[passage.message_id].append(passage)
    return [
        Exported(row, question, answer, passages[row.message_id], judged[row.number])
        for row, question, answer in rows
    ]


def _judgements(numbers: list[int]) -> Any:
    return (
        select(Judgement, func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == Judgement.person_id)
        .where(Judgement.item_number.in_(numbers), Judgement.withdrawn_at.is_(None))
        .order_by(Judgement.created_at, Judgement.id)
    )


def _passages(message_ids: list[str]) -> Any:
    return select(Passage).where(Passage.message_id.in_(message_ids)).order_by(Passage.rank)
