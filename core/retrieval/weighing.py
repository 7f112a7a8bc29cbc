"""Measuring how much the words should weigh, on questions whose right passage is known.

In: pairs of a question and the chunks that answered it, by people's word. Out: rows of
``fusion_weights``. What always holds: only passages that are still there count; a question counts
once; sample data counts only for the sample it belongs to; every weight is tried on one and the
same look-up, ranked as a search ranks. Beware: askers rated what the weight of the day had put on
top, so the measure favours it a little.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from core import clock, db
from core.db.tables import (
    Assistant,
    Chunk,
    Citation,
    Conversation,
    Document,
    Feedback,
    FusionWeight,
    Message,
    Passage,
)
from core.retrieval import ranking, weights
from core.retrieval import scope as scopes
from core.retrieval.embedders import Identity, choice
from core.retrieval.search import ranked
from core.text import fold

log = logging.getLogger("ciclo.weights")
MOST = 500  # the newest pairs: 3 seconds of searching


class Pair(NamedTuple):
    """A question, and the numbers of the chunks that answer it."""

    question: str
    right: frozenset[int]


def weigh_anew() -> int:
    """Measure for every assistant whose pairs are not those measured last; how many were."""
    embedder, done = choice.serving(), 0
    with db.session() as session:
        live = select(Assistant.id).where(Assistant.removed_at.is_(None))
        assistants = list(session.scalars(live))
    for assistant_id in assistants:
        found = pairs(assistant_id)
        if len(found) != _measured(assistant_id, embedder):
            done += weigh(assistant_id, embedder, found)
    return done


def weigh(assistant_id: str, embedder: Identity, found: list[Pair]) -> bool:
    """Measure on the pairs and keep the weight; False where they cannot be searched by vectors."""
    if len(found) < weights.LEAST:
        _forget(assistant_id, embedder)
        return False
    mrr = measured(assistant_id, embedder, found)
    if mrr is None:
        return False
    best = weights.chosen(mrr, embedder.lexical_share, len(found))
    row = FusionWeight(assistant_id=assistant_id, embedder=embedder.key, lexical=best)
    row.pairs, row.measured_at = len(found), clock.now()
    row.mrr, row.mrr_default = mrr[best], mrr[embedder.lexical_share]
    with db.writing() as session:
        session.merge(row)
    weights.forget()
    return True


def measured(
    assistant_id: str, embedder: Identity, found: Iterable[Pair]
) -> dict[float, float] | None:
    """The mean reciprocal rank of the right passages with each weight of the grid."""
    told = []
    for pair in found:
        looked_up = ranked(pair.question, assistant_id, 1, {}, scopes.today(), None)
        if looked_up.meaning.vector is None or looked_up.meaning.embedder != embedder:
            return None
        lexical = ranking.lexical(looked_up.parts)
        told.append(
            {w: reciprocal_rank(lexical, looked_up.cosines, w, pair.right) for w in weights.GRID}
        )
    return {w: round(sum(one[w] for one in told) / len(told), 6) for w in weights.GRID}


def reciprocal_rank(
    lexical: Mapping[int, float], vector: Mapping[int, float], share: float, right: frozenset[int]
) -> float:
    """1 divided by the rank of the first right one; 0 where none is among the candidates."""
    fused = ranking.fused(lexical, vector, share)
    order = sorted(fused, key=lambda number: (-fused[number], number))
    return next((1 / rank for rank, number in enumerate(order, 1) if number in right), 0.0)


def pairs(assistant_id: str) -> list[Pair]:
    """The approved pairs of an assistant, newest first, MOST at most."""
    found: dict[str, set[int]] = {}
    texts: dict[str, str] = {}
    for source in SOURCES:
        for question, number in source(assistant_id):
            key = " ".join(fold(question).split())
            texts.setdefault(key, question)
            found.setdefault(key, set()).add(number)
    return [Pair(texts[key], frozenset(right)) for key, right in list(found.items())[:MOST]]


def _rated_up(assistant_id: str) -> list[tuple[str, int]]:
    """Questions whose answer somebody liked and nobody disliked, and the chunks it cites."""
    asked = aliased(Message)
    words = func.coalesce(func.nullif(Message.search_query, ""), asked.text)
    disliked = aliased(Feedback)
    against = exists().where(
        disliked.message_id == Message.id,
        disliked.rating == "down",
        disliked.withdrawn_at.is_(None),
    )
    query = (
        select(words, Chunk.number)
        .select_from(Feedback)
        .join(Message, Message.id == Feedback.message_id)
        .join(asked, asked.id == Message.parent_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Assistant, Assistant.id == Conversation.assistant_id)
        .join(Citation, Citation.message_id == Message.id)
        .join(Passage, Passage.id == Citation.passage_id)
        .join(Chunk, Chunk.id == Passage.chunk_id)
        .join(Document, Document.id == Chunk.document_id)
        .where(Feedback.rating == "up", Feedback.withdrawn_at.is_(None), ~against)
        .where(Conversation.assistant_id == assistant_id, Chunk.assistant_id == assistant_id)
        .where(Conversation.removed_at.is_(None), Document.removed_at.is_(None))
        .where(or_(Conversation.is_sample.is_(False), Assistant.sample != ""))
        .order_by(Feedback.created_at.desc(), Feedback.id)
    )
    with db.session() as session:
        return [(question, number) for question, number in session.execute(query)]


# each gives (question, number of a chunk that answers it), newest first
SOURCES: tuple[Callable[[str], list[tuple[str, int]]], ...] = (_rated_up,)


def _measured(assistant_id: str, embedder: Identity) -> int:
    """On how many pairs was measured last; 0: never."""
    with db.session() as session:
        row = session.get(FusionWeight, (assistant_id, embedder.key))
        return row.pairs if row else 0


def _forget(assistant_id: str, embedder: Identity) -> None:
    with db.writing() as session:
        row = session.get(FusionWeight, (assistant_id, embedder.key))
        if row is not None:
            session.delete(row)
    weights.forget()
