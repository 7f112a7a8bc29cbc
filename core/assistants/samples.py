"""The sample assistants that come with Ciclo: loaded on wish, marked as such, gone in one step.

In: ``data/samples/<slug>/`` (assistant.toml, documents/, questions.jsonl, paraphrases.jsonl,
demo.jsonl, guidelines.<language>.md). Out: an assistant whose documents are marked ``is_sample``.
Loading twice gives the same assistant; what ``removal.remove_samples`` takes away was marked here.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core import config, db, retrieval
from core.access import allowed
from core.assistants import conditions, lifecycle
from core.assistants.folder import definition, read_folder
from core.assistants.layout import FIELDS
from core.db.tables import Assistant, Document
from core.errors import Conflict, NotFound
from core.i18n import _, language


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
    return [_sample(slug) for slug in _slugs()]


def questions(slug: str) -> list[dict[str, Any]]:
    """The sample's test questions: id, kind, question and, where answerable, document and quote."""
    return _lines(slug, "questions.jsonl")


def paraphrases(slug: str) -> list[dict[str, Any]]:
    """More paraphrases of the sample's test questions: id, of (the id of one) and question."""
    return _lines(slug, "paraphrases.jsonl")


def demo(slug: str) -> list[dict[str, Any]]:
    """The sample's demonstration conversations, as written."""
    return _lines(slug, "demo.jsonl")


def guidelines(slug: str) -> tuple[str, str]:
    """What the sample's review queue is called and what its reviewers go by (Markdown), in the
    language of now."""
    text = (_folder(slug) / f"guidelines.{language()}.md").read_text(encoding="utf-8")
    name, _newline, rest = text.partition("\n")
    return name.lstrip("# ").strip(), rest.strip()


def starters(slug: str) -> list[str]:
    """The questions that the sample proposes; none where it no longer comes with Ciclo."""
    told = definition(read_folder(_folder(slug))) if slug in _slugs() else {}
    return list(told.get("starters", []))


@allowed("change")
def load_sample(slug: str) -> Assistant:
    """The sample's assistant with its documents ready to search; made when it is not there.

    A document that somebody has put there under a sample's name stays as it is.
    """
    files = read_folder(_folder(slug))
    told = definition(files)
    assistant = _loaded(slug) or _created(slug, told)
    known, there = conditions.understood(told), _documents(assistant.id)
    for name, data in files[1:]:
        if there.get(name, True):
            row = retrieval.add(assistant.id, name, data, is_sample=True)
            if name not in there:
                conditions.apply(row.id, known.get(name, {}))
            retrieval.read_now(row.id)
    return _in_place_of_nothing(assistant)


def _in_place_of_nothing(assistant: Assistant) -> Assistant:
    """A default that has no documents can answer nothing: the sample takes its place."""
    standing = lifecycle.default()
    if standing and standing.id != assistant.id and not retrieval.documents(standing.id, limit=1):
        return lifecycle.set_default(assistant.id)
    return assistant


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
    except Conflict:  # loaded by somebody else just now, or a person's assistant has the name
        marked = f"{name} ({_('sample')})"
        return _loaded(slug) or lifecycle.create(marked, **values, sample=slug)


def _documents(assistant_id: str) -> dict[str, bool]:
    """The names of its documents, and whether each is sample data."""
    with db.session() as session:
        living = select(Document.name, Document.is_sample).where(
            Document.assistant_id == assistant_id, Document.removed_at.is_(None)
        )
        return dict(session.execute(living).all())


def _slugs() -> list[str]:
    return sorted(path.parent.name for path in config.SAMPLES.glob("*/assistant.toml"))


def _sample(slug: str) -> Sample:
    files = read_folder(_folder(slug))
    told = definition(files)
    return Sample(slug, told["name"], told["language"], len(files) - 1, len(questions(slug)))


def _folder(slug: str) -> Path:
    path = config.SAMPLES / slug
    if not (slug.isidentifier() and (path / "assistant.toml").is_file()):
        raise NotFound(
            _("There is no sample '{slug}'.").format(slug=slug),
            hint=_("There are: {names}.").format(names=", ".join(_slugs())),
        )
    return path


def _lines(slug: str, name: str) -> list[dict[str, Any]]:
    path = _folder(slug) / name
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
