"""Choosing who makes the vectors, and how far that is.

In: "provider:model". Out: ``EmbedderStatus``. What always holds: one embedder serves and at most
one is being built; what is chosen answers a first time before anything changes; until all its
vectors are made the one before serves; going back within a day costs nothing, for what was made is
kept as long.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, db
from core.access import allowed
from core.db.tables import Embedder
from core.retrieval import embedders
from core.retrieval.embedders import cache
from core.retrieval.embedders.identity import EMBEDDED, Identity, of_row


@dataclass(frozen=True)
class Coming:
    """The embedder that is to serve: its ``state`` is building, or failed for good.

    ``done`` of ``total`` chunks have their vector; ``seconds_left`` is None as long as nothing has
    been measured. ``error`` says what went wrong last, ``retry_at`` when it is tried again.
    """

    embedder: Identity
    state: str
    done: int
    total: int
    seconds_left: float | None
    error_code: str
    error: str
    retry_at: datetime | None


@dataclass(frozen=True)
class EmbedderStatus:
    """Who serves: ``done`` of ``total`` chunks have their vector, the others are found by words.

    ``error`` says what went wrong last with it; ``coming`` is the one to serve next, if any.
    """

    embedder: Identity
    since: datetime | None
    done: int
    total: int
    error_code: str
    error: str
    retry_at: datetime | None
    coming: Coming | None


def embedder() -> EmbedderStatus:
    """Who makes the vectors now, and who is to."""
    rows = {row.state: row for row in reversed(history()) if row.state != "retired"}
    serving = rows.get("serving")
    done, total = cache.counts(serving.id) if serving else (0, cache.chunks())
    return EmbedderStatus(
        embedder=of_row(serving) if serving else EMBEDDED,
        since=serving.serving_since if serving else None,
        done=done if serving else total,
        total=total,
        error_code=serving.error_code if serving else "",
        error=serving.error if serving else "",
        retry_at=serving.retry_at if serving else None,
        coming=_coming(rows.get("building") or rows.get("failed")),
    )


def serving() -> Identity:
    """Who makes the vectors now."""
    with db.session() as session:
        row = session.scalar(select(Embedder).where(Embedder.state == "serving"))
        return of_row(row) if row else EMBEDDED


def history() -> list[Embedder]:
    """Every embedder that was ever chosen, the newest first; the embedded one has no row."""
    with db.session() as session:
        return list(session.scalars(select(Embedder).order_by(Embedder.created_at.desc())))


@allowed("change")
def use_embedder(
    spec: str, query_prefix: str | None = None, document_prefix: str | None = None
) -> EmbedderStatus:
    """Let ``spec`` make the vectors from as soon as it has made all; the prefixes that are known
    for the model stand before what it reads, unless others are given ("" for none).

    The embedded one serves at once. InvalidInput for a spec that names nobody, ModelFailed where
    it does not answer as an embedder should; then nothing has changed.
    """
    chosen = embedders.identify(spec, query_prefix, document_prefix)
    with db.writing() as session:
        _give_up_coming(session, but=chosen)
        if chosen.is_embedded:
            _retire(session, "serving")
        elif (row := _known(session, chosen)) is None:
            session.add(_row(chosen))
        elif row.state != "serving":
            _build(row)
    return embedder()


@allowed("change")
def cancel_embedder() -> EmbedderStatus:
    """Give up the embedder that is being built, or that has failed; twice is harmless."""
    with db.writing() as session:
        _give_up_coming(session)
    return embedder()


def _coming(row: Embedder | None) -> Coming | None:
    if row is None:
        return None
    done, total = cache.counts(row.id)
    left = None if row.pace is None else row.pace * (total - done)
    return Coming(
        of_row(row), row.state, done, total, left, row.error_code, row.error, row.retry_at
    )


def _give_up_coming(session: Session, but: Identity | None = None) -> None:
    for state in ("building", "failed"):
        _retire(session, state, but)


def _retire(session: Session, state: str, but: Identity | None = None) -> None:
    for row in session.scalars(select(Embedder).where(Embedder.state == state)):
        if but is None or not _is(row, but):
            row.state, row.retired_at = "retired", clock.now()
    session.flush()  # before another takes its place


def _known(session: Session, chosen: Identity) -> Embedder | None:
    """The row of this very embedder, if there has been one."""
    of_name = Embedder.provider == chosen.provider, Embedder.name == chosen.name
    newest = select(Embedder).where(*of_name).order_by(Embedder.created_at.desc())
    return next((row for row in session.scalars(newest) if _is(row, chosen)), None)


def _is(row: Embedder, chosen: Identity) -> bool:
    """Whether vectors of the row and of ``chosen`` may be compared."""
    known = of_row(row)
    return Identity(**{**known.facts, "id": ""}) == chosen


def _row(chosen: Identity) -> Embedder:
    facts = {name: value for name, value in chosen.facts.items() if name != "id"}
    return Embedder(id=db.new_id(), **facts)


def _build(row: Embedder) -> None:
    row.state, row.retired_at, row.attempts, row.retry_at = "building", None, 0, None
    row.error_code = row.error = ""
