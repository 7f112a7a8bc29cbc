"""Who finds which assistant: those that are for their members only are not there for anybody else.

In: who acts, and from where. Out: yes or no, or a condition for a query. Always holds: admins, and
loops in the background where nobody acts, see all; a token sees what its person sees and it is for;
what is kept for everybody (indexes, facts, caches) is built of all and narrowed when it is read.
Where no assistant is for its members only this costs no query: what is known is of this process, at
most a second old, and forgotten at once by whoever changes it here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, select, true

from core import clock, db
from core.access.acting import acting, origin
from core.access.deeds import ADMIN
from core.db.tables import Assistant, Member, Person
from core.errors import NotAllowed
from core.i18n import _

KNOWN_SECONDS = 1.0  # after which a change by another process is seen
Closed = Mapping[str, frozenset[str]]  # of assistants for members only: who these are
Sight = tuple[frozenset[str], frozenset[str] | None]
ALL: Sight = (frozenset(), None)


@dataclass(frozen=True)
class _Known:
    engine: Engine
    until: float
    closed: Closed


_held: ContextVar[tuple[Person | None, Sight] | None] = ContextVar("held", default=None)
_known: _Known | None = None
_changes = 0
_lock = Lock()


def hidden() -> frozenset[str]:
    """The ids of the assistants for members only that who acts is no member of."""
    somebody = acting()
    if somebody is None or ADMIN in somebody.roles:
        return ALL[0]
    closed = _closed()
    if not closed:
        return ALL[0]
    return frozenset(one for one, members in closed.items() if somebody.id not in members)


def sight() -> Sight:
    """What who acts sees, as a value that can be the key of something kept: the ids that are hidden,
    and those that the token is for (None: all). ``ALL`` where nothing is left out."""
    if (held := _held.get()) is not None and held[0] is acting():
        return held[1]
    return hidden(), origin().assistants if acting() is not None else None


@contextmanager
def holding(held: Sight | None = None) -> Iterator[Sight]:
    """Within the block who acts sees the same, whatever is changed meanwhile: what is kept under a
    sight must be computed by it. ``held``: this, and not what they see."""
    given = sight() if held is None else held
    token = _held.set((acting(), given))
    try:
        yield given
    finally:
        _held.reset(token)


def sees(assistant_id: str) -> bool:
    """Whether the assistant is there for who acts."""
    without, only = sight()
    return assistant_id not in without and (only is None or assistant_id in only)


def sees_all() -> bool:
    """Whether nothing is left out for who acts."""
    return sight() == ALL


def demand_all() -> None:
    """NotAllowed where something is left out for who acts: before what is told of all in one sum."""
    if not sees_all():
        raise NotAllowed(
            _("This is of all assistants, and some are for their members only."),
            hint=_("An admin finds all of them; a token does where it is for all."),
        )


def seen(assistant_id: Any) -> ColumnElement[bool]:
    """A condition for rows: the column (of assistants' ids) names one that is there for who acts."""
    return among(assistant_id, *sight())


def among(
    assistant_id: Any, without: Collection[str], only: Collection[str] | None
) -> ColumnElement[bool]:
    """The same for a sight that is given."""
    conditions = [assistant_id.not_in(sorted(without))] if without else []
    if only is not None:
        conditions.append(assistant_id.in_(sorted(only)))
    return and_(true(), *conditions)


def open_to_all() -> Sight:
    """What everybody sees, whoever acts: the sight for what is told to all."""
    return frozenset(_closed()), None


def forget() -> None:
    """Somebody changed who belongs where: look again, also those who are just looking."""
    global _known, _changes
    with _lock:
        _known, _changes = None, _changes + 1


def _closed() -> Closed:
    global _known
    known, before = _known, _changes
    if known and known.engine is db.engine() and clock.seconds() < known.until:
        return known.closed
    found = _Known(db.engine(), clock.seconds() + KNOWN_SECONDS, _read())
    with _lock:
        if _changes == before:
            _known = found
    return found.closed


def _read() -> Closed:
    members: defaultdict[str, set[str]] = defaultdict(set)
    for row in db.rows(_members_only()):
        members[row.id].add(row.person_id or "")
    return {one: frozenset(people) for one, people in members.items()}


@cache
def _members_only() -> Select[str, str]:
    """Built once. Removed ones too: what hangs on them stays hidden."""
    wanted = select(Assistant.id, Member.person_id)
    joined = wanted.outerjoin(Member, Member.assistant_id == Assistant.id)
    return joined.where(Assistant.members_only)
