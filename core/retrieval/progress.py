"""How far reading is, and how long it will still take.

In: the documents that wait or are being read. Out: shares (0 to 1) and seconds. What always holds:
an estimate rests on how long the last documents of its kind really took, byte for byte; as long
as nothing has been measured, it is None rather than a guess.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import access, clock, db
from core.db.tables import Document, DocumentVersion

MEASURED = 200  # the last documents read, whose speed is taken for that of the next
ALMOST = 0.99  # a reading that takes longer than expected is never said to be done


@dataclass(frozen=True)
class Progress:
    """One document in the line: the share read, seconds until it is ready; None where unknown."""

    share: float | None
    seconds_left: float | None


@dataclass(frozen=True)
class Queue:
    """Documents that wait, that are being read, the bytes of both, seconds until all are ready."""

    waiting: int
    reading: int
    bytes: int
    seconds_left: float | None


def progress() -> dict[str, Progress]:
    """Every document that is not ready yet, by id, in the order in which they are read.

    All that come before are waited for, also those that are not there for who acts."""
    paces, found, total = _paces(), dict[str, Progress](), 0.0
    for row in _line():
        share, seconds = _position(row, paces)
        total += seconds or 0.0
        if access.sees(row.assistant_id):
            found[row.id] = Progress(share, None if seconds is None else total)
    return found


@access.there
def queue(assistant_id: str | None = None) -> Queue:
    """The line as a whole; of an assistant: its documents, and seconds until the last of them."""
    left = progress()
    rows = [row for row in _line() if assistant_id in (None, row.assistant_id) and row.id in left]
    ends = [left[row.id].seconds_left for row in rows]
    known = [end for end in ends if end is not None]
    return Queue(
        waiting=sum(row.state == "queued" for row in rows),
        reading=sum(row.state == "reading" for row in rows),
        bytes=sum(row.size for row in rows),
        seconds_left=max(known, default=0.0) if len(known) == len(ends) else None,
    )


def _line() -> Sequence[Document]:
    """Those being read, then those that wait, first come first."""
    query = (
        select(Document)
        .where(Document.state.in_(("queued", "reading")), Document.removed_at.is_(None))
        .order_by(Document.state.desc(), Document.created_at, Document.id)
    )
    with db.session() as session:
        return session.scalars(query).all()


def _paces() -> dict[str, float]:
    """Seconds a byte has taken lately, by media type; under "" that of all together."""
    query = (
        select(DocumentVersion.media_type, DocumentVersion.size, DocumentVersion.seconds)
        .where(DocumentVersion.seconds.is_not(None))
        .order_by(DocumentVersion.ready_at.desc())
        .limit(MEASURED)
    )
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    with db.session() as session:
        for media_type, size, seconds in session.execute(query):
            for kind in (media_type, ""):
                sums[kind][0] += seconds or 0.0
                sums[kind][1] += size
    return {kind: seconds / size for kind, (seconds, size) in sums.items()}


def _position(row: Document, paces: dict[str, float]) -> tuple[float | None, float | None]:
    """The share that has been read, and the seconds that its own reading still takes."""
    pace = paces.get(row.media_type, paces.get(""))
    expected = None if pace is None else pace * row.size
    if row.state == "queued" or row.reading_since is None:
        return 0.0, expected
    if not expected:
        return None, None
    since: datetime = row.reading_since
    share = min(ALMOST, max(0.0, (clock.now() - since).total_seconds() / expected))
    return share, expected * (1 - share)
