"""All that is held about somebody, row by row, as plain data.

In: a ``Subject``. Out: ``Section``s, read as they are asked for, so that much takes no more room than
little. Always holds: what is one's own is one's own to take along, others' takes the deed "operate";
no hash, secret or sealed key is ever in it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import inspect, or_, select

from core import access, audit, db
from core.db.tables import AuditEvent, Base, Conversation, Message, Person
from core.i18n import N_
from core.personal.places import OF_PEOPLE, OF_USERS, Place
from core.personal.subjects import Subject

Row = dict[str, Any]
SECRET = ("secret_hash", "password_hash", "sealed", "prefix", "token", "folded")
AT_ONCE = 100
ABOUT = "person"


@dataclass(frozen=True)
class Section:
    """Rows of one kind; ``name`` is a file's name, ``rows`` reads them afresh."""

    name: str
    title: str
    rows: Callable[[], Iterator[Row]]


def held(who: Subject) -> list[Section]:
    """Everything about somebody; kinds of which there may be nothing are there too.

    NotAllowed where it is somebody else, for who may not operate; and by a token that is for less.
    """
    if access.origin().token_id:  # whoever has got hold of one shall not carry all of it away
        access.demand("operate")
    access.demand_unless_own(who.person_id or None, "operate")
    access.demand_of_token("operate")
    audit.did("export", "personal", who.person_id or who.user_id)
    places = OF_PEOPLE if who.person_id else OF_USERS
    id_ = who.person_id or who.user_id
    profile = [Section(ABOUT, N_("profile"), lambda: _profile(id_))] if who.person_id else []
    return [*profile, *(_section(place, id_) for place in places)]


def _section(place: Place, id_: str) -> Section:
    read = _reader(place, id_)
    return Section(_file(place), place.title, read)


def _file(place: Place) -> str:
    """A name for its rows: the table's, with the column where that is not simply who."""
    apart = place.table is Conversation and place.end == "loses"
    name = place.name.replace(".person_id", "").replace(".user_id", "").replace(".", "-")
    return f"{name}-of-runs" if apart else name


def _reader(place: Place, id_: str) -> Callable[[], Iterator[Row]]:
    if place.table is Conversation and place.end == "goes":
        return lambda: _conversations(place, id_)
    if place.table is AuditEvent:
        return lambda: _rows(AuditEvent, or_(place.of(id_), AuditEvent.object_id == id_))
    return lambda: _rows(place.table, place.of(id_))


def _profile(person_id: str) -> Iterator[Row]:
    yield from _rows(Person, Person.id == person_id)


def _conversations(place: Place, id_: str) -> Iterator[Row]:
    for talk in _rows(Conversation, place.of(id_)):
        said = _rows(Message, Message.conversation_id == talk["id"])
        yield talk | {"messages": sorted(said, key=_place)}


def _place(message: Row) -> tuple[str, bool]:
    """When it was said; a question and its answer begin at the same moment."""
    return str(message["created_at"]), message["role"] == "assistant"


def _rows(table: type[Base], which: Any) -> Iterator[Row]:
    """The rows in the order of their keys, some at a time: nobody waits for a long read."""
    key = inspect(table).primary_key
    columns = [one for one in table.__table__.columns if one.key not in SECRET]
    after: tuple[Any, ...] | None = None
    while True:
        query = select(*columns).where(which).order_by(*key).limit(AT_ONCE)
        if after is not None:
            query = query.where(_beyond(key, after))
        with db.session() as session:
            found = session.execute(query).mappings().all()
        yield from ({name: plain(value) for name, value in row.items()} for row in found)
        if len(found) < AT_ONCE:
            return
        after = tuple(found[-1][str(one.key)] for one in key)


def _beyond(key: Any, after: tuple[Any, ...]) -> Any:
    """Rows whose key comes after ``after``, column by column."""
    *same, last = zip(key, after, strict=True)
    beyond = last[0] > last[1]
    for column, value in reversed(same):
        beyond = (column > value) | ((column == value) & beyond)
    return beyond


def plain(value: Any) -> Any:
    """A value as JSON has it; bytes are none of anybody's words and are left out."""
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, bytes) else value
