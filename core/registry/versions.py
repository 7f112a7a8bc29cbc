"""Models and versions: registered once, never changed.

In: what an answer is made with. Out: rows of ``models`` and ``versions``, made when they are new.
Always holds: one row per (provider, name) and per (assistant, digest), numbered from 1 without
gaps per assistant, whoever else writes at the same time (the database's unique keys decide).
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, event, func, select
from sqlalchemy.orm import Session

from core import db
from core.access import allowed, there
from core.db.tables import Alias, Assistant, Model, Version
from core.errors import NotFound
from core.i18n import _
from core.llm import EMBEDDED, split

CHAMPION, CHALLENGER = "champion", "challenger"
PROMPT_SET = "v1"
PASSAGES = 6
RETRIEVAL = {"k": PASSAGES}
TRIES = 5  # a clash needs two writers of the same assistant at once; five in a row do not happen


@dataclass(frozen=True)
class Parts:
    """What a version is made of. ``model`` is "provider:model"."""

    model: str
    parameters: dict[str, Any] = field(default_factory=dict)
    prompt: dict[str, Any] = field(default_factory=dict)
    retrieval: dict[str, Any] = field(default_factory=lambda: dict(RETRIEVAL))
    memory_freeze: datetime | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the parts: equal parts have equal digests, here and elsewhere."""
        frozen = self.memory_freeze.isoformat() if self.memory_freeze else None
        parts = [self.model, self.parameters, self.prompt, self.retrieval, frozen]
        text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def prompt_of(assistant: Assistant) -> dict[str, Any]:
    """The prompt settings of a version: the set, and the assistant's own words as they are now."""
    words = {
        "set": PROMPT_SET,
        "persona": assistant.persona,
        "rules": list(assistant.rules),
        "language": assistant.language,
    }
    return words | ({"modes": assistant.modes} if assistant.modes else {})


@allowed("change", of_all=False)  # a name that an assistant is to use
def model(provider: str, name: str, **facts: Any) -> Model:
    """The registered model of that name, made when new; ``facts`` (prices, context_tokens, origin)
    are written where given."""
    split(f"{provider}:{name}")
    return db.settled(lambda session: register(session, provider, name, **facts), TRIES)


@allowed("change")
def version(
    assistant_id: str,
    model_id: str,
    parameters: dict[str, Any] | None = None,
    prompt: dict[str, Any] | None = None,
    retrieval: dict[str, Any] | None = None,
    memory_freeze: datetime | None = None,
) -> Version:
    """The version with exactly these parts, made when new.

    What is left out is that of today: no parameters, the assistant's prompt, default retrieval.
    """

    def made(session: Session) -> Version:
        assistant = session.get(Assistant, assistant_id, with_for_update=True)
        if assistant is None:
            raise no_assistant(assistant_id)
        chosen = session.get(Model, model_id)
        if chosen is None:
            raise NotFound(_("There is no model with the id “{id}”.").format(id=model_id))
        parts = Parts(
            f"{chosen.provider}:{chosen.name}",
            parameters or {},
            prompt_of(assistant) if prompt is None else prompt,
            dict(RETRIEVAL) if retrieval is None else retrieval,
            memory_freeze,
        )
        return stored(session, assistant_id, parts)

    return db.settled(made, TRIES)


@there
def versions(assistant_id: str) -> list[Version]:
    """Every version of an assistant, newest first."""
    with db.session() as session:
        found = select(Version).where(Version.assistant_id == assistant_id)
        return list(session.scalars(found.order_by(Version.number.desc())))


def begin(session: Session, assistant: Assistant, parts: Parts | None = None) -> Version:
    """The first champion of an assistant, in the transaction that makes it: the embedded engine."""
    parts = parts or Parts(EMBEDDED)
    first = stored(session, assistant.id, replace(parts, prompt=prompt_of(assistant)))
    moved(session, assistant.id, CHAMPION, first.id, "created")
    return first


def prompt_changed(session: Session, assistant: Assistant) -> Version:
    """After an assistant was edited: its champion with today's prompt, made champion when new."""
    return change_champion(session, assistant, "edited")


def change_champion(
    session: Session,
    assistant: Assistant,
    reason: str,
    *,
    model: str = "",
    parameters: dict[str, Any] | None = None,
    retrieval: dict[str, Any] | None = None,
) -> Version:
    """Today's champion with another model or retrieval (or none changed) and today's prompt, made
    champion."""
    before = current(session, assistant.id, CHAMPION)
    if before is None:
        return begin(session, assistant, Parts(model or EMBEDDED, parameters or {}))
    parts = replace(parts_of(session, before), prompt=prompt_of(assistant))
    if model:
        parts = replace(parts, model=model, parameters=parameters or {})
    if retrieval is not None:
        parts = replace(parts, retrieval=retrieval)
    after = stored(session, assistant.id, parts)
    if after.id != before.id:
        moved(session, assistant.id, CHAMPION, after.id, reason)
    return after


def parts_of(session: Session, row: Version) -> Parts:
    """The parts a stored version was made of."""
    chosen = session.get_one(Model, row.model_id)
    name = f"{chosen.provider}:{chosen.name}"
    return Parts(name, row.parameters, row.prompt, row.retrieval, row.memory_freeze)


def current(session: Session, assistant_id: str, alias: str) -> Version | None:
    """The version that an alias points at now."""
    return session.scalar(select(Version).where(Version.id == newest(assistant_id, alias)))


def newest(assistant_id: str, alias: str) -> ScalarSelect[str]:
    """The id of the version that an alias points at, to be used inside a query."""
    mine = select(Alias.version_id).where(Alias.assistant_id == assistant_id, Alias.name == alias)
    return mine.order_by(Alias.number.desc()).limit(1).scalar_subquery()


def moved(session: Session, assistant_id: str, alias: str, version_id: str, reason: str) -> None:
    """Point an alias at a version, in the caller's transaction."""
    session.add(Alias(assistant_id=assistant_id, name=alias, version_id=version_id, reason=reason))
    session.flush()


def stored(session: Session, assistant_id: str, parts: Parts) -> Version:
    """The row for ``parts``, in the caller's transaction."""
    digest = parts.digest
    mine = Version.assistant_id == assistant_id
    found = session.scalar(select(Version).where(mine, Version.digest == digest))
    if found:
        return found
    last = session.scalar(select(func.max(Version.number)).where(mine)) or 0
    made = Version(
        assistant_id=assistant_id,
        number=last + 1,
        model_id=register(session, *split(parts.model)).id,
        parameters=parts.parameters,
        prompt=parts.prompt,
        retrieval=parts.retrieval,
        memory_freeze=parts.memory_freeze,
        digest=digest,
    )
    session.add(made)
    session.flush()
    return made


def register(session: Session, provider: str, name: str, **facts: Any) -> Model:
    """The row of a model, made when new, in the caller's transaction."""
    named = select(Model).where(Model.provider == provider, Model.name == name)
    found = session.scalar(named) or Model(provider=provider, name=name)
    for fact, value in facts.items():
        setattr(found, fact, value)
    session.add(found)
    session.flush()
    return found


def no_assistant(assistant_id: str) -> NotFound:
    """The error for an id that no assistant has, or none that is living."""
    return NotFound(
        _("There is no assistant {id}.").format(id=assistant_id),
        hint=_("`ciclo assistants list` shows those there are."),
    )


def no_version(version_id: str | int) -> NotFound:
    """The error for an id that none of the assistant's versions has."""
    return NotFound(_("The assistant has no version {id}.").format(id=version_id))


@event.listens_for(Version, "before_update")
@event.listens_for(Alias, "before_update")
def _never(mapper: object, connection: object, row: Version | Alias) -> None:
    raise RuntimeError(f"{row!r} is never changed: make another one")
