"""The versions that an assistant's rules name: they exist here, and mean nothing elsewhere.

In: an assistant with its routing. Out: the same routing as another machine can take it. Always
holds: a rule that is kept names no version that the assistant does not have.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.db.tables import Assistant, Model, Version
from core.errors import InvalidInput
from core.i18n import _


def check_rules(session: Session, assistant: Assistant) -> None:
    """InvalidInput where a rule of ``assistant`` names a version that it does not have."""
    wanted = {n for n in _uses(assistant) if isinstance(n, int)}
    if missing := wanted - set(_models(session, assistant.id)) if wanted else set():
        raise InvalidInput(
            _("The assistant has no version {id}.").format(id=min(missing)),
            hint=_("Name a model instead, as in ollama:llama3.2."),
            field="routing",
        )


def portable(assistant: Assistant) -> dict[str, Any]:
    """The fallbacks and rules, with models for versions; the challenger's share stays behind, as
    the challenger does."""
    routing = {k: v for k, v in assistant.routing.items() if k != "challenger_share"}
    if any(isinstance(use, int) for use in _uses(assistant)):
        with db.session() as session:
            models = _models(session, assistant.id)
        routing["rules"] = [
            rule | {"use": models.get(rule["use"], rule["use"])} for rule in routing["rules"]
        ]
    return routing


def _uses(assistant: Assistant) -> list[Any]:
    return [rule["use"] for rule in (assistant.routing or {}).get("rules", [])]


def _models(session: Session, assistant_id: str) -> dict[int, str]:
    """Number -> "provider:model" of an assistant's versions."""
    rows = session.execute(
        select(Version.number, Model.provider, Model.name)
        .join(Model, Model.id == Version.model_id)
        .where(Version.assistant_id == assistant_id)
    )
    return {number: f"{provider}:{name}" for number, provider, name in rows}
