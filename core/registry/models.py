"""Which models there are, whether they can answer now, and fetching those that are missing.

In: what the Ollama server has and what is registered. Out: ``ModelStatus`` lines; progress of a
pull. Always holds: a server that cannot be asked makes no error of a listing, and nothing missing.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from core import db
from core.access import allowed
from core.config import settings
from core.db.tables import Assistant, Model
from core.errors import ModelFailed
from core.i18n import _, number
from core.llm import ollama
from core.llm.choice import is_chat_model
from core.registry.following import follow_ollama
from core.registry.sight import Sight, look
from core.registry.versions import CHAMPION, current

log = logging.getLogger("ciclo.registry")
DEFAULT_PULL = "llama3.2"  # 2 GB, runs without a graphics card, speaks Portuguese


@dataclass(frozen=True)
class ModelStatus:
    """One line of the listing. ``status``: ready | missing | not_reachable."""

    provider: str
    name: str
    status: str
    description: str


def listing() -> list[ModelStatus]:
    """Every model that is installed or registered, with whether it can answer now."""
    sight = look()
    lines = {("embedded", "quotes"): "ready"}
    lines |= {("ollama", model.name): "ready" for model in sight.models if is_chat_model(model)}
    for provider, name in _registered():
        if provider != "ollama":
            lines.setdefault((provider, name), "ready")
        elif not sight.called(name):
            lines["ollama", name] = "not_reachable" if sight.failure else "missing"
    return [ModelStatus(*key, status, _describe(*key, sight)) for key, status in lines.items()]


def silent(name: str) -> str:
    """What to say of a model ("provider:model") that cannot answer now, as far as is known without asking
    it; "" where it can."""
    here = {f"{one.provider}:{one.name}": one.status for one in listing()}
    if here.get(name, "ready") == "ready":
        return ""
    said = _("{model} does not answer now: askers who are given it get the fallback.")
    return said.format(model=name)


def missing() -> list[str]:
    """Names of the Ollama models that champions need and a server that answers does not have.

    With no chat model on the server at all, the one we would pull.
    """
    sight = look(afresh=True)
    if sight.failure:
        return []
    wanted = [name for name in _champions() if not sight.called(name)]
    nothing = not any(is_chat_model(model) for model in sight.models)
    return wanted or ([DEFAULT_PULL] if nothing else [])


@allowed("change")
def pull(name: str) -> Iterator[ollama.PullProgress]:
    """Fetch an Ollama model with progress; assistants that follow Ollama use it afterwards."""
    yield from ollama.pull(name)
    follow_ollama()


def pull_missing() -> list[str]:
    """At the start, where CICLO_OLLAMA_PULL asks for it: fetch what is missing; what was fetched."""
    fetched = []
    for name in missing() if settings().ollama_pull else []:
        log.info("pulling a model", extra={"model": name})
        try:
            for _progress in pull(name):
                pass
            fetched.append(name)
        except ModelFailed as failure:  # the next start tries again; the embedded engine answers
            log.warning("a model was not pulled", extra={"model": name, "why": failure.message})
    return fetched


def _describe(provider: str, name: str, sight: Sight) -> str:
    if provider == "embedded":
        return _("Quotes your documents; connect Ollama for written answers.")
    if provider == "fake":
        return _("Speaks from a script; for tests.")
    model = sight.called(name)
    if model is None:
        return sight.failure.message if sight.failure else _("Not on the Ollama server.")
    return _("{billions} billion parameters, {size} GB").format(
        billions=number(model.parameters, 1), size=number(model.size / 1e9, 1)
    )


def _registered() -> list[tuple[str, str]]:
    with db.session() as session:
        rows = session.execute(select(Model.provider, Model.name).order_by(Model.created_at))
        return [(row.provider, row.name) for row in rows]


def _champions() -> list[str]:
    with db.session() as session:
        living = session.scalars(select(Assistant.id).where(Assistant.removed_at.is_(None)))
        found = [current(session, assistant_id, CHAMPION) for assistant_id in living.all()]
        models = [session.get_one(Model, version.model_id) for version in found if version]
        return sorted({model.name for model in models if model.provider == "ollama"})
