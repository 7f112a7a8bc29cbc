"""What no change of a row tells: that somebody signed in, looked, exported.

``did`` writes a line; ``looked`` writes one for each look at personal data that is not masked. Always
holds: whoever looks at the same again within the hour is in the log once; where nobody acts and no door
is open (the loops) nothing is looked at.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, db
from core.access.acting import acting, origin
from core.audit.recording import line, write
from core.db.tables import AuditEvent

LOOK = "look"
AGAIN = timedelta(hours=1)
MOST = 10_000  # looks remembered in this process
_seen: OrderedDict[tuple[str, ...], datetime] = OrderedDict()
_lock = Lock()


def did(
    action: str,
    kind: str,
    object_id: str = "",
    *,
    person_id: str | None = None,
    assistant_id: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    session: Session | None = None,
) -> None:
    """Write down that who acts (else ``person_id``) did ``action`` (up to 20 letters) to an object.

    Within a ``db.writing()`` block the line is committed with the rest. No secret may be in ``before``
    and ``after``.
    """
    facts = {"assistant_id": assistant_id, "before": before or {}, "after": after or {}}
    told = line(action, kind, object_id, **facts)
    if person_id is not None:
        told["person_id"] = person_id
    if session is not None or (session := db.joined()) is not None:
        write(session, [told])
        return
    with db.writing() as opened:
        write(opened, [told])


def looked(kind: str, object_id: str, assistant_id: str = "") -> None:
    """Write down that who acts has seen personal data of this object as it is, not masked.

    Call it before anything is shown: where it cannot be written down, nothing is shown.
    """
    somebody, place = acting(), origin()
    if somebody is None and not place.door:
        return
    look = (str(db.engine().url), somebody.id if somebody else "", kind, object_id[:120])
    if _lately(look):
        return
    if (joined := db.joined()) is not None:
        _look(joined, assistant_id, look[1:])
        return  # not remembered: what is open may yet be taken back
    with db.writing() as session:
        _look(session, assistant_id, look[1:])
    _remember(look)


def _look(session: Session, assistant_id: str, look: tuple[str, ...]) -> None:
    if not _written(session, *look):
        write(session, [line(LOOK, *look[1:], assistant_id=assistant_id)])


def _written(session: Session, person_id: str, kind: str, object_id: str) -> bool:
    """Whether another process has written it down within the hour."""
    found = select(AuditEvent.number).where(
        AuditEvent.kind == kind,
        AuditEvent.object_id == object_id,
        AuditEvent.action == LOOK,
        AuditEvent.person_id == person_id,
        AuditEvent.at > clock.now() - AGAIN,
    )
    return session.scalar(found.limit(1)) is not None


def _lately(look: tuple[str, ...]) -> bool:
    with _lock:
        at = _seen.get(look)
    return at is not None and clock.now() - AGAIN < at <= clock.now()


def _remember(look: tuple[str, ...]) -> None:
    with _lock:
        _seen[look] = clock.now()
        _seen.move_to_end(look)
        while len(_seen) > MOST:
            _seen.popitem(last=False)
