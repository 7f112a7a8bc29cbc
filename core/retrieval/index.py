"""The index of this process: the vectors and words of all chunks, a cache of the database.

In: chunks and index_changes of the database. Out: candidates for a question, of one assistant.
What always holds: the database is the truth; ``catch_up`` brings in what any process has changed
since; all documents are either wholly in or not at all; losing or damaging the files on disk
costs the time of a rebuild and nothing else. All vectors are by one ``embedder``; when another
serves, they are made anew beside those that go on serving, and the words stay. One index serves
all assistants, and a search looks only at the chunks of the one it is for.
"""

import atexit
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, RLock, Thread
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core import clock, db
from core.config import settings
from core.db.tables import Document, Embedder, IndexChange
from core.retrieval import preparing, switching
from core.retrieval.embedders import EMBEDDED, Identity, from_facts, of_row
from core.retrieval.lexical import Lexical
from core.retrieval.preparing import Owned, Prepared
from core.retrieval.scope import Scope
from core.retrieval.snapshot import Workplace
from core.retrieval.switching import Anew
from core.retrieval.vectors import Vectors

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

log = logging.getLogger("ciclo.index")

RECIPE = {"format": 4, "words": 6}  # another recipe, another index
VECTORS, WORDS = "vectors.faiss", "words"  # what lies in a snapshot
SCOPES = 64  # of which bitmaps and lengths are kept at a time
BATCH = 64  # documents brought in at a time, so that searches come in between
PATIENCE = 2.0  # seconds a search waits for documents that are just being brought in
SWITCH_PATIENCE = 0.5  # seconds the first search waits for vectors that are made anew
SAVE_AFTER = 500  # chunks that would have to be brought in again by the next process
SAVE_AGE = 60.0  # seconds after which even one is worth saving


class Index:
    """Open it with ``current()``; safe for threads."""

    def __init__(self, root: Path) -> None:
        self._place = Workplace(root)
        self._catching, self._changing = Lock(), RLock()
        self._starting, self._closing = Lock(), Event()
        self._switching: Thread | None = None
        self._growing: Thread | None = None
        self._unsaved, self._saved_at, self.applied = 0, clock.seconds(), 0
        self._allowed: dict[Scope, Any] = {}  # what is kept of a scope until the next change
        self._lengths: dict[Scope, tuple[int, int]] = {}
        self._documents: dict[str, Owned] = {}
        self._bare: set[int] = set()
        facts = self._place.load()
        if not (facts and _is_ours(facts) and self._opened(facts)):
            self._begin()

    def catch_up(self, patience: float = -1) -> int:
        """Bring in what changed in the database; how many documents that were.

        ``patience``: seconds to wait for another thread that does the same, -1 without end.
        Where another embedder serves, its vectors begin to be made; see ``settle``.
        """
        latest, serving = _state()
        if serving != self.embedder.id:
            self._begin_switch(serving)
        if self.applied == latest:
            return 0
        if not self._catching.acquire(timeout=patience):
            return 0
        try:
            return self._bring_in(_state()[0])
        except BaseException:
            self._begin()  # half a change may be in: the next one that looks builds it anew
            raise
        finally:
            self._catching.release()

    def settle(self) -> None:
        """Bring in all that is there, and wait for the vectors of the embedder that serves."""
        self.catch_up()
        while (switching := self._switching) and switching.is_alive():
            switching.join()
            self.catch_up()
        self._begin_growing()
        if self._growing:
            self._growing.join()

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

    def cosines(self, vector: "Array", numbers: Sequence[int]) -> dict[int, float]:
        """The cosine with each of ``numbers``, but for those that have no vector."""
        known = [number for number in numbers if number not in self._bare]
        return dict(zip(known, self.vectors.cosines(vector, known), strict=True))

    def rows(self, numbers: Sequence[int]) -> "dict[int, Array]":
        """The vectors of ``numbers``, but for those that have none."""
        known = [number for number in numbers if number not in self._bare]
        return dict(zip(known, self.vectors.rows(known), strict=True))

    def save(self, *, now: bool = False) -> bool:
        """Publish to disk if enough has changed (or ``now``); whether that was done.

        Where the vectors have become too many to look at all, they begin to be put into lists.
        """
        self._begin_growing()
        old = clock.seconds() - self._saved_at > SAVE_AGE
        due = self._unsaved and (now or old or self._unsaved >= SAVE_AFTER)
        if not due:
            return False
        with self._catching:  # searches go on: nothing is changed, only written down
            self.vectors.save(self._place.folder / VECTORS)
            facts = {**RECIPE, "applied": self.applied, "mark": _mark(self.applied)}
            facts |= {"embedder": self.embedder.facts, "documents": self._documents}
            done = self._place.publish(facts, self._is_needless)
            if done:
                self._unsaved, self._saved_at = 0, clock.seconds()
            return done

    def close(self) -> None:
        """Save what is unsaved and give the folder back."""
        self._closing.set()
        for working in (self._switching, self._growing):
            if working:
                working.join()
        self.save(now=True)
        self._place.close()

    def _bring_in(self, latest: int) -> int:
        if self.applied > latest:  # the database is an older one than ours
            self._begin()
        changed = _changed(self.applied, latest)
        for at in range(0, len(changed), BATCH):
            self._apply(preparing.prepared(changed[at : at + BATCH], self.embedder))
        self.applied = latest
        return len(changed)

    def _is_needless(self, there: dict[str, Any]) -> bool:
        """Whether a snapshot on disk is better than ours: by the embedder that serves, or newer."""
        if _recipe(there) != RECIPE or not isinstance(there.get("embedder"), dict):
            return False
        serving = _state()[1]
        theirs = there["embedder"].get("id") == serving, int(there["applied"])
        return theirs > (self.embedder.id == serving, self.applied)

    def _opened(self, facts: dict[str, Any]) -> bool:
        """Take the snapshot for ours; False if another release of a library cannot read it."""
        folder = self._place.folder
        try:
            owned = facts["documents"].items()
            self._documents = {key: Owned(*one) for key, one in owned}
            self.embedder = from_facts(facts["embedder"])
            self.vectors = switching.opened(self.embedder, folder / VECTORS)
            self.words = Lexical(folder / WORDS)
        except (RuntimeError, ValueError, LookupError, TypeError, AttributeError) as error:
            log.warning("the index on disk cannot be read and will be rebuilt: %s", error)
            return False
        self._bare = {n for one in self._documents.values() for n in one.bare}
        self.applied = int(facts["applied"])
        return True

    def _begin(self) -> None:
        with self._changing:
            self._empty()

    def _empty(self) -> None:
        self._place.empty()
        self.applied = 0
        self._documents, self._bare = {}, set()
        self.embedder = _embedder(_state()[1])
        self.vectors = switching.opened(self.embedder)
        self.words = Lexical(self._place.folder / WORDS)
        self._allowed.clear()
        self._lengths.clear()

    def _apply(self, prepared: Prepared) -> None:
        with self._changing:
            out = [n for key in prepared.gone for n in self._drop(key)]
            self.vectors.remove(out)
            switching.put(self.vectors, prepared.vectors)
            self.words.change(prepared.gone, prepared.entries)
            self._documents.update(prepared.owned)
            self._bare.difference_update(out)
            self._bare.update(n for one in prepared.owned.values() for n in one.bare)
            self._allowed.clear()
            self._lengths.clear()
            self._unsaved += len(out) + len(prepared.entries)

    def _begin_switch(self, serving: str) -> None:
        """Make the vectors of another embedder in a thread of its own, if none is at it."""
        with self._starting:
            if self._closing.is_set() or (self._switching and self._switching.is_alive()):
                return
            self._switching = Thread(target=self._switch, args=(serving,), daemon=True)
            self._switching.start()
        self._switching.join(SWITCH_PATIENCE)

    def _switch(self, serving: str) -> None:
        """Make all vectors anew while those there are serve on; then take them in their place."""
        try:
            made = Anew(_embedder(serving), self._closing)
            made.revise(dict(self._documents))
            with self._catching, self._changing:
                made.revise(self._documents)  # what has changed since
                if not self._closing.is_set() and self.embedder != made.embedder:
                    self._take_over(made)
        except Exception:  # the next search begins it again
            log.exception("the vectors of another embedder could not be made")

    def _take_over(self, made: Anew) -> None:
        self._documents, self.embedder, self.vectors = made.owned, made.embedder, made.vectors
        self._bare = {n for one in made.owned.values() for n in one.bare}
        self._allowed.clear()
        self._unsaved += len(made.owned) + 1

    def _begin_growing(self) -> None:
        """Put the vectors into lists in a thread of its own, where they are too many without."""
        with self._starting:
            at_it = self._growing and self._growing.is_alive()
            if self._closing.is_set() or at_it or not self.vectors.is_outgrown:
                return
            self._growing = Thread(target=self._grow, args=(self.vectors,), daemon=True)
            self._growing.start()

    def _grow(self, old: Vectors) -> None:
        try:
            made = old.grown(self.reading, self._look)
            with self._changing:
                if self.vectors is old and not self._closing.is_set():
                    made.follow(old)
                    self.vectors = made
                    self._unsaved += 1
        except InterruptedError:
            log.info("the index is closed before its vectors are in lists")
        except Exception:  # the next save begins it again; searches look at all until then
            log.exception("the vectors could not be put into lists")

    def _look(self) -> None:
        if self._closing.is_set():
            raise InterruptedError

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


def settle() -> None:
    """Bring the index wholly up to date, with the vectors of who serves, and save it."""
    current().settle()
    current().save(now=True)


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


_STATE = select(
    select(func.max(IndexChange.number)).scalar_subquery(),
    select(Embedder.id).where(Embedder.state == "serving").scalar_subquery(),
)


def _state() -> tuple[int, str]:
    """The number of the last change, and the id of the embedder that serves ("": the embedded)."""
    row = db.rows(_STATE)[0]
    return row[0] or 0, row[1] or ""


def _embedder(embedder_id: str) -> Identity:
    with db.session() as session:
        row = session.get(Embedder, embedder_id) if embedder_id else None
        return of_row(row) if row else EMBEDDED


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
