"""What an assistant's searches rest on, as one short text: equal texts, equal answers.

In: an assistant. Out: a text that changes when a document of anybody's is added, changed or removed,
when one begins or ceases to hold, when another embedder or weight serves, and when its memory of
approved questions changes. Always holds:
nothing of a document can be read in it.
"""

import hashlib

from sqlalchemy import bindparam, exists, func, or_, select

from core import db
from core.db.tables import Assistant, Document, Embedder, FusionWeight, IndexChange
from core.retrieval import scope


def state(assistant_id: str) -> str:
    """The state of the documents as searches of this assistant see them now."""
    ((*facts, are_dated),) = db.rows(_FACTS, assistant=assistant_id)
    dated = db.rows(_DATED, assistant=assistant_id) if are_dated else []
    today = [str(scope.today())] if dated else []
    text = "|".join([*map(str, facts), *map(str, dated), *today])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


_OF_A_TIME = (
    Document.assistant_id == bindparam("assistant"),
    or_(Document.valid_from.is_not(None), Document.valid_to.is_not(None)),
)
_FACTS = select(
    select(func.max(IndexChange.number)).scalar_subquery(),
    select(Embedder.id).where(Embedder.state == "serving").limit(1).scalar_subquery(),
    select(func.max(FusionWeight.measured_at)).scalar_subquery(),
    select(Assistant.memory_revision)
    .where(Assistant.id == bindparam("assistant"))
    .scalar_subquery(),
    exists().where(*_OF_A_TIME),
)
_DATED = (
    select(Document.id, Document.valid_from, Document.valid_to)
    .where(*_OF_A_TIME)
    .order_by(Document.id)
)
