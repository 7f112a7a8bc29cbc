"""What the index takes in: stems and vectors of documents, read from the database.

In: ids of documents, and who makes the vectors. Out: ``Prepared``, or vectors alone. What always
holds: it is a function of what the database holds; a chunk whose vector has not been made yet is
prepared all the same, to be found by its words.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Row, select

from core import db
from core.db.tables import Chunk, Document
from core.retrieval import embedding
from core.retrieval.embedders import Identity, cache
from core.retrieval.lexical import Entry
from core.text import language_of, stems

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


class Owned(NamedTuple):
    """A document in the index: whose it is, its chunks' numbers, its stems in all, and those of
    the numbers that have no vector (yet)."""

    assistant_id: str
    numbers: list[int]
    length: int
    bare: list[int]


class Prepared(NamedTuple):
    """Documents ready to go in; ``gone`` holds all ids that must leave first."""

    gone: list[str]
    owned: dict[str, Owned]
    entries: list[Entry]
    vectors: "dict[int, Array]"


def prepared(document_ids: Sequence[str], embedder: Identity) -> Prepared:
    """Stems and vectors of the documents that are there still; the slow part of a change."""
    rows = _rows(document_ids)
    spoken = [_language(row) for row in rows]
    entries = [_entry(*one) for one in zip(rows, spoken, strict=True)]
    vectors = _hashed(rows, spoken) if embedder.is_embedded else _made(rows, embedder)
    return Prepared(list(document_ids), _owned(entries, vectors), entries, vectors)


def vectors_of(document_ids: Sequence[str], embedder: Identity) -> "dict[int, Array]":
    """The vectors of the documents' chunks by number, but for those that are not made yet."""
    rows = _rows(document_ids)
    if embedder.is_embedded:
        return _hashed(rows, [_language(row) for row in rows])
    return _made(rows, embedder)


def _rows(document_ids: Sequence[str]) -> Sequence[Row[Any]]:
    query = (
        select(Chunk.number, Chunk.document_id, Chunk.assistant_id, Chunk.heading, Chunk.text)
        .add_columns(Chunk.digest, Document.language)
        .join(Document, Document.id == Chunk.document_id)
        .where(Chunk.document_id.in_(document_ids), Document.removed_at.is_(None))
        .order_by(Chunk.number)
    )
    with db.session() as session:
        return session.execute(query).all()


def _entry(row: Row[Any], spoken: str) -> Entry:
    heading, body = stems(row.heading, spoken), stems(row.text, spoken)
    return Entry(row.number, row.document_id, row.assistant_id, heading, body)


def _hashed(rows: Sequence[Row[Any]], spoken: Sequence[str]) -> "dict[int, Array]":
    return {
        row.number: embedding.vector(f"{row.heading}\n{row.text}", language)
        for row, language in zip(rows, spoken, strict=True)
    }


def _made(rows: Sequence[Row[Any]], embedder: Identity) -> "dict[int, Array]":
    made = cache.vectors(embedder.id, [row.digest for row in rows])
    return {row.number: made[row.digest] for row in rows if row.digest in made}


def _language(row: Row[Any]) -> str:
    return language_of(row.text) or row.language


def _owned(entries: Iterable[Entry], vectors: Mapping[int, Any]) -> dict[str, Owned]:
    found: dict[str, Owned] = {}
    for entry in entries:
        before = found.get(entry.document_id, Owned(entry.assistant_id, [], 0, []))
        length = before.length + len(entry.heading) + len(entry.body)
        bare = before.bare if entry.number in vectors else [*before.bare, entry.number]
        found[entry.document_id] = before._replace(
            numbers=[*before.numbers, entry.number], length=length, bare=bare
        )
    return found
