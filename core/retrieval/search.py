"""Searching: from a question to the passages that may answer it.

In: a question, the assistant it is put to, how many passages. Out: passages, best first. The best
one's score says how much of what the question asks for stands together in one place (0 to 1), the
others' are in proportion. What always holds: only the assistant's own live documents are looked at, and
what any process had added before the call is found.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from core import clock, db
from core.db.tables import Chunk, Document
from core.retrieval import embedding, index, ranking
from core.retrieval import scope as scopes
from core.retrieval.question import understand

WORDS, VECTORS = 40, 20  # candidates of each kind; a right passage below is not lifted any more


@dataclass(frozen=True)
class Found:
    """A chunk as retrieved. ``start``, ``end``: offsets in the text of that version of the document.
    Scores 0 to 1."""

    chunk_id: str
    document_id: str
    document_name: str
    version: int
    heading: str
    text: str
    page: int | None
    start: int
    end: int
    score: float
    lexical: float
    vector: float


@dataclass(frozen=True)
class SearchResult:
    """Passages, best first; the query as it was searched; the time it took in seconds."""

    passages: list[Found]
    query: str
    seconds: float


def search(
    question: str,
    *,
    assistant_id: str,
    k: int = 6,
    settings: Mapping[str, Any] | None = None,
    at: date | None = None,
    documents: Collection[str] | None = None,
) -> SearchResult:
    """The ``k`` passages of an assistant's documents that fit ``question`` best.

    Only documents that hold on the day ``at`` (today) are looked at, and only those of the ids
    ``documents`` if given. ``settings``: {"lexical": share of the words' score, 0 to 1,
    "half_life_days": days after which what a document says counts half, never if left out}.
    """
    began = clock.seconds()
    known = settings or {}
    share, half_life = (
        float(known.get("lexical", embedding.LEXICAL_SHARE)),
        known.get("half_life_days"),
    )
    day = at or scopes.today()
    scope = scopes.of(assistant_id, day, documents)
    found = index.current()
    found.catch_up(index.PATIENCE)
    with found.reading():
        sure, lexical, vector = _looked_up(found, question, scope)
    fused = ranking.fused(lexical, vector, share)
    if half_life is not None:
        fused = ranking.aged(fused, scopes.freshness(fused, float(half_life), day))
    scores = {number: sure * score for number, score in fused.items()}
    best = sorted(scores, key=lambda number: (-scores[number], number))[:k]
    passages = _passages(best, scores, ranking.scaled(lexical), vector)
    return SearchResult(passages, question, clock.seconds() - began)


def _looked_up(
    found: index.Index, text: str, scope: scopes.Scope
) -> tuple[float, dict[int, float], dict[int, float]]:
    """How sure one can be, and the lexical and vector scores of all candidates."""
    chunks, length = found.length(scope)
    asked = understand(text, found.words, scope, chunks)
    near = embedding.vector(text, asked.language)
    numbers = {number for number, _ in found.words.search(asked.terms, scope, WORDS)}
    numbers |= {number for number, _ in found.nearest(near, scope, VECTORS)}
    candidates = found.words.stored(sorted(numbers))
    average = length / chunks if chunks else 0.0
    lexical = ranking.lexical(candidates, asked.terms, asked.weights, average)
    cosines = found.vectors.cosines(near, list(lexical))
    vector = {n: max(cosine, 0.0) for n, cosine in zip(lexical, cosines, strict=True)}
    return ranking.confidence(candidates, asked.terms, asked.weights), lexical, vector


def _passages(
    numbers: Sequence[int],
    scores: Mapping[int, float],
    lexical: Mapping[int, float],
    vector: Mapping[int, float],
) -> list[Found]:
    query = (
        select(Chunk, Document.name, Document.version)
        .join(Document, Document.id == Chunk.document_id)
        .where(Chunk.number.in_(numbers), Document.removed_at.is_(None))
    )
    with db.session() as session:
        rows = {row[0].number: row for row in session.execute(query)}
    return [
        _found(*rows[n], scores[n], lexical.get(n, 0.0), vector.get(n, 0.0))
        for n in numbers
        if n in rows
    ]


def _found(
    chunk: Chunk, name: str, version: int, score: float, lexical: float, vector: float
) -> Found:
    return Found(
        chunk_id=chunk.id,
        document_id=chunk.document_id,
        document_name=name,
        version=version,
        heading=chunk.heading,
        text=chunk.text,
        page=chunk.page,
        start=chunk.start,
        end=chunk.end,
        score=round(score, 4),
        lexical=round(lexical, 4),
        vector=round(vector, 4),
    )
