"""Making the vectors that the cache lacks, batch by batch, for who serves and who is to serve.

In: chunks without a vector. Out: rows of the cache, and the news for the indexes. What always
holds: one process at a time embeds for an embedder (a lease), what a batch gave is stored in one
transaction, so that a death costs that batch at most and nothing is embedded twice; what goes
wrong is said on the embedder's row and tried again later and later; an embedder that is being
built serves from the moment at which no live chunk lacks its vector, and not before.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, update

from core import clock, db
from core.db.tables import Embedder, IndexChange
from core.errors import CicloError, ModelFailed
from core.retrieval import embedders, leases
from core.retrieval.embedders import cache, choice, vetting
from core.retrieval.embedders.identity import Identity, of_row

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

log = logging.getLogger("ciclo.embedder")
BATCH = 32  # texts: some 10 to 60 seconds of a large model on a laptop
LEASE = timedelta(seconds=20)
US = db.new_id()  # this process
LONGEST_PAUSE = 300.0  # seconds between two attempts; the first comes after 2
PATIENCE = 3  # attempts that end in nonsense, after which one that is being built is given up
HOPELESS = ("bad_answer", "refused", "not_installed", "no_key", "not_configured")
LOOK_AGAIN = 60.0  # seconds after which the model's digest is asked for again
PACE = 0.3  # how much the last batch counts in the estimate


@dataclass
class Round:
    """One way through the chunks: those after ``after``, of documents changed after ``since``;
    it covers all that was there at change ``until``."""

    since: int
    until: int
    after: int = 0
    done: bool = False


_rounds: dict[str, Round] = {}
_looked_at: dict[str, float] = {}


def embed_waiting(limit: int | None = None) -> int:
    """Embed what lacks a vector, up to ``limit`` batches; how many chunks got theirs.

    Who serves goes first. Does nothing for an embedder that another process is busy with, or whose
    next attempt is still to come.
    """
    done, batches = 0, 0
    while limit is None or batches < limit:
        made = next(filter(None, map(_one_batch, _waiting())), 0)
        if not made:
            break
        done, batches = done + made, batches + 1
    return done


def _waiting() -> list[Embedder]:
    now = clock.now()
    query = select(Embedder).where(
        Embedder.state.in_(("serving", "building")),
        or_(Embedder.retry_at.is_(None), Embedder.retry_at <= now),
        or_(Embedder.holder.in_(("", US)), Embedder.lease_until < now),
    )
    with db.session() as session:
        return list(session.scalars(query.order_by(Embedder.state.desc())))


def _one_batch(row: Embedder) -> int:
    """Embed a batch for an embedder; how many chunks, 0 if it has all or could not."""
    round_ = _round(row.id)
    if round_.done and row.state == "serving":
        return 0
    if not _claimed(row.id):
        return 0
    with _holding(row.id):
        try:
            return _embedded(row, round_)
        except CicloError as error:
            _failed(row, error)
            return 0


def _round(embedder_id: str) -> Round:
    """The way we are on, or a new one if there has been a change since the last one's end."""
    with db.session() as session:
        latest = session.scalar(select(func.max(IndexChange.number))) or 0
    known = _rounds.get(embedder_id)
    if known is None or (known.done and known.until < latest):
        known = _rounds[embedder_id] = Round(known.until if known else 0, latest)
    return known


def _embedded(row: Embedder, round_: Round) -> int:
    if not _is_itself(row):
        return 0
    lacking = cache.lacking(row.id, round_.after, BATCH, round_.since)
    if not lacking:
        round_.done = True
        if row.state == "building" and not _switched(row.id):
            del _rounds[row.id]  # something has come in between: once more, through all
        return 0
    began = clock.seconds()
    made = _made(of_row(row), {one.digest: one.told for one in lacking})
    _store(row, made, (clock.seconds() - began) / len(made))
    round_.after = lacking[-1].number
    return len(lacking)


def _made(embedder: Identity, texts: dict[str, str]) -> "dict[str, Array | None]":
    """A vector for each text; None for one that the embedder fails at though it is well."""
    try:
        found = embedders.vectors(embedder, list(texts.values()))
    except ModelFailed as error:
        if error.code not in HOPELESS or not _is_well(embedder):
            raise
        if len(texts) == 1:
            log.warning("a chunk has no vector: %s", error)
            return dict.fromkeys(texts)
        half = len(texts) // 2
        first, second = list(texts.items())[:half], list(texts.items())[half:]
        return _made(embedder, dict(first)) | _made(embedder, dict(second))
    return dict(zip(texts, found, strict=True))


def _is_well(embedder: Identity) -> bool:
    """Whether it embeds what it could embed before."""
    try:
        found = embedders.vectors(embedder, embedders.PROBES)
        vetting.check_different(found, embedder.name)
    except ModelFailed:
        return False
    return True


def _store(row: Embedder, made: "dict[str, Array | None]", seconds: float) -> None:
    pace = seconds if row.pace is None else PACE * seconds + (1 - PACE) * row.pace
    with db.writing() as session:
        there = session.get(Embedder, row.id)
        if there is None or there.state not in ("serving", "building"):
            return
        cache.keep(session, row.id, made)
        there.pace, there.attempts, there.retry_at = pace, 0, None
        there.error_code = there.error = ""
        if there.state == "serving":
            for document_id in cache.completed(session, row.id, made):
                session.add(IndexChange(document_id=document_id, change="add"))


def _switched(embedder_id: str) -> bool:
    """Let it serve if it has every vector; False if it lacks one."""
    now = clock.now()
    with db.writing() as session:
        row = session.get(Embedder, embedder_id)
        if row is None or row.state != "building":
            return True
        if cache.lacks_any(session, embedder_id):
            return False
        before = update(Embedder).where(Embedder.state == "serving")
        session.execute(before.values(state="retired", retired_at=now))
        row.state, row.serving_since, row.retired_at = "serving", now, None
        row.error_code = row.error = ""
        log.info("another embedder serves: %s:%s", row.provider, row.name)
    return True


def _is_itself(row: Embedder) -> bool:
    """Whether the model under that name is the one whose vectors we have; if not, begin anew."""
    now = clock.seconds()
    if now - _looked_at.get(row.id, -LOOK_AGAIN) < LOOK_AGAIN:
        return True
    embedder = of_row(row)
    if embedders.digest(embedder, embedders.FIRST_SECONDS) != embedder.digest:
        _begin_anew(embedder)
        return False
    _looked_at[row.id] = now
    return True


def _begin_anew(embedder: Identity) -> None:
    """The model has changed under its name: another one to build, unless one is built already."""
    log.warning("the model of embedder %s has changed: its vectors are made anew", embedder.key)
    with db.session() as session:
        building = session.scalar(select(Embedder).where(Embedder.state == "building"))
    if building is None or building.id == embedder.id:
        choice.use_embedder(embedder.key, embedder.query_prefix, embedder.document_prefix)


def _failed(row: Embedder, error: CicloError) -> None:
    log.warning("embedder %s:%s failed: %s", row.provider, row.name, error)
    with db.writing() as session:
        there = session.get(Embedder, row.id)
        if there is None or there.state not in ("serving", "building"):
            return
        there.attempts += 1
        there.error_code, there.error = error.code, error.message
        pause = min(2.0**there.attempts, LONGEST_PAUSE)
        there.retry_at = clock.now() + timedelta(seconds=pause)
        if there.state == "building" and there.attempts >= PATIENCE and error.code in HOPELESS:
            there.state, there.retry_at = "failed", None


def _claimed(embedder_id: str) -> bool:
    """The embedder is ours to embed with; False if another process was faster."""
    now = clock.now()
    free = or_(Embedder.holder.in_(("", US)), Embedder.lease_until < now)
    with db.writing() as session:
        taken = session.execute(
            update(Embedder)
            .where(Embedder.id == embedder_id, free)
            .values(holder=US, lease_until=now + LEASE)
        )
        return bool(taken.rowcount)  # type: ignore[attr-defined]


@contextmanager
def _holding(embedder_id: str) -> Iterator[None]:
    """Within the block, however long it takes, the lease does not run out; then it is given back."""
    try:
        with leases.held(LEASE, lambda: _set(embedder_id, lease_until=clock.now() + LEASE)):
            yield
    finally:
        _set(embedder_id, holder="", lease_until=None)


def _set(embedder_id: str, **values: Any) -> None:
    with db.writing() as session:
        ours = Embedder.id == embedder_id, Embedder.holder == US
        session.execute(update(Embedder).where(*ours).values(**values))
