"""The index of this process: the vectors and words of all chunks, a cache of the database.

In: chunks and index_changes of the database. Out: candidates for a question, of one assistant.
What always holds: the database is the truth; ``catch_up`` brings in what any process has changed
since; all documents are either wholly in or not at all; losing or damaging the files on disk
costs the time of a rebuild and nothing else. One index serves all assistants, and a search looks
only at the chunks of the one it is for.
"""

import atexit
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select

from core import clock, db
from core.config import settings
from core.db.tables import Chunk, Document, IndexChange
from core.retrieval import embedding
from core.retrieval.lexical import Entry, Lexical
from core.retrieval.scope import Scope
from core.retrieval.snapshot import Workplace
from core.retrieval.vectors import Vectors
from core.text import language_of, stems

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

log = logging.getLogger("ciclo.index")

RECIPE = {"format": 2, "embedder": embedding.NAME, "words": 6}  # another recipe, another index
VECTORS, WORDS = "vectors.faiss", "words"  # what lies in a snapshot
SCOPES = 64  # of which bitmaps and lengths are kept at a time
BATCH = 64  # documents brought in at a time, so that searches come in between
PATIENCE = 2.0  # seconds a search waits for documents that are just being brought in
SAVE_AFTER = 500  # chunks that would have to be brought in again by the next process
SAVE_AGE = 60.0  # seconds after which even one is worth saving


class Owned(NamedTuple):
    """A document in the index: whose it is, its chunks' numbers, its stems in all."""

    assistant_id: str
    numbers: list[int]
    length: int


class Prepared(NamedTuple):
    """Documents ready to go in; ``gone`` holds all ids that must leave first."""

    gone: list[str]
    owned: dict[str, Owned]
    entries: list[Entry]
    vectors: "list[Array]"


class Index:
    """Open it with ``current()``; safe for threads."""

    def __init__(self, root: Path) -> None:
        self._place = Workplace(root)
        self._catching, self._changing = Lock(), RLock()
        self._unsaved, self._saved_at, self.applied = 0, clock.seconds(), 0
        self._allowed: dict[Scope, Any] = {}  # what is kept of a scope until the next change
        self._lengths: dict[Scope, tuple[int, int]] = {}
        facts = self._place.load()
        if not (facts and _is_ours(facts) and self._opened(facts)):
            self._begin()

    def catch_up(self, patience: float = -1) -> int:
        """Bring in what changed in the database; how many documents that were.

        ``patience``: seconds to wait for another thread that does the same, -1 without end.
        """
        if self.applied == _latest():
            return 0
        if not self._catching.acquire(timeout=patience):
            return 0
        try:
            return self._bring_in(_latest())
        except BaseException:
            self._begin()  # half a change may be in: the next one that looks builds it anew
            raise
        finally:
            self._catching.release()

    def length(self, scope: Scope) -> tuple[int, int]:
        """(chunks, stems) of an assistant."""
        if scope not in self._lengths:
            mine = list(self._within(scope))
            chunks = sum(len(owned.numbers) for owned in mine)
            _remember(self._lengths, scope, (chunks, sum(owned.length for owned in mine)))
        return self._lengths[scope]

    @contextmanager
    def reading(self) -> Iterator["Index"]:
        """Within the block the index stands still."""
        with self._changing:
            yield self

    def nearest(self, vector: "Array", scope: Scope, k: int) -> list[tuple[int, float]]:
        """The ``k`` chunks of an assistant whose vectors are nearest: (number, cosine)."""
        if scope not in self._allowed:
            numbers = [number for owned in self._within(scope) for number in owned.numbers]
            _remember(self._allowed, scope, self.vectors.allow(numbers))
        return self.vectors.search(vector, k, self._allowed[scope])

    def save(self, *, now: bool = False) -> bool:
        """Publish to disk if enough has changed (or ``now``); whether that was done."""
        old = clock.seconds() - self._saved_at > SAVE_AGE
        due = self._unsaved and (now or old or self._unsaved >= SAVE_AFTER)
        if not due:
            return False
        with self._catching:  # searches go on: nothing is changed, only written down
            self.vectors.save(self._place.folder / VECTORS)
            facts = {**RECIPE, "applied": self.applied, "mark": _mark(self.applied)}
            facts["documents"] = self._documents
            done = self._place.publish(facts, self._is_older)
            if done:
                self._unsaved, self._saved_at = 0, clock.seconds()
            return done

    def close(self) -> None:
        """Save what is unsaved and give the folder back."""
        self.save(now=True)
        self._place.close()

    def _bring_in(self, latest: int) -> int:
        if self.applied > latest:  # the database is an older one than ours
            self._begin()
        changed = _changed(self.applied, latest)
        for at in range(0, len(changed), BATCH):
            self._apply(_prepare(changed[at : at + BATCH]))
        self.applied = latest
        return len(changed)

    def _is_older(self, there: dict[str, Any]) -> bool:
        """Whether a snapshot on disk already holds more than we do."""
        return _recipe(there) == RECIPE and int(there["applied"]) > self.applied

    def _opened(self, facts: dict[str, Any]) -> bool:
        """Take the snapshot for ours; False if another release of a library cannot read it."""
        folder = self._place.folder
        try:
            owned = facts["documents"].items()
            self._documents = {key: Owned(who, numbers, n) for key, (who, numbers, n) in owned}
            self.vectors = Vectors(embedding.DIMENSION, folder / VECTORS)
            self.words = Lexical(folder / WORDS)
        except (RuntimeError, ValueError, LookupError, TypeError, AttributeError) as error:
            log.warning("the index on disk cannot be read and will be rebuilt: %s", error)
            return False
        self.applied = int(facts["applied"])
        return True

    def _begin(self) -> None:
        with self._changing:
            self._empty()

    def _empty(self) -> None:
        self._place.empty()
        self.applied = 0
        self._documents = {}
        self.vectors = Vectors(embedding.DIMENSION)
        self.words = Lexical(self._place.folder / WORDS)
        self._allowed.clear()
        self._lengths.clear()

    def _apply(self, prepared: Prepared) -> None:
        import numpy as np

        with self._changing:
            out = [n for key in prepared.gone for n in self._drop(key)]
            self.vectors.remove(out)
            if prepared.entries:
                numbers = [entry.number for entry in prepared.entries]
                self.vectors.add(numbers, np.stack(prepared.vectors))
            self.words.change(prepared.gone, prepared.entries)
            self._documents.update(prepared.owned)
            self._allowed.clear()
            self._lengths.clear()
            self._unsaved += len(out) + len(prepared.entries)

    def _drop(self, document_id: str) -> list[int]:
        owned = self._documents.pop(document_id, None)
        return owned.numbers if owned else []

    def _within(self, scope: Scope) -> Iterator[Owned]:
        for document_id, owned in self._documents.items():
            if owned.assistant_id == scope.assistant_id and scope.sees(document_id):
                yield owned


_opened: dict[str, Index] = {}
_opening = Lock()


def current() -> Index:
    """The index of this process for the configured home and database, opened on first use."""
    key = f"{settings().home}|{settings().database}"
    with _opening:
        if key not in _opened:
            if not _opened:
                atexit.unregister(close)
                atexit.register(close)
            _opened[key] = Index(settings().home / "index")
        return _opened[key]


def warm() -> None:
    """Open the index and bring it up to date, so that the first search does not wait for it."""
    current().catch_up()


def is_open() -> bool:
    """Whether this process has opened the index."""
    return bool(_opened)


def close() -> None:
    """Save and close what is open (end of a process, another home in a test)."""
    with _opening:
        while _opened:
            _opened.popitem()[1].close()


def _remember(kept: dict[Scope, Any], scope: Scope, value: Any) -> None:
    """Keep the value, and not those of many scopes: a search may be limited to any documents."""
    if len(kept) >= SCOPES:
        kept.clear()
    kept[scope] = value


def _recipe(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: facts.get(key) for key in RECIPE}


def _is_ours(facts: dict[str, Any]) -> bool:
    """Made by this recipe, from this database and not from a later state of it."""
    return _recipe(facts) == RECIPE and facts.get("mark") == _mark(facts["applied"])


def _latest() -> int:
    with db.session() as session:
        return session.scalar(select(func.max(IndexChange.number))) or 0


def _mark(number: int) -> str:
    """Which document the change of that number was about: ids are random, so databases differ."""
    with db.session() as session:
        query = select(IndexChange.document_id).where(IndexChange.number == number)
        return session.scalar(query) or ""


def _changed(after: int, until: int) -> list[str]:
    if not after:
        return _everything()
    with db.session() as session:
        within = IndexChange.number.between(after + 1, until)
        return list(session.scalars(select(IndexChange.document_id).where(within).distinct()))


def _everything() -> list[str]:
    with db.session() as session:
        return list(session.scalars(select(Document.id).where(Document.removed_at.is_(None))))


def _prepare(document_ids: Sequence[str]) -> Prepared:
    """Stems and vectors of the documents that are there still; the slow part of a change."""
    query = (
        select(Chunk.number, Chunk.document_id, Chunk.assistant_id, Chunk.heading, Chunk.text)
        .add_columns(Document.language)
        .join(Document, Document.id == Chunk.document_id)
        .where(Chunk.document_id.in_(document_ids), Document.removed_at.is_(None))
        .order_by(Chunk.number)
    )
    with db.session() as session:
        rows = session.execute(query).all()
    made = Prepared(list(document_ids), {}, [], [])
    for number, document_id, assistant_id, heading, text, language in rows:
        entry, vector = _analysed(number, document_id, assistant_id, heading, text, language)
        made.entries.append(entry)
        made.vectors.append(vector)
    made.owned.update(_owned(made.entries))
    return made


def _analysed(
    number: int, document_id: str, assistant_id: str, heading: str, text: str, language: str
) -> "tuple[Entry, Array]":
    spoken = language_of(text) or language
    entry = Entry(number, document_id, assistant_id, stems(heading, spoken), stems(text, spoken))
    return entry, embedding.vector(f"{heading}\n{text}", spoken)


def _owned(entries: Iterable[Entry]) -> dict[str, Owned]:
    found: dict[str, Owned] = {}
    for entry in entries:
        before = found.get(entry.document_id, Owned(entry.assistant_id, [], 0))
        length = before.length + len(entry.heading) + len(entry.body)
        found[entry.document_id] = before._replace(
            numbers=[*before.numbers, entry.number], length=length
        )
    return found
