"""The approved answers as people see and change them: listed, retired, brought back, one by one.

In: an assistant or an id. Out: ``Approved``. Always holds: what is retired neither lifts nor is
served, and comes back as it was; an answer whose documents have changed is served no more (it still
lifts the passages that stayed, letter by letter, what they were) until somebody brings it back,
which says that it holds for the documents as they are now.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from core import audit, clock, db
from core.access import allowed
from core.db.tables import ApprovedAnswer, Chunk, Document, Person
from core.errors import Conflict, NotFound
from core.i18n import N_, _
from core.retrieval import memory
from core.retrieval import scope as scopes

BY_HAND, CHANGED, OUTGROWN = "by_hand", "documents_changed", "answered_well"
KEPT = "kept"  # somebody brought back what was outgrown: praise takes it out no more
STATES = ("in_use", "lifts", "retired")
WHY = {
    BY_HAND: N_("retired by hand"),
    CHANGED: N_("its documents have changed"),
    OUTGROWN: N_("the assistant answers it well by itself"),
    memory.UNDONE: N_("the judgement was undone"),
    memory.DECIDED: N_("it was decided otherwise"),
    memory.DISPUTED: N_("reviewers disagree about it"),
    memory.REJECTED: N_("it was rejected when it was given again"),
}


@dataclass(frozen=True)
class Approved:
    """An approved answer. ``state``: in_use (it lifts, and may be served), lifts (and is served no
    more) or retired; ``why`` is a key of WHY, "" while it is in use. ``by`` is "" where nobody
    knows who approved it."""

    id: str
    assistant_id: str
    question: str
    answer: str
    corrected: bool
    by: str
    at: datetime
    state: str
    why: str
    hits: int
    served: int
    served_at: datetime | None
    retired_at: datetime | None
    message_id: str | None
    passages: list[Any]


@allowed("read")
def listed(
    assistant_id: str,
    state: str | None = None,
    *,
    after: str | None = None,
    limit: int = 50,
) -> list[Approved]:
    """The newest first; ``after`` is the id of the last one of the page before."""
    query = _with_names().where(
        ApprovedAnswer.assistant_id == assistant_id, ApprovedAnswer.question != ""
    )  # nothing is left of one that was erased
    retired, lifts = ApprovedAnswer.retired_at.is_not(None), ApprovedAnswer.unserved_why != ""
    if state:
        query = query.where(
            {"in_use": ~retired & ~lifts, "lifts": ~retired & lifts}.get(state, retired)
        )
    newest = (ApprovedAnswer.created_at.desc(), ApprovedAnswer.id.desc())
    with db.session() as session:
        if after:
            last = _row(session, after)
            place = (ApprovedAnswer.created_at, ApprovedAnswer.id)
            query = query.where(tuple_(*place) < tuple_(last.created_at, last.id))
        found = [_told(*row) for row in session.execute(query.order_by(*newest).limit(limit))]
    if found:
        audit.looked("approved", assistant_id, assistant_id)
    return found


@allowed("read")
def approved(approved_id: str) -> Approved:
    """One of them; NotFound where there is none."""
    with db.session() as session:
        row = session.execute(_with_names().where(ApprovedAnswer.id == approved_id)).first()
    if row is None:
        raise _none(approved_id)
    audit.looked("approved", approved_id)
    return _told(*row)


@allowed("lead")
def retire(approved_id: str, why: str = BY_HAND) -> Approved:
    """Take it out of use; nothing happens where it is out."""
    with db.writing() as session:
        row = _row(session, approved_id)
        if row.retired_at is None:
            row.retired_at, row.retired_why = clock.now(), why
            memory.changed(session, [row])
    return approved(approved_id)


@allowed("lead")
def restore(approved_id: str) -> Approved:
    """Bring it back into use, whatever took it out: for the documents as they are now.

    Conflict where a passage that it rests on is there no more.
    """
    with db.writing() as session:
        row = _row(session, approved_id)
        if row.unserved_why == CHANGED:
            row.passages = _as_now(session, row)
        if row.retired_at or row.unserved_why:
            kept = KEPT if row.unserved_why == OUTGROWN else ""
            row.retired_at, row.retired_why, row.unserved_why = None, kept, ""
            memory.changed(session, [row])
    return approved(approved_id)


def state_in_words(one: Approved) -> str:
    """Its state, and the reason for it."""
    why = _(WHY[one.why]) if one.why in WHY else one.why
    said = {
        "in_use": _("in use"),
        "lifts": _("served no more: {why}"),
        "retired": _("retired: {why}"),
    }
    return said[one.state].format(why=why)


def holds(row: ApprovedAnswer, day: date | None) -> bool:
    """Whether every document that the answer rests on is the one it was, and in force on ``day``
    (today). Where one has changed or gone, that is kept: the answer is served no more.

    What rests on no passage cannot be looked after, and does not hold.
    """
    wanted = {one["document_id"]: one["version"] for one in row.passages}
    if not wanted:
        return False
    living = select(Document.id, Document.version).where(
        Document.id.in_([id_ for id_ in wanted if id_]), Document.removed_at.is_(None)
    )
    with db.session() as session:
        there = dict(session.execute(living).all())
    if there != wanted:
        _serve_no_more(row.id)
        return False
    scope = scopes.of(row.assistant_id, day or scopes.today())
    return all(scope.sees(id_) for id_ in wanted)


def outgrown(session: Session, row: ApprovedAnswer) -> None:
    """Serve it no more, in the caller's transaction: the assistant answers it well by itself."""
    if not row.unserved_why and row.retired_why != KEPT:
        row.unserved_why = OUTGROWN
        memory.changed(session, [row])


def _serve_no_more(approved_id: str) -> None:
    with db.writing() as session:
        row = _row(session, approved_id)
        if not row.unserved_why:
            row.unserved_why = CHANGED
            memory.changed(session, [row])


def _as_now(session: Session, row: ApprovedAnswer) -> list[dict[str, Any]]:
    """The passages with the versions of their documents that serve now."""
    query = (
        select(Chunk.document_id, Chunk.digest, Document.version)
        .join(Document, Document.id == Chunk.document_id)
        .where(
            Chunk.digest.in_([one["digest"] for one in row.passages]),
            Document.removed_at.is_(None),
        )
    )
    now = {(id_, digest): version for id_, digest, version in session.execute(query)}
    places = [(one["document_id"], one["digest"]) for one in row.passages]
    if not all(place in now for place in places):
        raise Conflict(
            _("A passage that this answer rests on is no longer in the documents."),
            hint=_("Ask the question again and have the new answer reviewed."),
            code="documents_changed",
        )
    return [one | {"version": now[at]} for one, at in zip(row.passages, places, strict=True)]


def _with_names() -> Any:
    return select(ApprovedAnswer, Person.name).outerjoin(
        Person, (Person.id == ApprovedAnswer.person_id) & ~Person.is_local
    )


def _row(session: Session, approved_id: str) -> ApprovedAnswer:
    row = session.get(ApprovedAnswer, approved_id, with_for_update=True)
    if row is None:
        raise _none(approved_id)
    return row


def _none(approved_id: str) -> NotFound:
    return NotFound(
        _("There is no approved answer with the id “{id}”.").format(id=approved_id),
        hint=_("`ciclo memory list` shows those there are."),
    )


def _told(row: ApprovedAnswer, by: str | None) -> Approved:
    retired = row.retired_at is not None
    state = "retired" if retired else "lifts" if row.unserved_why else "in_use"
    same = "id assistant_id question answer corrected hits served served_at retired_at message_id"
    return Approved(
        **{name: getattr(row, name) for name in same.split()},
        passages=row.passages,
        by=by or "",
        at=row.created_at,
        state=state,
        why=row.retired_why if retired else row.unserved_why,
    )
