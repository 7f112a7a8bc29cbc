"""``ciclo models migrate FROM TO``: the plan, and the switch.

In: two models. Out: a ``Plan`` (nothing is changed by planning); then the assistants whose champion
was FROM answered for by TO, everything else of the version as it was, FROM as the first fallback.
Always holds: either all of them are switched or none; what was before is written down first, so
that ``undoing`` can bring it back exactly.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from typing import Any

from sqlalchemy.orm import Session

from core import assistants, db, registry
from core.access import allowed
from core.db.tables import Assistant, Version
from core.diagnosis import undoing
from core.diagnosis.inventory import full, of_ollama
from core.diagnosis.pulling import Pulling, measured
from core.errors import Conflict, InvalidInput, NotFound
from core.i18n import _
from core.llm import EMBEDDED, endpoints, ollama, split
from core.llm.choice import is_chat_model
from core.registry import routing
from core.registry.following import full_name_and_defaults
from core.registry.sight import look
from core.registry.versions import CHAMPION, current, moved, parts_of, stored

QUESTIONS = 10
REASON = "migrated"


@dataclass(frozen=True)
class Planned:
    """An assistant that would be switched; ``number`` is that of its champion now."""

    id: str
    name: str
    number: int
    version_id: str


@dataclass(frozen=True)
class Asked:
    """A question of the comparison, and whose starter question it is."""

    assistant_id: str
    assistant: str
    text: str


@dataclass(frozen=True)
class Plan:
    """What a migration would do. ``pulls``: TO must be fetched first.

    ``questions`` are at most QUESTIONS, taken from the assistants in turn.
    """

    before: str
    after: str
    assistants: tuple[Planned, ...]
    questions: tuple[Asked, ...]
    pulls: bool


def plan(before: str, after: str, *, questions: int = QUESTIONS) -> Plan:
    """What going from one model to the other means now.

    NotFound where FROM answers for nobody, InvalidInput for a TO that cannot answer, ModelFailed
    where its provider is not ready.
    """
    registry.follow_ollama()  # who answers now, as `models list` would tell
    before, after = full(before), full(after)
    if before == after:
        raise InvalidInput(
            _("Both are {model}: there is nothing to change.").format(model=after), field="to"
        )
    affected = [one for one in assistants.all() if registry.route(one.id).name == before]
    if not affected:
        raise _nobody(before)
    routes = {one.id: registry.route(one.id).version for one in affected}
    planned = [Planned(a.id, a.name, routes[a.id].number, routes[a.id].id) for a in affected]
    asked = tuple(islice(_in_turn(affected), questions))
    return Plan(before, after, tuple(planned), asked, _must_be_pulled(after))


@allowed("change")
def fetch(plan: Plan) -> Iterator[Pulling]:
    """Pull TO where it is missing; nobody follows it before the switch."""
    if plan.pulls:
        name = of_ollama(plan.after)
        yield from measured(name, ollama.pull(name))
        look(afresh=True)


def candidate(plan: Plan, assistant_id: str) -> Version:
    """The version that TO would answer with: the champion's, with another model."""
    before = next(one.version_id for one in plan.assistants if one.id == assistant_id)
    with db.writing() as session:
        return _with_model(session, session.get_one(Version, before), full(plan.after))


@allowed("change")
def switch(plan: Plan) -> list[Planned]:
    """Let TO answer; the assistants with the numbers of their new champions.

    Conflict, and nothing is changed, where one of them has another champion than was planned.
    """
    after = full(plan.after)
    with db.writing() as session:
        done = [_switched(session, one, plan, after) for one in plan.assistants]
        undoing.write(plan.before, after, [change for change, _planned in done])
    return [planned for _change, planned in done]


def _switched(
    session: Session, one: Planned, plan: Plan, after: str
) -> tuple[undoing.Change, Planned]:
    row = session.get(Assistant, one.id, with_for_update=True)
    planned = session.get(Version, one.version_id)
    if (
        row is None
        or row.removed_at
        or planned is None
        or not _as_planned(session, row, one, after)
    ):
        raise Conflict(
            _("“{name}” was changed since the plan was made.").format(name=one.name),
            hint=_("Nothing was switched. Make the plan again."),
        )
    was = replace(undoing.standing(session, row), champion=one.version_id)
    version = _with_model(session, planned, after)
    row.routing = _reserved(row.routing or {}, plan.before, after)
    row.follows_ollama = False
    moved(session, one.id, CHAMPION, version.id, REASON)
    change = undoing.Change(one.id, one.name, was, undoing.standing(session, row))
    return change, replace(one, number=version.number, version_id=version.id)


def _reserved(known: dict[str, Any], before: str, after: str) -> dict[str, Any]:
    """The routing with FROM as its first fallback; our own engine is the last one in any case."""
    others = [n for n in known.get("fallbacks") or [] if full(n) not in (before, after)]
    first = [before] if before != EMBEDDED else []
    fallbacks = [*first, *others][: routing.MOST_FALLBACKS]
    return routing.checked({**known, "fallbacks": fallbacks})


def _as_planned(session: Session, row: Assistant, one: Planned, after: str) -> bool:
    """Nobody has chosen anything since: at most it has followed Ollama to the model just pulled."""
    champion = current(session, one.id, CHAMPION)
    if champion is None or champion.id == one.version_id:
        return champion is not None
    return row.follows_ollama and parts_of(session, champion).model == after


def _with_model(session: Session, before: Version, model: str) -> Version:
    """``before`` with another model; our own engine's version has no parameters to keep."""
    parts = parts_of(session, before)
    name, sensible = full_name_and_defaults(model)
    parts = replace(parts, model=name, parameters=parts.parameters or sensible)
    return stored(session, before.assistant_id, parts)


def _must_be_pulled(model: str) -> bool:
    provider, name = split(model)
    if provider != "ollama":
        endpoints.check(provider, name)
        return False
    sight = look()
    if sight.failure:
        raise sight.failure
    known = sight.called(name)
    if known and not is_chat_model(known):
        raise InvalidInput(
            _("{model} makes vectors; it cannot answer.").format(model=model), field="to"
        )
    return known is None


def _in_turn(affected: list[Assistant]) -> Iterator[Asked]:
    """The first starter question of each, then the second, and so on."""
    each = [[Asked(a.id, a.name, text) for text in a.starters] for a in affected]
    return (one for one in chain.from_iterable(zip_longest(*each)) if one)


def _nobody(model: str) -> NotFound:
    used = sorted({registry.route(one.id).name for one in assistants.all()})
    return NotFound(
        _("No assistant is answered for by {model}.").format(model=model),
        hint=_("They are answered for by: {names}.").format(names=", ".join(used) or "-"),
    )
