"""Every model that is installed, registered or named somewhere: its facts, and who uses it.

In: what Ollama has, what is registered, what assistants name. Out: ``Known`` lines and ``Provider``
lines. Nobody over the network is called but Ollama; a hosted provider counts as ready where it has
what it needs.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from sqlalchemy import select

from core import assistants, db, llm, registry
from core.config import settings
from core.db.tables import Assistant, Model, Version
from core.errors import InvalidInput, ModelFailed
from core.i18n import _
from core.llm import EMBEDDED, PROVIDERS, ollama
from core.llm.choice import InstalledModel, is_chat_model
from core.llm.thinking import gemini_levels, may_think
from core.registry.sight import Sight, look


@dataclass(frozen=True)
class Use:
    """An assistant that names a model. ``role``: champion | challenger | fallback | rule, with its
    ``number`` from 1 where there may be several."""

    assistant_id: str
    assistant: str
    role: str
    number: int = 0


@dataclass(frozen=True)
class Known:
    """A model. ``status``: ready | missing | not_reachable | not_ready (its provider lacks something).

    ``size`` in bytes, ``parameters`` in billions, prices in US dollars a million tokens; None where
    nobody tells. ``in_memory``: the server has it loaded now.
    """

    provider: str
    name: str
    status: str
    size: int | None = None
    parameters: float | None = None
    context_tokens: int | None = None
    thinks: bool | None = None
    price_in: float = 0.0
    price_out: float = 0.0
    origin: str = ""
    in_memory: bool = False
    used_by: tuple[Use, ...] = ()

    @property
    def full(self) -> str:
        """As ``open_model`` takes it."""
        return f"{self.provider}:{self.name}"


def models() -> list[Known]:
    """Every model we know of: those that are used first, then by name."""
    sight, used, rows = look(afresh=True), uses(), _registered()
    names = {EMBEDDED, *used, *rows}
    names |= {f"ollama:{model.name}" for model in sight.models if is_chat_model(model)}
    loaded = _loaded(sight)
    lacking = {one.name for one in llm.providers() if not one.ready}
    found = [_known(name, sight, lacking, rows.get(name)) for name in names]
    told = [
        replace(one, used_by=tuple(used.get(one.full, ())), in_memory=one.full in loaded)
        for one in found
    ]
    return sorted(told, key=lambda one: (not one.used_by, one.full))


def providers() -> list[llm.Provider]:
    """Every provider: ready, or what it lacks and what to do; Ollama is ready where it answers."""
    failure = look(afresh=True).failure
    shown = [one for one in llm.providers() if one.name != "fake"]
    if failure is None:
        return shown
    away = {"ready": False, "missing": "server", "hint": f"{failure.message} {failure.hint}"}
    return [replace(one, **away) if one.name == "ollama" else one for one in shown]  # type: ignore[arg-type]


def uses() -> dict[str, list[Use]]:
    """Who names which model ("provider:model", as its server writes it)."""
    found: dict[str, list[Use]] = defaultdict(list)
    for assistant in assistants.all():
        for name, role, number in named_by(assistant):
            found[name].append(Use(assistant.id, assistant.name, role, number))
    return found


def named_by(assistant: Assistant) -> list[tuple[str, str, int]]:
    """(model, role, number) of each model that an assistant names, the champion first."""
    routing = assistant.routing or {}
    told = [(registry.route(assistant.id).name, "champion", 0)]
    if rival := registry.pointed(assistant.id, "challenger"):
        told.append((_model_of(Version.id == rival.id), "challenger", 0))
    told += [(full(n), "fallback", i) for i, n in enumerate(routing.get("fallbacks") or [], 1)]
    for number, rule in enumerate(routing.get("rules") or [], 1):
        use = rule["use"]
        if isinstance(use, int):
            mine = (Version.assistant_id == assistant.id) & (Version.number == use)
            told.append((_model_of(mine), "rule", number))
        else:
            told.append((full(use), "rule", number))
    return told


def full(name: str) -> str:
    """ "llama3.2" -> "ollama:llama3.2:latest": with a provider (Ollama unless one is named), and as
    its server writes it. InvalidInput where it can be no model's name."""
    name = name.strip()
    if name.partition(":")[0] not in PROVIDERS:
        name = f"ollama:{name}"
    provider, model = llm.split(name)
    known = look().called(model) if provider == "ollama" else None
    return f"ollama:{known.name}" if known else f"{provider}:{model}"


def of_ollama(name: str) -> str:
    """The name of an Ollama model without its provider; InvalidInput for any other's."""
    provider, model = llm.split(full(name))
    if provider != "ollama":
        raise InvalidInput(
            _("{model} is no model of Ollama: there is nothing to pull.").format(model=name),
            hint=_("Name one as Ollama does, such as llama3.2."),
            field="name",
        )
    return model


def _known(name: str, sight: Sight, lacking: set[str], row: Model | None) -> Known:
    provider, model = llm.split(name)
    facts = Known(provider, model, "ready")
    if row:
        facts = replace(
            facts,
            context_tokens=row.context_tokens,
            price_in=row.price_in,
            price_out=row.price_out,
            origin=row.origin,
        )
    if provider == "ollama":
        return _on_ollama(facts, sight, sight.called(model))
    status = "not_ready" if provider in lacking else "ready"
    own = provider in ("embedded", "fake")
    thinks = False if own else may_think(model) or bool(gemini_levels(model))
    return replace(facts, status=status, thinks=thinks)


def _on_ollama(facts: Known, sight: Sight, model: InstalledModel | None) -> Known:
    if model is None:
        return replace(facts, status="not_reachable" if sight.failure else "missing")
    return replace(
        facts,
        size=model.size or None,
        parameters=model.parameters or None,
        context_tokens=model.context_tokens or facts.context_tokens,
        thinks=model.thinks if model.capabilities else None,
    )


def _registered() -> dict[str, Model]:
    with db.session() as session:
        rows = session.scalars(select(Model)).all()
    return {full(f"{row.provider}:{row.name}"): row for row in rows}


def _loaded(sight: Sight) -> set[str]:
    if sight.failure:
        return set()
    try:
        return {f"ollama:{name}" for name in ollama.loaded(settings().ollama)}
    except ModelFailed:  # an old server
        return set()


def _model_of(which: object) -> str:
    query = select(Model).join(Version, Version.model_id == Model.id).where(which)  # type: ignore[arg-type]
    with db.session() as session:
        row = session.scalars(query).first()
    return f"{row.provider}:{row.name}" if row else EMBEDDED
