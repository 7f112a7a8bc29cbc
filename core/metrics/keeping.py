"""The facts of this process: read once, kept on disk for the next start, and brought up to date.

``current()`` gives facts that hold all that was committed before it was called. What has changed is
told by ``conversation_changes`` (triggers write it), whoever changed it. The file in ``<home>/metrics``
is a cache: missing, damaged, of another layout or of another database, it is made anew.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Lock

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from core import db
from core.db.tables import Conversation, ConversationChange
from core.metrics import collecting, snapshot
from core.metrics.facts import FRAMES, Codes, Facts, Frame, empty, frame, joined
from core.metrics.facts import facts as made

log = logging.getLogger("ciclo.metrics")
AT_ONCE = 2000  # conversations read at a time: what bounds the memory of it
# a change is told when it is made and seen when it is committed; SQLite, where one writes at a time,
# commits in that order, but a clock may be put back a little
OVERLAP_MS = {"sqlite": 2_000, "postgresql": 10_000}
WORTH_SAVING = 500  # conversations that the next start would have to read again
WORTH_PREPARING = 2000  # with fewer, whoever comes first reads them in a moment

_lock = Lock()
_kept: Facts | None = None
_seen: dict[str, int] = {}  # the changes within the overlap that the facts hold already
_unsaved = 0
_reading: tuple[int, int] | None = None


def current() -> Facts:
    """The facts as they are now. The first call of a process reads all of them."""
    global _kept
    with _lock:
        if _kept is None or _changes(_kept):
            with db.session() as session:
                _kept = _caught_up(session, _kept or _stored(session) or _everything(session))
        return _kept


def reading() -> tuple[int, int] | None:
    """How many conversations of how many the first reading has behind it; None: none is under way."""
    return _reading


def keep_current() -> int:
    """A turn in the background: read what is many before anybody waits for it, follow, and save.

    Gives how many conversations the facts hold.
    """
    if _kept is None and _conversations() < WORTH_PREPARING:
        return 0
    facts = current()
    if _unsaved >= WORTH_SAVING:
        _save(facts)
    return len(facts.conversations)


def follow() -> None:
    """Catch up where there are facts: who changes much does it now and then, so that nobody waits for
    all of it at once."""
    if _kept is not None:
        current()


def forget() -> None:
    """Hold no facts any more; the next call reads them."""
    global _kept, _unsaved, _reading
    with _lock:
        _kept, _unsaved, _reading = None, 0, None
        _seen.clear()


def _conversations() -> int:
    with db.session() as session:
        return _count(session)


def _count(session: Session) -> int:
    there = select(func.count()).select_from(Conversation).where(Conversation.removed_at.is_(None))
    return session.scalar(there) or 0


def _stored(session: Session) -> Facts | None:
    """What the last process has left, where it is of this database."""
    found = snapshot.load()
    last = session.scalar(select(func.max(ConversationChange.changed_ms))) or 0
    if found is None or last < found.changed_ms:
        return None
    facts = _caught_up(session, found)
    if len(facts.conversations) == _count(session):
        return facts
    log.warning("the figures on disk are of another database and are read anew")
    _seen.clear()
    return None


def _everything(session: Session) -> Facts:
    """All conversations, a bounded number at a time."""
    global _reading, _unsaved
    until = session.scalar(select(func.max(ConversationChange.changed_ms))) or 0
    pieces, done, whole = list[Facts](), 0, _count(session)
    codes = Codes({})
    first = 0
    try:
        for ids in _batches(session):
            _reading = (done, whole)
            pieces.append(_read(session, ids, codes, first))
            first += len(pieces[-1].answers)
            done += len(ids)
    finally:
        _reading = None
    read = replace(_joined(empty(), pieces, codes), changed_ms=until)
    _unsaved = done
    if done >= WORTH_SAVING:
        _save(read)
    return read


def _save(facts: Facts) -> None:
    global _unsaved
    snapshot.save(facts)
    _unsaved = 0


def _batches(session: Session) -> Iterator[Sequence[str]]:
    after = ""
    wanted = select(Conversation.id).where(Conversation.removed_at.is_(None))
    while ids := session.scalars(
        wanted.where(Conversation.id > after).order_by(Conversation.id).limit(AT_ONCE)
    ).all():
        yield ids
        after = ids[-1]


_TOLD = (
    select(ConversationChange.conversation_id, ConversationChange.changed_ms)
    .where(ConversationChange.changed_ms >= bindparam("since"))
    .order_by(ConversationChange.changed_ms)
)


def _since(facts: Facts) -> int:
    return facts.changed_ms - _overlap()


def _overlap() -> int:
    return OVERLAP_MS[db.engine().dialect.name]


def _changes(facts: Facts) -> bool:
    """Whether anything has changed that these facts do not hold."""
    told = db.rows(_TOLD, since=_since(facts))
    return any(_seen.get(one) != ms for one, ms in told)


def _caught_up(session: Session, facts: Facts) -> Facts:
    """The facts with every conversation replaced that has changed since."""
    global _unsaved
    told = session.execute(_TOLD, {"since": _since(facts)}).all()
    changed = [one for one, ms in told if _seen.get(one) != ms]
    if not changed:
        return facts
    last = max(ms for _one, ms in told)
    for start in range(0, len(changed), AT_ONCE):
        facts = _replaced(session, facts, changed[start : start + AT_ONCE])
    _seen.clear()
    _seen.update((one, ms) for one, ms in told if ms >= last - _overlap())
    _unsaved += len(changed)
    return replace(facts, changed_ms=last)


def _replaced(session: Session, facts: Facts, ids: Sequence[str]) -> Facts:
    import numpy as np

    codes = Codes(facts.names)
    gone = codes.of("conversation", ids)
    first = int(facts.answers["key"].max()) + 1 if len(facts.answers) else 0
    new = _read(session, ids, codes, first)
    answers, talks, cited = facts.answers, facts.conversations, facts.cited
    out = np.isin(answers["conversation"], gone)
    left = replace(
        facts,
        answers=answers.rows(~out),
        conversations=talks.rows(~np.isin(talks["conversation"], gone)),
        cited=cited.rows(~np.isin(cited["answer"], answers["key"][out])),
        items=_without(facts.items, gone),
        judgements=_without(facts.judgements, gone),
        scores=_without(facts.scores, gone),
    )
    return replace(_joined(left, [new], codes), revision=facts.revision + 1)


def _without(frame: Frame, gone: Sequence[int]) -> Frame:
    import numpy as np

    return frame.rows(~np.isin(frame["conversation"], gone))


def _read(session: Session, ids: Sequence[str], codes: Codes, first: int) -> Facts:
    rows = collecting.rows(session, ids, codes, first)
    return made({name: frame(columns, rows[name]) for name, columns in FRAMES.items()})


def _joined(before: Facts, pieces: Sequence[Facts], codes: Codes) -> Facts:
    parts = [before, *pieces]
    frames = {
        name: joined([getattr(part, name) for part in parts], columns)
        for name, columns in FRAMES.items()
    }
    return replace(
        made(frames, codes.names()), changed_ms=before.changed_ms, revision=before.revision
    )
