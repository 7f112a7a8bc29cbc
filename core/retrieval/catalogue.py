"""The documents as a table: found by name, filtered, sorted, counted, page by page.

In: an assistant (None: all), a piece of a name, filters, an order. Out: a ``Listing``: the rows of
a page with how each was used, how many there are in all, and how many every filter would leave.
What always holds: the database filters, sorts and counts; only a page's rows are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, false, or_, select, tuple_
from sqlalchemy import func as sql
from sqlalchemy.orm import Session

from core import access, db
from core.db.tables import Conversation, Document, DocumentVersion, Message, Passage
from core.errors import InvalidInput
from core.i18n import _
from core.retrieval import usage
from core.retrieval.scope import today
from core.retrieval.usage import Usage
from core.text import fold

State = Literal["queued", "reading", "ready", "failed"]
Only = Literal[
    "never_used", "wrong", "expired", "upcoming", "personal", "waiting", "failed", "old_version"
]
Sort = Literal[
    "added", "name", "state", "version", "pages", "chunks", "ends", "used", "cited", "wrong", "size"
]
STATES: tuple[State, ...] = get_args(State)
ONLY: tuple[Only, ...] = get_args(Only)
SORTS: tuple[Sort, ...] = get_args(Sort)
PLAIN = {
    "added": Document.created_at,
    "name": Document.folded,
    "state": Document.state,
    "version": Document.newest,
    "pages": Document.pages,
    "chunks": Document.chunks,
    "ends": sql.coalesce(Document.valid_to, date.max),
    "size": Document.size,
}
SEARCHED = ("answered", "related", "not_found")  # outcomes of answers that were given passages
ENOUGH = 10  # answers given since a document could be found, before its lack of use says anything
LONGEST_SEARCH = 300  # characters of what names are searched for


@dataclass(frozen=True)
class Listed:
    """A document and its use. ``never_used_since``: when it could first be found, if no answer has
    had a passage of it although ``ENOUGH`` answers were given since; else None."""

    document: Document
    usage: Usage
    never_used_since: datetime | None


@dataclass(frozen=True)
class Listing:
    """A page of documents; how many there are in all pages; how many each state and each ``only``
    would leave under this name search, by its name, with "all"."""

    rows: list[Listed]
    total: int
    counts: dict[str, int]


@access.there
def listed(
    assistant_id: str | None = None,
    *,
    search: str = "",
    state: State | None = None,
    only: Only | None = None,
    sort: Sort = "added",
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
    after: str | None = None,
) -> Listing:
    """A page of the live documents: those from ``offset``, or those behind the one of id ``after``.

    ``search``: a piece of the name, in any case, with or without accents. ``only``: "never_used"
    (see ``Listed``), "wrong" (cited in an answer called wrong), "expired" and "upcoming" (do not
    hold today), "personal" (personal data was found), "waiting" (to be read, or being read),
    "failed" (the newest file could not be read), "old_version" (an older file serves because the
    newest one is not read).
    InvalidInput for a state, filter or order that there is not.
    """
    for name, given, known in (
        ("state", state, STATES),
        ("only", only, ONLY),
        ("sort", sort, SORTS),
    ):
        _check(name, given, known)
    with db.session() as session:
        filters = _filters(session, assistant_id)
        named = _named(assistant_id, search)
        chosen = [*named, *(filters[one] for one in (state, only) if one)]
        query = _sorted(select(Document), sort, descending, after).where(*chosen)
        rows = session.scalars(query.limit(limit).offset(offset)).all()
        total = session.scalar(select(sql.count()).select_from(Document).where(*chosen)) or 0
        counts = _counts(session, named, filters)
        return Listing(_with_use(session, rows, filters["never_used"]), total, counts)


def _check(field: str, given: str | None, known: Sequence[str]) -> None:
    if given is not None and given not in known:
        message = _("'{value}' is none of {names}.").format(value=given, names=", ".join(known))
        raise InvalidInput(message, field=field)


def _named(assistant_id: str | None, search: str) -> list[ColumnElement[bool]]:
    """Live documents of the assistant whose names hold every word of ``search``."""
    wanted = [Document.removed_at.is_(None), access.seen(Document.assistant_id)]
    if assistant_id is not None:
        wanted.append(Document.assistant_id == assistant_id)
    words = fold(search[:LONGEST_SEARCH]).split()
    return wanted + [Document.folded.contains(word, autoescape=True) for word in words]


def _filters(session: Session, assistant_id: str | None) -> dict[str, ColumnElement[bool]]:
    """Every state and every ``only`` as a condition."""
    day = today()
    return {
        **{str(state): Document.state == state for state in STATES},
        "never_used": _never_used(session, assistant_id),
        "wrong": Document.id.in_(usage.blamed()),
        "expired": Document.valid_to < day,
        "upcoming": Document.valid_from > day,
        "personal": cast(Document.personal, String) != "{}",
        "waiting": Document.state.in_(("queued", "reading")),
        "old_version": and_(Document.version > 0, Document.version < Document.newest),
    }


def _never_used(session: Session, assistant_id: str | None) -> ColumnElement[bool]:
    """Searchable before the assistant's last ``ENOUGH`` answers, and in none that was ever given."""
    whose = select(Document.assistant_id).where(*_named(None, "")).distinct()
    ids = [assistant_id] if assistant_id is not None else session.scalars(whose).all()
    since = {id_: session.scalar(_enough_ago(id_)) for id_ in ids}
    there = [
        and_(Document.assistant_id == id_, _first_ready() <= moment)
        for id_, moment in since.items()
        if moment
    ]
    used = select(Passage.document_id).where(Passage.document_id == Document.id).exists()
    return and_(or_(false(), *there), Document.version > 0, ~used)


def _enough_ago(assistant_id: str) -> Select[datetime]:
    """When the last ``ENOUGH`` answers of an assistant began to be given.

    They are looked for in its conversations touched last: a few have no answer, none has many
    newer ones elsewhere.
    """
    lately = (
        select(Conversation.id)
        .where(Conversation.assistant_id == assistant_id)
        .order_by(Conversation.updated_at.desc())
        .limit(5 * ENOUGH)
    )
    return (
        select(Message.created_at)
        .where(Message.conversation_id.in_(lately), Message.outcome.in_(SEARCHED))
        .order_by(Message.created_at.desc())
        .offset(ENOUGH - 1)
        .limit(1)
    )


def _first_ready() -> Any:
    """When the document could first be found."""
    of = DocumentVersion.document_id == Document.id
    return select(sql.min(DocumentVersion.ready_at)).where(of).scalar_subquery()


def _sorted(
    query: Select[Document], sort: Sort, descending: bool, after: str | None
) -> Select[Document]:
    """In order; with ``after``, what follows the document of that id."""
    if sort in usage.COUNTS:
        counted = usage.COUNTS[sort]()
        query = query.outerjoin(counted, counted.c.document_id == Document.id)
        by: Any = sql.coalesce(counted.c.n, 0)
    else:
        by = PLAIN[sort]
    order = (by, Document.created_at, Document.id)
    if after is not None:
        last = query.with_only_columns(*order).where(Document.id == after).scalar_subquery()
        query = query.where(tuple_(*order) < last if descending else tuple_(*order) > last)
    return query.order_by(*(one.desc() if descending else one for one in order))


def _counts(
    session: Session, named: Sequence[ColumnElement[bool]], filters: dict[str, ColumnElement[bool]]
) -> dict[str, int]:
    each = [sql.coalesce(sql.sum(case((one, 1), else_=0)), 0) for one in filters.values()]
    row = session.execute(select(sql.count(), *each).select_from(Document).where(*named)).one()
    return {name: int(n) for name, n in zip(["all", *filters], row, strict=True)}


def _with_use(
    session: Session, rows: Sequence[Document], never_used: ColumnElement[bool]
) -> list[Listed]:
    ids = [row.id for row in rows]
    idle = select(Document.id, _first_ready()).where(Document.id.in_(ids), never_used)
    since = {row[0]: row[1] for row in session.execute(idle)}
    used = usage.of(session, ids)
    return [Listed(row, used[row.id], since.get(row.id)) for row in rows]
