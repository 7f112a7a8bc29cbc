"""A request done once: the same key again gets the same answer.

In: a key, the place it is for (who asks for what), and what is asked. Always holds: the answer is
stored in the transaction that did the work, so there is never one without the other; keys are swept
after KEPT.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import clock, db
from core.db.tables import IdempotencyKey
from core.errors import Conflict, InvalidInput
from core.i18n import _

KEPT = timedelta(days=7)
LONGEST = 200


def once(
    session: Session,
    key: str,
    place: str,
    asked: dict[str, Any],
    act: Callable[[], dict[str, Any]],
) -> tuple[dict[str, Any], bool]:
    """(what ``act`` gave, whether it was given before). ``asked`` and the answer are plain JSON.

    Conflict where the key was used for something else.
    """
    digest = _digest(asked)
    known = session.get(IdempotencyKey, (_checked(key), place))
    if known is None:
        kept = IdempotencyKey(key=key, place=place, digest=digest)
        session.add(kept)
        session.flush()  # whoever has the same key at the same moment waits here, and is then told
        kept.answer = act()
        return kept.answer, False
    if known.digest != digest:
        raise Conflict(
            _("The idempotency key “{key}” was used for another request.").format(key=key),
            hint=_("Take a fresh key for each request; send the same one only to try again."),
            code="key_reused",
        )
    return known.answer, True


def sweep_keys() -> int:
    """Forget keys older than KEPT; how many there were."""
    with db.writing() as session:
        old = delete(IdempotencyKey).where(IdempotencyKey.created_at < clock.now() - KEPT)
        return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


def _digest(asked: dict[str, Any]) -> str:
    plain = json.dumps(asked, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _checked(key: str) -> str:
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise InvalidInput(
            _("An idempotency key has 1 to {most} plain characters.").format(most=LONGEST),
            field="Idempotency-Key",
            hint=_("A UUID is a good one."),
        )
    return key
