"""Erasure: all that is held about somebody goes, or loses their name; what it could not reach is told.

In: a ``Subject``. Out: an ``Erasure`` row with counts. Always holds: it is done in short transactions,
each of which leaves everything true; after kill -9 the next turn of ``keep_erasing`` goes on where it
stopped; what is left says nothing of them but that they were erased, and the lines of the audit log.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Text, cast, delete, exists, func, inspect, or_, select, tuple_, update
from sqlalchemy.orm import Session

from core import access, clock, db
from core.access import allowed
from core.audit import words
from core.backup import archives
from core.db.tables import (
    Account,
    AuditEvent,
    Conversation,
    Erasure,
    IdempotencyKey,
    Item,
    Person,
    SignInFailures,
)
from core.errors import NotFound
from core.i18n import _
from core.personal import letting_go
from core.personal.places import OF_PEOPLE, OF_USERS, Place
from core.personal.subjects import Subject

ROWS = 500  # a transaction
UNCOUNTED = ("taken_along", "providers", "documents", "anonymous")
Step = Callable[[Session, Erasure], Counter[str]]


@allowed("operate")
def erase(who: Subject) -> Erasure:
    """Erase somebody; the row that says what went. Conflict where they are the last admin."""
    if who.person_id and not who.is_local:
        access.set_roles(who.person_id, [])
    return _go_on(_begun(who).id)


@allowed("operate")
def erasures(limit: int = 50) -> list[Erasure]:
    """What was erased, the newest first."""
    newest = select(Erasure).order_by(Erasure.at.desc(), Erasure.id).limit(limit)
    with db.session() as session:
        return list(session.scalars(newest))


def keep_erasing() -> int:
    """Go on with erasures that a process which died has left; how many there were."""
    with db.session() as session:
        left = session.scalars(select(Erasure.id).where(Erasure.done_at.is_(None))).all()
    for erasure_id in left:
        _go_on(erasure_id)
    return len(left)


def _begun(who: Subject) -> Erasure:
    """The row of an erasure, or the one that was begun and has not ended."""
    somebody = access.acting()
    with db.writing() as session:
        same = (Erasure.person_id == who.person_id) & (Erasure.user_id == who.user_id)
        known = session.scalar(select(Erasure).where(same, Erasure.done_at.is_(None)))
        if known is None:
            by = somebody.id if somebody else None
            known = Erasure(person_id=who.person_id, user_id=who.user_id, by_id=by)
            session.add(known)
    return known


def _go_on(erasure_id: str) -> Erasure:
    while not _ended(erasure_id):
        for step in STEPS:
            while _turn(erasure_id, step):
                pass
    letting_go.flush_log()
    return _erasure(erasure_id)


def _turn(erasure_id: str, step: Step) -> bool:
    """One short transaction; whether there may be more of the same."""
    with letting_go.overwriting() as session:
        row = session.get_one(Erasure, erasure_id, with_for_update=True)
        went = step(session, row)
        if went:  # said to the connection: the audit log tells of the whole, at the end
            erased = dict(Counter(row.erased) + went)
            counted = update(Erasure).where(Erasure.id == row.id).values(erased=erased)
            session.connection().execute(counted)
    return bool(went)


def _ended(erasure_id: str) -> bool:
    """Whether nothing was left, which the last transaction looks at and decides."""
    with letting_go.overwriting() as session:
        row = session.get_one(Erasure, erasure_id, with_for_update=True)
        if row.done_at:
            return True
        person = session.get(Person, row.person_id, with_for_update=True)
        if any(_left(session, place, row) for place in _places(row)):
            return False
        row.unreached = unreached(session, row)
        row.user_id, row.done_at = "", clock.now()
        session.flush()
        if person is not None:
            _forget(session, person)
    return True


def _forget(session: Session, person: Person) -> None:
    """The person themself; the local one stays, as nobody in particular."""
    if not person.is_local:
        session.connection().execute(delete(Person).where(Person.id == person.id))
        return
    bare = {"preferences": {}, "language": ""}
    session.connection().execute(update(Person).where(Person.id == person.id).values(bare))


def _places(row: Erasure) -> list[Place]:
    return [one for one in (OF_PEOPLE if row.person_id else OF_USERS) if one.end != "stays"]


def _id(row: Erasure) -> str:
    return row.person_id or row.user_id


def _left(session: Session, place: Place, row: Erasure) -> bool:
    return bool(session.scalar(select(exists().where(place.of(_id(row))))))


def unreached(session: Session, row: Erasure) -> dict[str, int]:
    """What could not be reached, by its key in ```planning.UNREACHED``; 0 where nobody can count it."""
    named = or_(AuditEvent.person_id == row.person_id, AuditEvent.object_id == row.person_id)
    lines = select(func.count()).where(named)
    told = {"audit": session.scalar(lines) or 0} if row.person_id else {}
    kept = [one.by_hand for one in archives.listed()]
    backups = {"backups": kept.count(False), "backups_by_hand": kept.count(True)}
    return told | backups | dict.fromkeys(UNCOUNTED, 0)


def names_of(rows: Sequence[Erasure]) -> list[tuple[str, str]]:
    """Of each erasure: whom it was about, without a name, and who did it."""
    known = {one.id: access.called(one) for one in access.people()}
    return [
        (
            known.get(row.person_id) or words.erased(row.person_id)
            if row.person_id
            else _("a user from outside"),
            known.get(row.by_id or "", _("the machine's owner, or somebody erased since")),
        )
        for row in rows
    ]


def _failures(session: Session, row: Erasure) -> Counter[str]:
    """Wrong tries to sign in, which are kept by the login."""
    login = session.scalar(select(Account.login).where(Account.person_id == row.person_id))
    if login:
        tried = SignInFailures.key == f"account:{login}"[:300]
        session.connection().execute(delete(SignInFailures).where(tried))
    return Counter()


def _conversations(session: Session, row: Erasure) -> Counter[str]:
    places = [one for one in _places(row) if one.table is Conversation and one.end == "goes"]
    mine = or_(*(place.of(_id(row)) for place in places))
    ids = session.scalars(select(Conversation.id).where(mine).limit(letting_go.AT_ONCE)).all()
    return letting_go.let_go(session, ids, wholly=True) if ids else Counter()


def _rows(place: Place) -> Step:
    """Delete the rows of a place, or take the name out of them, ROWS at a time."""
    key: Any = tuple_(*inspect(place.table).primary_key)

    def step(session: Session, row: Erasure) -> Counter[str]:
        if place not in _places(row):
            return Counter()
        some = select(*inspect(place.table).primary_key).where(place.of(_id(row))).limit(ROWS)
        keys = [tuple(found) for found in session.execute(some)]
        if not keys:
            return Counter()
        session.connection().execute(_change(place).where(key.in_(keys)))
        return Counter({place.name: len(keys)})

    return step


def _change(place: Place) -> Any:
    if place.end == "goes":
        return delete(place.table)
    return update(place.table).values({place.column.key: None, **place.also})


def _known(session: Session, row: Erasure) -> Counter[str]:
    """Who said how a calibration item should be judged, and their note."""
    if not row.person_id:
        return Counter()
    said = cast(Item.known, Text).contains(row.person_id)
    found = session.execute(select(Item.number, Item.known).where(said).limit(ROWS)).all()
    for number, known in found:
        rest = {name: value for name, value in known.items() if name != "person_id"} | {"note": ""}
        change = update(Item).where(Item.number == number).values(known=rest)
        session.connection().execute(change)
    return Counter({"annotation_items.known": len(found)} if found else {})


def _replays(session: Session, row: Erasure) -> Counter[str]:
    """The stored answers to requests that they made."""
    if row.person_id:
        theirs = IdempotencyKey.place.endswith(f":{row.person_id}")
    else:
        theirs = cast(IdempotencyKey.answer, Text).contains(f'"{row.user_id}"', autoescape=True)
    session.connection().execute(delete(IdempotencyKey).where(theirs))
    return Counter()


def _erasure(erasure_id: str) -> Erasure:
    with db.session() as session:
        row = session.get(Erasure, erasure_id)
    if row is None:
        raise NotFound(_("There is no erasure {id}.").format(id=erasure_id))
    return row


STEPS: tuple[Step, ...] = (
    _failures,
    *(_rows(place) for place in (*OF_PEOPLE, *OF_USERS) if place.table is not Conversation),
    *(_rows(place) for place in OF_PEOPLE if place.table is Conversation and place.end == "loses"),
    _known,
    _replays,
    _conversations,  # last: what hangs on them was counted by then, as the plan counts it
)
