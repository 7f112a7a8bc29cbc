"""The vectors that outside embedders have made, kept in the database by what they were made from.

In: digests of chunks. Out: their vectors. What always holds: a text is embedded once, however
often it is removed, brought back, moved or said by several documents; an index built anew takes
its vectors from here. They are kept in float16: half of float32, and thirty times finer than the
one byte a dimension that an index searches with, so that an index with finer steps needs no model.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from core import clock, db
from core.db.tables import Chunk, Document, Embedder, Embedding, IndexChange

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

KIND = "<f2"  # float16, the low byte first
AT_ONCE = 500  # digests looked up in one query
UNDO = timedelta(days=1)  # as long as a removed document may come back, so do its vectors


class Lacking(NamedTuple):
    """A chunk without a vector."""

    number: int
    digest: str
    heading: str
    text: str

    @property
    def told(self) -> str:
        """What is embedded, but for the embedder's own prefix."""
        return f"{self.heading}\n{self.text}".strip()


def vectors(embedder_id: str, digests: Collection[str]) -> "dict[str, Array]":
    """The vectors (float16) there are; those of texts that the embedder has none for are left out."""
    import numpy as np

    found: dict[str, Array] = {}
    wanted = list(dict.fromkeys(digests))
    with db.session() as session:
        for at in range(0, len(wanted), AT_ONCE):
            query = select(Embedding.digest, Embedding.vector).where(
                Embedding.embedder_id == embedder_id,
                Embedding.digest.in_(wanted[at : at + AT_ONCE]),
            )
            for digest, kept in session.execute(query):
                if kept:
                    found[digest] = np.frombuffer(kept, dtype=KIND)
    return found


def keep(session: Session, embedder_id: str, made: "Mapping[str, Array | None]") -> None:
    """Keep vectors by digest; None: the embedder gives none for that text. Twice is harmless."""
    held = set(session.scalars(_held(embedder_id, made)))
    for digest, vector in made.items():
        if digest not in held:
            kept = b"" if vector is None else vector.astype(KIND).tobytes()
            session.add(Embedding(embedder_id=embedder_id, digest=digest, vector=kept))
    session.flush()


def lacking(embedder_id: str, after: int, limit: int, since: int = 0) -> list[Lacking]:
    """Live chunks without a vector, by number, from ``after``; with ``since`` only those of
    documents that the index has heard of after that change."""
    query = (
        select(Chunk.number, Chunk.digest, Chunk.heading, Chunk.text)
        .where(_live(), ~_embedded(embedder_id), Chunk.number > after)
        .order_by(Chunk.number)
        .limit(limit)
    )
    if since:
        changed = select(IndexChange.document_id).where(IndexChange.number > since)
        query = query.where(Chunk.document_id.in_(changed))
    with db.session() as session:
        return [Lacking(*row) for row in session.execute(query)]


def lacks_any(session: Session, embedder_id: str) -> bool:
    """Whether a live chunk has no vector."""
    query = select(exists(select(Chunk.number).where(_live(), ~_embedded(embedder_id))))
    return bool(session.scalar(query))


def chunks() -> int:
    """How many live chunks there are."""
    with db.session() as session:
        return session.scalar(select(func.count()).select_from(Chunk).where(_live())) or 0


def counts(embedder_id: str) -> tuple[int, int]:
    """(live chunks with a vector, all live chunks)."""
    of = chunks()
    query = select(func.count()).select_from(Chunk).where(_live(), ~_embedded(embedder_id))
    with db.session() as session:
        return of - (session.scalar(query) or 0), of


def completed(session: Session, embedder_id: str, digests: Iterable[str]) -> list[str]:
    """Live documents that hold one of these and of which every chunk has a vector now."""
    other = Chunk.__table__.alias("other")
    made = exists().where(Embedding.embedder_id == embedder_id, Embedding.digest == other.c.digest)
    open_ones = exists().where(other.c.document_id == Chunk.document_id, ~made)
    query = select(Chunk.document_id).where(_live(), Chunk.digest.in_(list(digests)), ~open_ones)
    return list(session.scalars(query.distinct()))


def sweep() -> int:
    """Forget what no live chunk has needed for a day, or only an embedder retired for as long;
    how many vectors."""
    now = clock.now()
    needed = exists().where(Chunk.digest == Embedding.digest, _live())
    served = exists().where(
        Embedder.id == Embedding.embedder_id,
        or_(Embedder.retired_at.is_(None), Embedder.retired_at > now - UNDO),
    )
    kept = and_(needed, served)
    marked = Embedding.unneeded_since.is_not(None)
    with db.writing() as session:
        session.execute(update(Embedding).where(marked, kept).values(unneeded_since=None))
        session.execute(update(Embedding).where(~marked, ~needed).values(unneeded_since=now))
        lapsed = or_(~served, Embedding.unneeded_since < now - UNDO)
        gone = session.execute(delete(Embedding).where(lapsed))
        return gone.rowcount  # type: ignore[attr-defined]


def _held(embedder_id: str, digests: Iterable[str]) -> Any:
    return select(Embedding.digest).where(
        Embedding.embedder_id == embedder_id, Embedding.digest.in_(list(digests))
    )


def _live() -> ColumnElement[bool]:
    return Chunk.document_id.in_(select(Document.id).where(Document.removed_at.is_(None)))


def _embedded(embedder_id: str) -> ColumnElement[bool]:
    return exists().where(Embedding.embedder_id == embedder_id, Embedding.digest == Chunk.digest)
