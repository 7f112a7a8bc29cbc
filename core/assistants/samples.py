"""The sample assistants that come with Ciclo: loaded on wish, marked as such, gone in one step.

In: ``data/samples/<slug>/`` (assistant.toml, documents/, questions.jsonl, demo.jsonl). Out: an
assistant whose documents are marked ``is_sample``. Loading twice gives the same assistant.
``remove_samples`` leaves what people have added themselves: an assistant with documents of their
own stays (as theirs), conversations they had stay readable.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from core import clock, config, db, retrieval
from core.assistants import lifecycle
from core.assistants.folder import FIELDS, definition, read_folder
from core.db.tables import Assistant, Conversation, Document, Feedback, IndexChange, Person
from core.errors import Conflict, NotFound
from core.i18n import _


@dataclass(frozen=True)
class Sample:
    """A sample as it lies on disk; ``documents`` and ``questions`` are counts."""

    slug: str
    name: str
    language: str
    documents: int
    questions: int


def samples() -> list[Sample]:
    """Every sample that came with Ciclo, by slug."""
    return [_sample(path.parent.name) for path in sorted(config.SAMPLES.glob("*/assistant.toml"))]


def questions(slug: str) -> list[dict[str, Any]]:
    """The sample's test questions: id, kind, question and, where answerable, document and quote."""
    return _lines(slug, "questions.jsonl")


def demo(slug: str) -> list[dict[str, Any]]:
    """The sample's demonstration conversations, as written."""
    return _lines(slug, "demo.jsonl")


def load_sample(slug: str) -> Assistant:
    """The sample's assistant with its documents ready to search; made when it is not there."""
    files = read_folder(_folder(slug))
    assistant = _loaded(slug) or _created(slug, definition(files))
    for name, data in files[1:]:
        retrieval.add(assistant.id, name, data, is_sample=True, now=True)
    return assistant


def remove_samples() -> int:
    """Remove all sample data in one step; how many assistants went. Doing it twice is harmless."""
    with db.writing() as session:
        gone = session.scalars(select(Assistant).where(Assistant.sample != "")).all()
        _remove_documents(session)
        session.execute(delete(Conversation).where(Conversation.is_sample))
        counted = sum(_let_go(session, assistant) for assistant in gone)
        _remove_people(session)
        session.flush()
        lifecycle.appoint(session)
        return counted


def _remove_documents(session: Session) -> None:
    ids = session.scalars(select(Document.id).where(Document.is_sample)).all()
    session.add_all(IndexChange(document_id=id_, change="remove") for id_ in ids)
    session.flush()
    session.execute(delete(Document).where(Document.is_sample))


def _let_go(session: Session, assistant: Assistant) -> bool:
    """Delete a sample's assistant, or keep what people have put into it; True when it went."""
    if _has(session, Document.assistant_id == assistant.id, Document.removed_at.is_(None)):
        assistant.sample = ""
        return False
    if _has(session, Conversation.assistant_id == assistant.id):
        went = assistant.removed_at is None
        assistant.removed_at, assistant.is_default = assistant.removed_at or clock.now(), False
        return went
    session.delete(assistant)
    session.flush()
    return True


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


def _loaded(slug: str) -> Assistant | None:
    with db.session() as session:
        return session.scalars(
            select(Assistant).where(Assistant.sample == slug, Assistant.removed_at.is_(None))
        ).first()


def _created(slug: str, told: dict[str, Any]) -> Assistant:
    values = {field: told[field] for field in FIELDS if field in told}
    name = values.pop("name")
    try:
        return lifecycle.create(name, **values, sample=slug)
    except Conflict:  # somebody has an assistant of that name: ours gets a mark
        return lifecycle.create(f"{name} ({_('sample')})", **values, sample=slug)


def _sample(slug: str) -> Sample:
    files = read_folder(_folder(slug))
    told = definition(files)
    return Sample(slug, told["name"], told["language"], len(files) - 1, len(questions(slug)))


def _folder(slug: str) -> Any:
    path = config.SAMPLES / slug
    if not (slug.isidentifier() and (path / "assistant.toml").is_file()):
        raise NotFound(
            _("There is no sample '{slug}'.").format(slug=slug),
            hint=_("There are: {names}.").format(
                names=", ".join(
                    sorted(p.parent.name for p in config.SAMPLES.glob("*/assistant.toml"))
                )
            ),
        )
    return path


def _lines(slug: str, name: str) -> list[dict[str, Any]]:
    path = _folder(slug) / name
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
