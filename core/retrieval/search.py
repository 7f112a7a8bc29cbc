"""Searching: from a question to the passages that may answer it.

In: a question, the assistant it is put to, how many passages. Out: passages, best first. The best
one's score says how much of what the question asks for stands together in one place (0 to 1), the
others' are in proportion. What always holds: only the assistant's own live documents are looked at, and
what any process had added before the call is found.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, select

from core import clock, db
from core.access import there
from core.db.tables import Chunk, Document
from core.retrieval import index, lifting, meaning, ranking, weights
from core.retrieval import scope as scopes
from core.retrieval.meaning import Meaning
from core.retrieval.question import Asked, understand

WORDS, VECTORS = 40, 20  # candidates of each kind; a right passage below is not lifted any more
DENSE = 40  # of an outside embedder's vectors, which know what the words do not
LONGEST = 20_000  # characters of a question that are looked for; what is asked has 4,000 at most


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
    """Passages, best first; the query as it was searched; the time it took in seconds.

    ``meaning`` is empty where the vectors took part as they should, else the sentence why only the
    words were searched. ``remembered``: ids of the approved answers that lifted a passage.
    """

    passages: list[Found]
    query: str
    seconds: float
    meaning: str = ""
    remembered: tuple[str, ...] = ()


class Ranked(NamedTuple):
    """All that a search finds out on its way; whoever explains it reads it here.

    By the numbers of chunks: ``parts``, ``cosines`` and ``scores`` of all candidates, ``fresh``
    (what age leaves of each; empty where it is not asked for), ``lifts`` (of those that were
    approved for a question like it; then all scores were multiplied by ``lift_scale``). ``best``
    are the chosen ones.
    """

    asked: Asked
    meaning: Meaning
    chunks: int
    candidates: list[ranking.Candidate]
    parts: ranking.Parts
    cosines: dict[int, float]
    share: float
    sure: float
    fresh: Mapping[int, float]
    lifts: Mapping[int, lifting.Lift]
    lift_scale: float
    scores: dict[int, float]
    best: list[int]


@there
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
    "half_life_days": days after which what a document says counts half, never if left out,
    "memory_lift": whether what reviewers approved for a question like it is lifted (yes)}.
    """
    began, question = clock.seconds(), question[:LONGEST]
    found = ranked(question, assistant_id, k, settings or {}, at or scopes.today(), documents)
    passages = list(chosen(found).values())
    lifted = (found.lifts[n].approved_id for n in found.best if n in found.lifts)
    return SearchResult(
        passages,
        question,
        clock.seconds() - began,
        found.meaning.why,
        tuple(dict.fromkeys(lifted)) if found.lifts else (),
    )


def ranked(
    question: str,
    assistant_id: str,
    k: int,
    settings: Mapping[str, Any],
    day: date,
    documents: Collection[str] | None,
) -> Ranked:
    """Look for the question's words and what is near to it, and rank what is found."""
    scope = scopes.of(assistant_id, day, documents)
    lifts = lifting.lifts(scope, question, settings)
    found = index.current()
    found.catch_up(index.PATIENCE)
    near = meaning.of(question, found.embedder)
    with found.reading():
        if near.embedder != found.embedder:  # another one has come to serve in this very moment
            near = meaning.of(question, found.embedder)
        asked, chunks, candidates, parts, cosines = _looked_up(found, question, near, scope, lifts)
    share = weights.share(assistant_id, near.embedder, settings)
    fused, fresh = ranking.fused(ranking.lexical(parts), cosines, share), dict[int, float]()
    if (half_life := settings.get("half_life_days")) is not None:
        fresh = scopes.freshness(fused, float(half_life), day)
        fused = ranking.aged(fused, fresh)
    lift_scale = 1.0
    if lifts := {number: lift for number, lift in lifts.items() if number in fused}:
        fused, lift_scale = ranking.lifted(fused, {n: one.added for n, one in lifts.items()})
    sure = ranking.confidence(candidates, asked.terms, asked.weights)
    scores = {number: sure * score for number, score in fused.items()}
    best = sorted(fused, key=lambda number: (-fused[number], number))[:k]
    how = (share, sure, fresh, lifts, lift_scale, scores, best)
    return Ranked(asked, near, chunks, candidates, parts, cosines, *how)


def _looked_up(
    found: index.Index, text: str, near: Meaning, scope: scopes.Scope, more: Iterable[int]
) -> tuple[Asked, int, list[ranking.Candidate], ranking.Parts, dict[int, float]]:
    """The question as understood, how many chunks are in sight, and the candidates (``more`` among
    them) with the parts of their lexical scores and their cosines."""
    chunks, length = found.length(scope)
    asked = understand(text, found.words, scope, chunks)
    numbers = {number for number, _ in found.words.search(asked.terms, scope, WORDS)}
    if near.vector is not None:
        most = VECTORS if near.embedder.is_embedded else DENSE
        numbers |= {number for number, _ in found.nearest(near.vector, scope, most)}
    numbers.update(more)
    candidates = found.words.stored(sorted(numbers))
    average = length / chunks if chunks else 0.0
    parts = ranking.parts(candidates, asked.terms, asked.weights, average)
    cosines = {} if near.vector is None else found.cosines(near.vector, list(parts.words))
    positive = {number: max(cosine, 0.0) for number, cosine in cosines.items()}
    return asked, chunks, candidates, parts, positive


def chosen(found: Ranked) -> dict[int, Found]:
    """The best chunks by number, best first, but for those that were removed meanwhile."""
    rows = {row.number: row for row in db.rows(_CHOSEN, numbers=found.best)}
    lexical = ranking.scaled(ranking.lexical(found.parts))
    return {
        n: _found(rows[n], found.scores[n], lexical.get(n, 0.0), found.cosines.get(n, 0.0))
        for n in found.best
        if n in rows
    }


_CHOSEN = (
    select(
        Chunk.number,
        Chunk.id.label("chunk_id"),
        Chunk.document_id,
        Document.name.label("document_name"),
        *(Document.version, Chunk.heading, Chunk.text, Chunk.page, Chunk.start, Chunk.end),
    )
    .join(Document, Document.id == Chunk.document_id)
    .where(Chunk.number.in_(bindparam("numbers", expanding=True)), Document.removed_at.is_(None))
)


def _found(row: Row[Any], score: float, lexical: float, vector: float) -> Found:
    return Found(
        chunk_id=row.chunk_id,
        document_id=row.document_id,
        document_name=row.document_name,
        version=row.version,
        heading=row.heading,
        text=row.text,
        page=row.page,
        start=row.start,
        end=row.end,
        score=round(score, 4),
        lexical=round(lexical, 4),
        vector=round(vector, 4),
    )
