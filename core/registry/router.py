"""The router: which version answers, and why; and who comes next when that one fails.

In: the assistant, and what is known of the asker. Out: ``Route`` with a reason that is a stable
code, never translated: "pinned", "rule:<number>", "experiment", "champion", "fallback:<code of the
failure>". Always holds: the order is that of these reasons; a version whose breaker is open is
passed over, and the route says so; the last fallback is the embedded engine, which needs no server.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, select

from core import db
from core.access import there
from core.db.tables import Assistant, Model, Version
from core.errors import InvalidInput
from core.llm import EMBEDDED
from core.registry.breaker import breaker
from core.registry.pinning import version_with_model
from core.registry.routing import Asking, challenged, fitting
from core.registry.versions import CHALLENGER, CHAMPION, newest, no_assistant, no_version

_VERSION, _MODEL = Version.__table__.columns.keys(), Model.__table__.columns.keys()
RESTING = "breaker_open"  # the code of the failure where a version is passed over


@dataclass(frozen=True)
class Passed:
    """A version that was not asked though its turn had come; ``why`` is a stable code."""

    version_id: str
    name: str
    reason: str
    why: str = RESTING


@dataclass(frozen=True)
class Route:
    """The version for one answer, its model, the reason for the choice, and who was passed over."""

    version: Version
    model: Model
    reason: str
    passed: tuple[Passed, ...] = ()

    @property
    def name(self) -> str:
        """The model's name as ``open_model`` takes it."""
        return f"{self.model.provider}:{self.model.name}"

    @property
    def embedded(self) -> bool:
        """Whether it is our own engine, which does not fail for want of a server."""
        return self.model.provider == "embedded"

    def passing(self, why: str = RESTING) -> Passed:
        """This route as one that was passed over."""
        return Passed(self.version.id, self.name, self.reason, why)


@there
def route(
    assistant_id: str, *, pinned_version_id: str | None = None, asking: Asking | None = None
) -> Route:
    """The version that answers now.

    Without ``asking`` it is the pinned one or the champion, whatever its state: who looks shall see
    what is set. NotFound when the pinned version is not one of this assistant's.
    """
    known = _known(assistant_id, pinned_version_id)
    if asking is None:
        return known.pinned or known.champion
    resting: list[Passed] = []
    for candidate in _candidates(known, assistant_id, asking):
        if candidate.embedded or breaker(candidate.version.id).allows():
            return replace(candidate, passed=tuple(resting))
        resting.append(candidate.passing())
    return next(fallbacks(assistant_id, RESTING, tuple(resting)))


@there
def fallbacks(assistant_id: str, code: str, tried: tuple[Passed, ...] = ()) -> Iterator[Route]:
    """Who answers after a failure of ``code``, in order: the champion, the fallbacks that were set,
    the embedded engine.

    Those of ``tried`` are left out, and a version whose breaker is open is passed over; each route
    says whom.
    """
    reason, gone = f"fallback:{code}", {one.version_id for one in tried}
    resting = [one for one in tried if one.why == RESTING]
    for candidate in _reserves(assistant_id, reason):
        if candidate.version.id in gone:
            continue
        gone.add(candidate.version.id)
        if candidate.embedded or breaker(candidate.version.id).allows():
            yield replace(candidate, passed=tuple(resting))
        else:
            resting.append(candidate.passing())


@dataclass(frozen=True)
class _Known:
    """What the database says of an assistant's versions."""

    routing: dict[str, Any]
    champion: Route
    challenger: Route | None
    pinned: Route | None


def _known(assistant_id: str, pinned_version_id: str | None) -> _Known:
    rows = db.rows(_all_known(), assistant=assistant_id, pinned=pinned_version_id)
    found = {row.id: _read(row, "") for row in rows}
    if not rows or rows[0].champion not in found:
        raise no_assistant(assistant_id)
    if pinned_version_id and pinned_version_id not in found:
        raise no_version(pinned_version_id)
    rival = found.get(rows[0].challenger)
    return _Known(
        rows[0].routing,
        replace(found[rows[0].champion], reason="champion"),
        replace(rival, reason="experiment") if rival else None,
        replace(found[pinned_version_id], reason="pinned") if pinned_version_id else None,
    )


@cache
def _all_known() -> Any:
    """The versions that may be chosen, with the routing; built once, as every answer needs it."""
    assistant: Any = bindparam("assistant")
    champion, challenger = newest(assistant, CHAMPION), newest(assistant, CHALLENGER)
    columns = (Assistant.routing, champion.label("champion"), challenger.label("challenger"))
    wanted = Version.id.in_([champion, challenger, bindparam("pinned")])
    chosen = _versions(assistant, *columns).join(Assistant, Assistant.id == Version.assistant_id)
    return chosen.where(wanted)


def _candidates(known: _Known, assistant_id: str, asking: Asking) -> Iterator[Route]:
    """Who may answer, in order, before anything has failed."""
    if known.pinned:
        yield known.pinned
    else:
        rules = known.routing.get("rules") or []
        for number, use in fitting(rules, asking):
            yield from _used(assistant_id, use, f"rule:{number}")
        if known.challenger and _drawn(known, asking):
            yield known.challenger
    yield known.champion


def _drawn(known: _Known, asking: Asking) -> bool:
    assert known.challenger
    share = float(known.routing.get("challenger_share") or 0.0)
    return challenged(share, known.challenger.version.id, asking.subject)


def _reserves(assistant_id: str, reason: str) -> Iterator[Route]:
    known = _known(assistant_id, None)
    yield replace(known.champion, reason=reason)
    for name in [*(known.routing.get("fallbacks") or []), EMBEDDED]:
        yield from _used(assistant_id, name, reason)


def _used(assistant_id: str, use: str | int, reason: str) -> list[Route]:
    """The version that a rule or a list of fallbacks names; none where it cannot be had."""
    if isinstance(use, int):
        wanted = Version.number == use
    else:
        try:
            wanted = Version.id == version_with_model(assistant_id, use).id
        except InvalidInput:  # its provider is gone since it was set
            return []
    return [_read(row, reason) for row in db.rows(_versions(assistant_id).where(wanted))]


def _read(row: Row[Any], reason: str) -> Route:
    """The route of a row of ``_versions``."""
    version, model = dict(zip(_VERSION, row, strict=False)), row[len(_VERSION) :]
    return Route(Version.of(version), Model.of(dict(zip(_MODEL, model, strict=False))), reason)


def _versions(assistant_id: str, *columns: object) -> Any:
    tables: Any = (Version.__table__, Model.__table__)  # plain: every question begins with these
    chosen = select(*tables, *columns).join(Model, Model.id == Version.model_id)
    return chosen.where(Version.assistant_id == assistant_id)
