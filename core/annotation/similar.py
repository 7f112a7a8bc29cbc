"""Items like this one: asked in like words, or answered from the same documents.

In: an item. Out: others of its queue, the likest first. Looked at are the newest that share a
document with it and the newest of all, NEAR of each, so that it is quick in a queue of any size. Likeness is
the cosine of the questions' vectors by the embedded embedder, which needs nobody and no index; it
knows words and their endings, not their meaning.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core import access, audit, db
from core.annotation.items import found_item
from core.annotation.showing import masked
from core.db.tables import Conversation, Item, Message, Passage
from core.privacy import KINDS
from core.retrieval import embedding

NEAR = 500  # items looked at for each of the two ways; 0.1 s for both
SHARED = 0.2  # what the same documents add to the likeness of the words
LIKE = 0.3  # below it two questions have hardly a word in common


@dataclass(frozen=True)
class Similar:
    """``words``: how like the questions are (0 to 1); ``documents``: how many both answers rest on."""

    item: Item
    question: str
    words: float
    documents: int


@access.allowed("review")
def similar(item_id: str, k: int = 5) -> list[Similar]:
    """Up to ``k`` items of the same queue like this one; whoever may not see personal data gets the
    questions masked."""
    with db.session() as session:
        row = found_item(session, item_id)
        asked = session.scalar(_question(row)) or ""
        shared = _sharing(session, row)
        found = _candidates(session, row, list(shared))
    own = embedding.vector(asked)
    ranked = [
        Similar(
            other, question, max(0.0, float(own @ embedding.vector(question))), shared.get(n, 0)
        )
        for n, (other, question) in found.items()
    ]
    like = [one for one in ranked if one.words >= LIKE or one.documents]
    like.sort(key=lambda one: (-one.words - (SHARED if one.documents else 0), -one.item.number))
    if like and access.may("see_personal_data"):
        audit.looked("queue", row.queue_id)
    return [_shown(one) for one in like[:k]]


def _shown(one: Similar) -> Similar:
    if access.may("see_personal_data"):
        return one
    return Similar(one.item, masked(one.question, KINDS), one.words, one.documents)


def _question(row: Item) -> Any:
    asked = aliased(Message)
    joined = select(asked.text).join(Message, Message.parent_id == asked.id)
    return joined.where(Message.id == row.message_id)


def _sharing(session: Session, row: Item) -> dict[int, int]:
    """{item: documents it shares with this one}, the newest."""
    documents = (
        select(Passage.document_id)
        .where(Passage.message_id == row.message_id, Passage.document_id.is_not(None))
        .distinct()
    )
    query = (
        select(Item.number, func.count(Passage.document_id.distinct()))
        .join(Passage, Passage.message_id == Item.message_id)
        .where(Passage.document_id.in_(documents), *_others(row))
        .group_by(Item.number)
        .order_by(Item.number.desc())
        .limit(NEAR)
    )
    rows: Any = session.execute(query).all()
    return dict(tuple(found) for found in rows)


def _candidates(session: Session, row: Item, sharing: list[int]) -> dict[int, tuple[Item, str]]:
    asked = aliased(Message)
    newest = select(Item.number).where(*_others(row)).order_by(Item.number.desc()).limit(NEAR)
    numbers = {*sharing, *session.scalars(newest)}
    rows = session.execute(
        select(Item, asked.text)
        .join(Message, Message.id == Item.message_id)
        .join(asked, asked.id == Message.parent_id)
        .join(Conversation, Conversation.id == Item.conversation_id)
        .where(Item.number.in_(numbers), Conversation.removed_at.is_(None))
    )
    return {other.number: (other, question) for other, question in rows.all()}


def _others(row: Item) -> tuple[Any, ...]:
    return Item.queue_id == row.queue_id, Item.number != row.number, Item.state != "removed"
