"""What has been computed from the facts, kept until they change.

In: what is asked for, and how it is computed. Out: its answer. Always holds: an answer is of the facts
as they are now, of the assistants that are there for who asks, of the reader's time zone, and of this
minute (what is left of a period changes with the clock).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from core import clock, i18n
from core.access import membership
from core.config import settings
from core.metrics import keeping

MOST = 512
MOST_PARTS = 4  # parts of the facts are as large as these: only those of the page at hand are kept
Given = TypeVar("Given")
_answers: OrderedDict[Hashable, Any] = OrderedDict()
_parts: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


def kept(asked: tuple[Hashable, ...], compute: Callable[[], Given]) -> Given:
    """The answer to ``asked``: as it was computed before where nothing has changed since."""
    return _kept(_answers, MOST, asked, compute)


def kept_part(asked: tuple[Hashable, ...], compute: Callable[[], Given]) -> Given:
    """The same for what is large: a few of them."""
    return _kept(_parts, MOST_PARTS, asked, compute)


def _kept(
    held: OrderedDict[Hashable, Any],
    most: int,
    asked: tuple[Hashable, ...],
    compute: Callable[[], Given],
) -> Given:
    with membership.holding() as sight:  # from the key to the answer
        return _of_sight(held, most, (sight, *asked), compute)


def _of_sight(
    held: OrderedDict[Hashable, Any],
    most: int,
    asked: tuple[Hashable, ...],
    compute: Callable[[], Given],
) -> Given:
    facts = keeping.current()
    minute = int(clock.now().timestamp()) // 60
    key = (*asked, facts.revision, id(facts.answers), minute, str(i18n.zone()), settings().database)
    with _lock:
        if key in held:
            held.move_to_end(key)
            return held[key]
    found = compute()
    with _lock:
        held[key] = found
        while len(held) > most:
            held.popitem(last=False)
    return found


def forget() -> None:
    """Keep nothing of what was computed."""
    with _lock:
        _answers.clear()
        _parts.clear()
