"""The log read back: lines that fit, the newest first, with the names of whom and what they tell of.

Always holds: only who may operate Ciclo reads it; a line is read as it was written, and names are those
of today where the thing is still there, else those the line itself holds. Of somebody who was erased no
name is given, whatever a line holds: they are "an erased person" and the beginning of their id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core import access, db
from core.access import allowed, called, seen
from core.audit import words
from core.audit.watched import TABLES
from core.db.tables import Assistant, AuditEvent, Base, Document, Erasure, Person
from core.errors import NotFound
from core.i18n import _

# kinds whose objects are called as what their id names
OF_PEOPLE = {"person", "account", "member", "sign_in", "personal", "link", "erasure"}
FOR_SOMEBODY = (
    "sign_in",
    "link",
    "erasure",
)  # their ids are nobody's: whose they are, a line tells
NAMING = ("name", "login", "subject")  # fields that say who somebody is
SHORTEST = 8  # letters of an id that are enough to name somebody who was erased
OF_ASSISTANTS = {"feedback", "conversations", "traces", "unanswered", "approved", "comparisons"}


@dataclass(frozen=True)
class Wanted:
    """Which lines; what is None does not matter.

    ``person_id`` "" is nobody: loops, and who sits at the machine without a name. ``since`` is
    included, ``until`` is not.
    """

    person_id: str | None = None
    kind: str | None = None
    action: str | None = None
    object_id: str | None = None
    assistant_id: str | None = None
    door: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Event:
    """A line. ``person`` and ``assistant`` are names ("": nobody, or gone), ``title`` is what the
    object is called, or whose it is ("": nothing knows it any more). ``before`` and ``after`` hold what
    changed."""

    number: int
    at: datetime
    person_id: str
    person: str
    door: str
    address: str
    token_id: str
    action: str
    kind: str
    object_id: str
    title: str
    assistant_id: str
    assistant: str
    before: dict[str, Any]
    after: dict[str, Any]


@allowed("operate")
def events(
    wanted: Wanted | None = None, *, before: int | None = None, limit: int = 50
) -> list[Event]:
    """The lines that fit, newest first; ``before`` is the number of the last one seen."""
    return told(wanted or Wanted(), before, limit)


@allowed("operate")
def event(number: int) -> Event:
    """The line of this number; NotFound where there is none."""
    found = told(Wanted(), number + 1, 1) if 0 < number < 2**31 - 1 else []
    if not found or found[0].number != number:
        raise NotFound(_("There is no line {number} in the audit log.").format(number=number))
    return found[0]


@allowed("operate")
def whose(text: str) -> str:
    """The id of the person whose name or id this is; of somebody erased, their id or how it begins.

    NotFound where there is nobody.
    """
    try:
        return access.find(text).id
    except NotFound:
        gone = Erasure.person_id.startswith(text, autoescape=True)
        with db.session() as session:
            found = set(session.scalars(select(Erasure.person_id).where(gone).limit(2)))
        if len(text) < SHORTEST or len(found) != 1:
            raise
        return found.pop()


@allowed("operate")
def count(wanted: Wanted | None = None, *, most: int) -> int:
    """How many lines fit; counted no further than ``most``."""
    some = _narrowed(wanted or Wanted()).with_only_columns(AuditEvent.number).limit(most).subquery()
    with db.session() as session:
        return session.scalar(select(func.count()).select_from(some)) or 0


def told(wanted: Wanted, before: int | None, limit: int) -> list[Event]:
    """What ``events`` gives, whoever asks."""
    query = _narrowed(wanted).order_by(AuditEvent.number.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEvent.number < before)
    with db.session() as session:
        rows = session.scalars(query).all()
        return _named(session, rows)


def _narrowed(wanted: Wanted) -> Select[Any]:
    same = ("person_id", "kind", "action", "object_id", "assistant_id", "door")
    query = select(AuditEvent).where(seen(AuditEvent.assistant_id))
    for name in same:
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(getattr(AuditEvent, name) == value)
    if wanted.since:
        query = query.where(AuditEvent.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditEvent.at < wanted.until)
    return query


def _named(session: Session, rows: Sequence[AuditEvent]) -> list[Event]:
    about = _about(session, rows)
    people = _people(session, {row.person_id for row in rows} | set(about.values()))
    assistants = _called(session, Assistant, {row.assistant_id for row in rows})
    titles = {kind: _titles(session, kind, rows) for kind in {row.kind for row in rows}}
    return [_event(row, people, assistants, titles[row.kind], about) for row in rows]


def _about(session: Session, rows: Sequence[AuditEvent]) -> dict[int, str]:
    """Whom lines are about that are about somebody: ids of people by the lines' numbers."""
    made = _made_for(session, {row.object_id for row in rows if row.kind in FOR_SOMEBODY})
    return {row.number: _whom(row, made) for row in rows if row.kind in OF_PEOPLE}


def _whom(row: AuditEvent, made: dict[str, str]) -> str:
    if row.kind not in FOR_SOMEBODY:
        return row.object_id.rpartition(":")[2]
    held = row.before | row.after
    known = held.get("person_id") or held.get("of") or made.get(row.object_id)
    return str(known or (row.person_id if row.kind == "sign_in" else ""))


def _made_for(session: Session, ids: set[str]) -> dict[str, str]:
    """For whom links and erasures were made, as the line says that tells of it."""
    wanted = select(AuditEvent.object_id, AuditEvent.after).where(
        AuditEvent.kind.in_(FOR_SOMEBODY),
        AuditEvent.object_id.in_(ids - {""}),
        AuditEvent.action == "create",
    )
    return {id_: str(after.get("person_id", "")) for id_, after in session.execute(wanted)}


def _people(session: Session, ids: set[str]) -> dict[str, str]:
    """What people are called; of those erased, nothing but that."""
    wanted = select(Erasure.person_id).where(Erasure.person_id.in_(ids - {""}))
    erased = {id_: words.erased(id_) for id_ in session.scalars(wanted)}
    return erased | _called(session, Person, ids)


def _event(
    row: AuditEvent,
    people: dict[str, str],
    assistants: dict[str, str],
    titles: dict[str, str],
    about: dict[int, str],
) -> Event:
    held = row.before | row.after
    own = held.get("name") or held.get("number") or ""
    whom = about.get(row.number, "")
    title = people.get(whom) or titles.get(row.object_id) or str(own)
    gone = bool(whom) and people.get(whom) == words.erased(whom)
    return Event(
        number=row.number,
        at=row.at,
        person_id=row.person_id,
        person=people.get(row.person_id, ""),
        door=row.door,
        address=row.address,
        token_id=row.token_id,
        action=row.action,
        kind=row.kind,
        object_id=row.object_id,
        title=title,
        assistant_id=row.assistant_id,
        assistant=assistants.get(row.assistant_id, ""),
        before=_nameless(row.before, title) if gone else row.before,
        after=_nameless(row.after, title) if gone else row.after,
    )


def _nameless(held: dict[str, Any], instead: str) -> dict[str, Any]:
    """What a line about somebody erased held, without what says who they were."""
    return {name: instead if name in NAMING and value else value for name, value in held.items()}


def _titles(session: Session, kind: str, rows: Sequence[AuditEvent]) -> dict[str, str]:
    """What the objects of a kind are called today, by the ids that the lines give them."""
    ids = {row.object_id: row.object_id.rpartition(":")[2] for row in rows if row.kind == kind}
    table = _named_by(kind)
    found = _called(session, table, set(ids.values()))
    return {given: found[id_] for given, id_ in ids.items() if id_ in found}


def _named_by(kind: str) -> type[Base] | None:
    """The table in which an object's id stands with its name."""
    if kind in OF_PEOPLE:
        return Person
    return Document if kind == "uses" else Assistant if kind in OF_ASSISTANTS else TABLES.get(kind)


def _called(session: Session, table: Any, ids: set[str]) -> dict[str, str]:
    if not (hasattr(table, "id") and hasattr(table, "name")):
        return {}
    found = session.scalars(select(table).where(table.id.in_(ids - {""})))
    return {row.id: called(row) if table is Person else row.name for row in found}
