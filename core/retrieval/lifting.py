"""Lifting: passages that reviewers approved for a question like the one asked.

In: an assistant, a question, what the search may see. Out: a ``Lift`` for each chunk to be lifted.
Always holds: a chunk is lifted only if it is, letter by letter, the one that was approved, in the
same document, live and in force on the day; an empty memory costs one look at a number.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from core import db
from core.db.tables import ApprovedAnswer, Chunk, Document
from core.retrieval import likeness, ranking
from core.retrieval.memory import DEFAULTS, LIFT
from core.retrieval.scope import Scope

FREEZE = "memory_freeze"


class Lift(NamedTuple):
    """A chunk was approved for a question so much like it (0 to 1), in which approved answer."""

    likeness: float
    approved_id: str
    question: str

    @property
    def added(self) -> float:
        """What its score gains."""
        return ranking.lift(self.likeness)


def lifts(scope: Scope, question: str, settings: Mapping[str, Any]) -> dict[int, Lift]:
    """By the number of its chunk; nothing where the settings switch it off."""
    if not settings.get(LIFT, DEFAULTS[LIFT]):
        return {}
    matches = likeness.like(scope.assistant_id, question, until=settings.get(FREEZE))
    return _lifts(scope, matches) if matches else {}


def _lifts(scope: Scope, matches: Sequence[likeness.Match]) -> dict[int, Lift]:
    rows = {row.id: row for row in db.rows(_APPROVED, ids=[one.approved_id for one in matches])}
    wanted: dict[tuple[str, str], Lift] = {}
    for one in matches:
        row = rows[one.approved_id]
        for passage in row.passages:
            place = (passage["document_id"], passage["digest"])
            wanted.setdefault(place, Lift(one.likeness, row.id, row.question))
    digests = sorted({digest for _, digest in wanted})
    return {
        chunk.number: wanted[chunk.document_id, chunk.digest]
        for chunk in db.rows(_CHUNKS, digests=digests, assistant=scope.assistant_id)
        if (chunk.document_id, chunk.digest) in wanted and scope.sees(chunk.document_id)
    }


_APPROVED = select(ApprovedAnswer.id, ApprovedAnswer.question, ApprovedAnswer.passages).where(
    ApprovedAnswer.id.in_(bindparam("ids", expanding=True))
)
_CHUNKS = (
    select(Chunk.number, Chunk.document_id, Chunk.digest)
    .join(Document, Document.id == Chunk.document_id)
    .where(
        Chunk.digest.in_(bindparam("digests", expanding=True)),
        Chunk.assistant_id == bindparam("assistant"),
        Document.removed_at.is_(None),
    )
)
