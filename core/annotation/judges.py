"""Which model may be asked beforehand what it thinks of a queue's answers, and where it runs.

In: "provider:model". Out: its full name, registered; the address that answers are sent to. Always
holds: opening the door to a model takes a person who named it; nobody is called here.
"""

from sqlalchemy import select

from core import db, registry
from core.config import settings
from core.db.tables import Model
from core.errors import InvalidInput, ModelFailed
from core.i18n import _
from core.llm import EMBEDDED, failures, split
from core.llm.endpoints import PACKAGES, endpoint
from core.registry.following import full_name_and_defaults


def checked_judge(name: str) -> str:
    """``name`` as the registry has it, registered when new; "" (no judge) stays "".

    InvalidInput for what names no model, or the embedded engine: it quotes and can judge nothing.
    """
    if not name.strip():
        return ""
    full = judge_name(name)
    registry.model(*split(full))
    return full


def judge_name(name: str) -> str:
    """``name`` as the registry would have it; InvalidInput for what cannot judge."""
    full, _parameters = full_name_and_defaults(name)
    if full == EMBEDDED:
        raise InvalidInput(
            _("Ciclo’s own engine quotes documents; it cannot judge an answer."),
            hint=_("Choose a model that writes."),
            field="judge",
        )
    return full


def address(name: str) -> str:
    """Where the model is reached; "" where it speaks within this process, or nobody knows."""
    provider, model = split(name)
    if provider == "ollama":
        return failures.shown(settings().ollama)
    if provider not in PACKAGES:
        return ""
    try:
        return failures.shown(endpoint(provider, model)[0].url)
    except ModelFailed:  # a server that is named no more: nothing could be sent there
        return ""


def context_tokens(name: str) -> int | None:
    """The model's window as registered, where it is known."""
    provider, model = split(name)
    query = select(Model.context_tokens).where(Model.provider == provider, Model.name == model)
    with db.session() as session:
        return session.scalar(query)
