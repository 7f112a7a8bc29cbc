"""How the models are doing: their servers, what is loaded, open breakers, the last hour's failures.

In: the servers, this process's breakers, stored answers with their traces. Out: ``Health``. Answers
that people removed do not count.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core import access, clock, db, registry
from core.config import settings
from core.db.tables import Assistant, Conversation, Message, Model, Trace, Version
from core.diagnosis import machine
from core.errors import ModelFailed
from core.llm import ollama

HOUR = timedelta(hours=1)
MOST = 5000  # answers looked at, the newest; an hour of a small team holds far fewer


@dataclass(frozen=True)
class Server:
    """A model server. ``error`` is empty where it answers; ``version`` where it tells one."""

    name: str
    url: str
    version: str = ""
    error: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Broken:
    """A breaker that is not at rest: of which version, and for how long it lets nobody through."""

    version_id: str
    assistant: str
    number: int
    model: str
    state: str
    failures: int
    rests_for: float


@dataclass(frozen=True)
class Rate:
    """How one version did lately. ``answers`` it gave, ``as_fallback`` of them for another one;
    ``failed`` of them ended as error or cut off; ``calls`` of its model, ``failed_calls`` of them."""

    version_id: str
    assistant: str
    number: int
    model: str
    answers: int
    as_fallback: int
    failed: int
    calls: int
    failed_calls: int
    codes: dict[str, int] = field(default_factory=dict)

    @property
    def failure_rate(self) -> float | None:
        """Share of its calls that failed; None where there were none."""
        return self.failed_calls / self.calls if self.calls else None


@dataclass(frozen=True)
class Health:
    """Everything together; ``since`` is when the hour of ``rates`` began, ``answers`` given in it."""

    servers: list[Server]
    loaded: list[ollama.LoadedModel]
    breakers: list[Broken]
    rates: list[Rate]
    answers: int
    fallbacks: int
    minutes: int = 60


def health() -> Health:
    """How the models are doing, seen from this process."""
    server, loaded = _ollama()
    rates = lately()
    answers = sum(one.answers for one in rates)
    fallbacks = sum(one.as_fallback for one in rates)
    return Health([server], loaded, broken(), rates, answers, fallbacks)


def broken() -> list[Broken]:
    """This process's breakers that have seen failures."""
    return _broken([asdict(one) for one in registry.breakers()])


def health_here() -> Health:
    """The same for a process that answers nobody: with the breakers of the Ciclo that runs here."""
    told = machine.running("/api/v1/models/health").get("breakers")
    return replace(health(), breakers=_broken(told if isinstance(told, list) else []))


def _broken(states: list[Any]) -> list[Broken]:
    """Those of versions that this database knows: another Ciclo's are none of ours."""
    try:
        names = _named({str(one["version_id"]) for one in states})
        facts = ("state", "failures", "rests_for")
        return [
            Broken(id_, *names[id_], *(one[fact] for fact in facts))
            for one in states
            if (id_ := str(one["version_id"])) in names
        ]
    except (KeyError, TypeError):  # an older Ciclo
        return []


def lately(within: timedelta = HOUR) -> list[Rate]:
    """How each version did, the most used first."""
    answers, fallbacks, failed = Counter[str](), Counter[str](), Counter[str]()
    calls, codes = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for version_id, reason, outcome, finish, spans in _answers(within):
        answers[version_id] += 1
        fallbacks[version_id] += reason.startswith("fallback")
        failed[version_id] += outcome in ("error", "cut_off") and finish not in (
            "stopped",
            "length",
        )
        for called, code in _calls(spans or []):
            calls[called] += 1
            codes[called].update([code] if code else [])
    names = _named({*answers, *calls})
    told = [
        Rate(
            id_,
            *names[id_],
            answers[id_],
            fallbacks[id_],
            failed[id_],
            calls[id_],
            codes[id_].total(),
            dict(codes[id_]),
        )
        for id_ in {*answers, *calls}
        if id_ in names
    ]
    return sorted(told, key=lambda one: (-one.calls, -one.answers, one.assistant, one.number))


def _ollama() -> tuple[Server, list[ollama.LoadedModel]]:
    url = settings().ollama
    try:
        version = ollama.version()
        return Server("ollama", url, version), ollama.in_memory()
    except ModelFailed as failure:
        return Server("ollama", url, error=failure.message, hint=failure.hint), []


def _answers(within: timedelta) -> Iterable[Any]:
    query = (
        select(
            Message.version_id,
            Message.routing_reason,
            Message.outcome,
            Message.finish_reason,
            Trace.spans,
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(Trace, Trace.message_id == Message.id)
        .where(
            Message.created_at >= clock.now() - within,
            Message.version_id.is_not(None),
            Message.state == "done",
            Message.cached.is_(False),
            Conversation.removed_at.is_(None),
            access.seen(Conversation.assistant_id),
        )
        .order_by(Message.created_at.desc())
        .limit(MOST)
    )
    with db.session() as session:
        return session.execute(query).all()


def _calls(spans: list[dict[str, Any]]) -> Iterable[tuple[str, str]]:
    """(version, code of its failure or "") of each call of a model: it is the one last routed to."""
    version = ""
    for span in spans:
        if span["kind"] == "route":
            version = span["attributes"].get("ciclo.version.id", version)
        elif span["kind"] == "model" and version and span["code"] != "stopped":
            yield version, span["code"]


def _named(ids: set[str]) -> dict[str, tuple[str, int, str]]:
    """Version id -> assistant, number, model."""
    query = (
        select(
            Version.id, Assistant.name, Version.number, Model.provider, Model.name.label("model")
        )
        .join(Assistant, Assistant.id == Version.assistant_id)
        .join(Model, Model.id == Version.model_id)
        .where(Version.id.in_(ids), access.seen(Version.assistant_id))
    )
    with db.session() as session:
        rows = session.execute(query).all()
    return {row.id: (row.name, row.number, f"{row.provider}:{row.model}") for row in rows}
