"""Who answers for an assistant: what a person chose, else the best model that Ollama has.

In: what the server has, and choices. Out: champions moved. Always holds: an assistant for which
nobody chose a model follows Ollama, and is answered for by the embedded engine while Ollama is not
there; a choice stays, whatever comes or goes, until it is taken back with ``follow_again``.
"""

import logging
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.access import allowed
from core.db.tables import Assistant, Version
from core.llm import EMBEDDED, checked, split
from core.llm.choice import InstalledModel
from core.registry.sight import look
from core.registry.versions import (
    CHAMPION,
    begin,
    change_champion,
    current,
    no_assistant,
    parts_of,
    register,
)

log = logging.getLogger("ciclo.registry")


def follow_ollama(*, afresh: bool = True) -> list[str]:
    """Look for Ollama and move the champions that follow it; ids of the assistants that changed.

    A server that is merely slow or busy changes nothing. Not ``afresh``: what was seen lately will do.
    """
    sight = look(afresh=afresh)
    if sight.failure and sight.failure.code != "not_reachable":
        log.warning("ollama did not tell its models", extra={"code": sight.failure.code})
        return []
    best = sight.best()
    with db.session() as session:
        if not _behind(session, best):  # nearly always; spares the others a write lock
            return []
    with db.writing() as session:
        behind = _behind(session, best)
        for assistant in behind:
            _follow(session, assistant, best, "ollama:found" if best else "ollama:gone")
        return [assistant.id for assistant in behind]


@allowed("change")
def choose_model(assistant_id: str, name: str, parameters: dict[str, Any] | None = None) -> Version:
    """A person's choice: ``name`` ("provider:model") answers from now on, installed or not.

    Without ``parameters`` it gets sensible ones. InvalidInput for an unknown provider or parameter.
    """
    full, sensible = full_name_and_defaults(name)
    given = sensible if parameters is None else checked(parameters)
    with db.writing() as session:
        assistant = _assistant(session, assistant_id)
        assistant.follows_ollama = False
        return change_champion(session, assistant, "chosen", model=full, parameters=given)


@allowed("change")
def set_parameters(assistant_id: str, **values: Any) -> Version:
    """Who answers stays; the parameters in ``values`` change, and None leaves one to the model.

    InvalidInput for an unknown parameter or value.
    """
    with db.writing() as session:
        assistant = _assistant(session, assistant_id)
        before = current(session, assistant_id, CHAMPION) or begin(session, assistant)
        parts = parts_of(session, before)
        given = checked(parts.parameters | values)
        return change_champion(session, assistant, "tuned", model=parts.model, parameters=given)


@allowed("change")
def follow_again(assistant_id: str) -> Version:
    """Take a person's choice back: the best installed model answers, else the embedded engine."""
    best = look().best()
    with db.writing() as session:
        assistant = _assistant(session, assistant_id)
        assistant.follows_ollama = True
        return _follow(session, assistant, best, "following")


def full_name_and_defaults(name: str) -> tuple[str, dict[str, Any]]:
    """``name`` as the server writes it ("ollama:llama3.2:latest") and its untuned parameters."""
    provider, wanted = split(name)
    known = look().called(wanted) if provider == "ollama" else None
    return f"ollama:{known.name}" if known else name.strip(), defaults(known)


def defaults(model: InstalledModel | None) -> dict[str, Any]:
    """Parameters of a version nobody has tuned: calm, and without thoughts where that is possible.

    The passages hold the answer, so thinking costs the asker time; gpt-oss cannot be silenced.
    """
    if model is None:
        return {}
    calm: dict[str, Any] = {"temperature": 0.2}
    if model.thinks:
        calm["reasoning"] = "low" if "gpt-oss" in model.name else False
    return calm


def _behind(session: Session, best: InstalledModel | None) -> list[Assistant]:
    """Those that follow Ollama and are not answered for by ``best``."""
    living = select(Assistant).where(Assistant.follows_ollama, Assistant.removed_at.is_(None))
    target = _target(best)
    return [a for a in session.scalars(living).all() if _answering(session, a) != target]


def _answering(session: Session, assistant: Assistant) -> str:
    champion = current(session, assistant.id, CHAMPION)
    return parts_of(session, champion).model if champion else ""


def _follow(
    session: Session, assistant: Assistant, best: InstalledModel | None, reason: str
) -> Version:
    _note(session, best)
    return change_champion(
        session, assistant, reason, model=_target(best), parameters=defaults(best)
    )


def _target(best: InstalledModel | None) -> str:
    return f"ollama:{best.name}" if best else EMBEDDED


def _note(session: Session, model: InstalledModel | None) -> None:
    """Keep what the server says of a model with the model."""
    if model:
        register(session, "ollama", model.name, context_tokens=model.context_tokens)


def _assistant(session: Session, assistant_id: str) -> Assistant:
    assistant = session.get(Assistant, assistant_id, with_for_update=True)
    if assistant is None or assistant.removed_at is not None:
        raise no_assistant(assistant_id)
    return assistant
