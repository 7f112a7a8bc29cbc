"""Which models can answer now, and which of them each assistant uses.

In: what the configured Ollama server tells. Out: a listing with states, and champions moved:
``follow_ollama`` gives every assistant for which nobody chose the best installed chat model, and
takes it back to the embedded engine when the server is gone. A choice made by a person stays.
"""

import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.config import is_loopback, settings
from core.db.tables import Assistant, Model, Version
from core.errors import ModelFailed, NotFound
from core.i18n import _
from core.llm import EMBEDDED, ollama, split
from core.llm.choice import InstalledModel, best_chat_model, is_chat_model
from core.registry.versions import CHAMPION, change_champion, current

log = logging.getLogger("ciclo.registry")
FRESH_SECONDS = 10.0  # pages list models on every rerun; the server need not hear of each
DEFAULT_PULL = "llama3.2"  # 2 GB, runs without a graphics card, speaks Portuguese


@dataclass(frozen=True)
class ModelStatus:
    """One line of the listing. ``status``: ready | missing | not_reachable."""

    provider: str
    name: str
    status: str
    description: str


@dataclass(frozen=True)
class Sight:
    """What the last look at the server found; ``failure`` when it could not be asked."""

    url: str
    at: float
    models: tuple[InstalledModel, ...] = ()
    failure: ModelFailed | None = None


_last: Sight | None = None
_looking = threading.Lock()


def look(max_age: float = FRESH_SECONDS) -> Sight:
    """What the server has, at most ``max_age`` seconds old."""
    global _last
    with _looking:
        url = settings().ollama
        if _last is None or _last.url != url or monotonic() - _last.at > max_age:
            _last = _look(url)
        return _last


def listing(max_age: float = FRESH_SECONDS) -> list[ModelStatus]:
    """Every model that is installed or registered, with whether it can answer now."""
    sight = look(max_age)
    lines = {("embedded", "quotes"): "ready"}
    lines |= {("ollama", model.name): "ready" for model in sight.models if is_chat_model(model)}
    for provider, name in _registered():
        known = installed_name(name, sight) if provider == "ollama" else name
        lines.setdefault((provider, known or name), _absent(provider, sight))
    return [ModelStatus(*key, status, _describe(*key, sight)) for key, status in lines.items()]


def follow_ollama() -> list[str]:
    """Look for Ollama and move the champions that follow it; ids of the assistants that changed.

    A server that is merely slow or busy changes nothing.
    """
    sight = look(max_age=0.0)
    if sight.failure and sight.failure.code != "not_reachable":
        log.warning("ollama did not tell its models", extra={"code": sight.failure.code})
        return []
    best = best_chat_model(sight.models, _memory(sight.url))
    with db.writing() as session:
        following = select(Assistant).where(
            Assistant.follows_ollama, Assistant.removed_at.is_(None)
        )
        return [a.id for a in session.scalars(following).all() if _follow(session, a, best)]


def choose_model(assistant_id: str, name: str, parameters: dict[str, Any] | None = None) -> Version:
    """A person's choice: ``name`` ("provider:model") answers from now on, whatever is installed."""
    provider, model = split(name)
    sight = look() if provider == "ollama" else None
    known = installed_name(model, sight) if sight else None
    given = parameters if parameters is not None else _defaults(_found(known, sight))
    with db.writing() as session:
        assistant = _assistant(session, assistant_id)
        assistant.follows_ollama = False
        full = f"{provider}:{known or model}"
        return change_champion(session, assistant, "chosen", model=full, parameters=given)


def follow_again(assistant_id: str) -> Version:
    """Take a person's choice back: the best installed model answers, else the embedded engine."""
    sight = look()
    best = best_chat_model(sight.models, _memory(sight.url))
    with db.writing() as session:
        assistant = _assistant(session, assistant_id)
        assistant.follows_ollama = True
        name, parameters = _target(best)
        return change_champion(session, assistant, "following", model=name, parameters=parameters)


def missing() -> list[str]:
    """Names of the Ollama models that champions need and a reachable server does not have.

    With no chat model on the server at all, the one we would pull.
    """
    sight = look(max_age=0.0)
    if sight.failure:
        return []
    wanted = [name for name in _champions() if not installed_name(name, sight)]
    nothing = not any(is_chat_model(model) for model in sight.models)
    return wanted or ([DEFAULT_PULL] if nothing else [])


def pull(name: str) -> Iterator[ollama.PullProgress]:
    """Fetch an Ollama model with progress; assistants that follow Ollama use it afterwards."""
    yield from ollama.pull(name)
    follow_ollama()


def installed_name(name: str, sight: Sight) -> str | None:
    """The server's own name for ``name`` ("llama3.2" is "llama3.2:latest"), or None."""
    names = {model.name for model in sight.models}
    return next((n for n in (name, f"{name}:latest") if n in names), None)


def _look(url: str) -> Sight:
    try:
        return Sight(url, monotonic(), tuple(ollama.installed(url)))
    except ModelFailed as failure:
        return Sight(url, monotonic(), failure=failure)


def _follow(session: Session, assistant: Assistant, best: InstalledModel | None) -> bool:
    before = current(session, assistant.id, CHAMPION)
    name, parameters = _target(best)
    reason = "ollama:found" if best else "ollama:gone"
    after = change_champion(session, assistant, reason, model=name, parameters=parameters)
    return before is None or before.id != after.id


def _target(best: InstalledModel | None) -> tuple[str, dict[str, Any]]:
    return (f"ollama:{best.name}", _defaults(best)) if best else (EMBEDDED, {})


def _defaults(model: InstalledModel | None) -> dict[str, Any]:
    """Parameters of a version nobody has tuned: calm, and without thoughts where that is possible.

    The passages hold the answer, so thinking costs the asker time; gpt-oss cannot be silenced.
    """
    if model is None:
        return {}
    defaults: dict[str, Any] = {"temperature": 0.2}
    if model.thinks:
        defaults["reasoning"] = "low" if "gpt-oss" in model.name else False
    return defaults


def _found(name: str | None, sight: Sight | None) -> InstalledModel | None:
    return next((m for m in sight.models if m.name == name), None) if sight else None


def _absent(provider: str, sight: Sight) -> str:
    if provider != "ollama":
        return "ready"
    return "not_reachable" if sight.failure else "missing"


def _describe(provider: str, name: str, sight: Sight) -> str:
    if provider == "embedded":
        return _("Quotes your documents; connect Ollama for written answers.")
    if provider == "fake":
        return _("Speaks from a script; for tests.")
    model = _found(name, sight)
    if model is None:
        return _("Not on the server at {server}.").format(server=sight.url)
    return _("{billions:.1f} billion parameters, {size:.1f} GB").format(
        billions=model.parameters, size=model.size / 1e9
    )


def _registered() -> list[tuple[str, str]]:
    with db.session() as session:
        rows = session.execute(select(Model.provider, Model.name).order_by(Model.created_at))
        return [(row.provider, row.name) for row in rows]


def _champions() -> list[str]:
    with db.session() as session:
        living = session.scalars(select(Assistant.id).where(Assistant.removed_at.is_(None)))
        found = [current(session, assistant_id, CHAMPION) for assistant_id in living]
        models = [session.get_one(Model, version.model_id) for version in found if version]
        return sorted({model.name for model in models if model.provider == "ollama"})


def _assistant(session: Session, assistant_id: str) -> Assistant:
    assistant = session.get(Assistant, assistant_id)
    if assistant is None or assistant.removed_at is not None:
        raise NotFound(_("There is no assistant {id}.").format(id=assistant_id))
    return assistant


def _memory(url: str) -> int | None:
    """Bytes of memory where the server runs; None when it is another machine."""
    if not is_loopback(urlsplit(url).hostname or ""):
        return None
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
