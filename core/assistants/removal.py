"""What goes for good: documents of assistants whose undo has lapsed, and sample data.

In: nothing but the time. Out: counts. Always holds: bytes on disk go after the rows that name
them; the index hears of every document that leaves; conversations that people had stay readable,
so an assistant with conversations stays as a removed row. Every step may be repeated.
"""

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from core import clock, db, retrieval
from core.access import allowed
from core.assistants import lifecycle, samples
from core.db.tables import Assistant, Conversation, Document, Feedback, IndexChange, Person
from core.retrieval.removal import UNDO


def purge() -> int:
    """Forget what was removed longer ago than the undo reaches; how many assistants went."""
    lapsed = Assistant.removed_at < clock.now() - UNDO
    with db.writing() as session:
        ids = session.scalars(select(Assistant.id).where(lapsed)).all()
        _lapse(session, Document.assistant_id.in_(ids))
    retrieval.purge()
    return _forget(lapsed)


@allowed("change")
def remove_samples() -> int:
    """Remove all sample data in one step; how many assistants went. Doing it twice is harmless.

    A sample's assistant that holds documents of people's own stays, and is theirs from now on.
    """
    with db.writing() as session:
        marked = session.scalars(select(Assistant).where(Assistant.sample != "")).all()
        _lapse(session, Document.is_sample.is_(True))
        session.execute(delete(Conversation).where(Conversation.is_sample))
        went = sum(_let_go(session, assistant) for assistant in marked)
        _remove_people(session)
        session.flush()
        lifecycle.appoint(session)
    retrieval.purge()
    _forget(and_(Assistant.sample != "", Assistant.removed_at.is_not(None)))
    return went


def _lapse(session: Session, which: ColumnElement[bool]) -> None:
    """Take documents out of every search, with an undo that is over: the purge forgets them."""
    living = select(Document.id).where(which, Document.removed_at.is_(None))
    leaving = session.scalars(living).all()
    session.add_all(IndexChange(document_id=id_, change="remove") for id_ in leaving)
    session.execute(update(Document).where(which).values(removed_at=clock.now() - 2 * UNDO))


def _let_go(session: Session, assistant: Assistant) -> bool:
    """Remove a sample's assistant, or leave it to those who put documents into it."""
    if _has(session, Document.assistant_id == assistant.id, Document.removed_at.is_(None)):
        came_with = samples.starters(assistant.sample)
        assistant.starters = [one for one in assistant.starters if one not in came_with]
        assistant.sample = ""
        return False
    went = assistant.removed_at is None
    assistant.removed_at, assistant.is_default = assistant.removed_at or clock.now(), False
    return went


def _forget(which: ColumnElement[bool]) -> int:
    """Delete the assistants to which nothing belongs any more; how many."""
    needed = or_(
        exists().where(Conversation.assistant_id == Assistant.id),
        exists().where(Document.assistant_id == Assistant.id),
    )
    with db.writing() as session:
        gone = session.scalars(select(Assistant.id).where(which, ~needed)).all()
        session.execute(delete(Assistant).where(Assistant.id.in_(gone)))
        return len(gone)


def _remove_people(session: Session) -> None:
    """People who were only written into the samples."""
    for person in session.scalars(select(Person).where(Person.is_local.is_(False))).all():
        busy = _has(session, Conversation.person_id == person.id) or _has(
            session, Feedback.person_id == person.id
        )
        if person.preferences.get("sample") and not busy:
            session.delete(person)


def _has(session: Session, *conditions: ColumnElement[bool]) -> bool:
    return bool(session.scalar(select(exists().where(*conditions))))
