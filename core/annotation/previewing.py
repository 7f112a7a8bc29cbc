"""What a queue's rules would have taken lately: the live counts beside the editor of the rules.

In: rules as they are being typed, a queue or an assistant, days. Out: ``Preview``, counts of each
rule alone (on or off) and of those that are on together. Always holds: it counts by the very
statements that fill the queue; nothing is written; what is in a queue already counts too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from core import access, assistants, clock, db
from core.annotation import matching, rules
from core.annotation.candidates import resting
from core.annotation.hits import hits
from core.annotation.queues import queue
from core.annotation.rules import Rule
from core.annotation.selecting import draw, drawn
from core.errors import InvalidInput
from core.i18n import _

DAYS = (1, 3650)
PART = 2_000  # conversations whose words are looked through at once
WORDS_SECONDS = 0.4  # words are looked for this long; the rest is estimated


@dataclass(frozen=True)
class Count:
    """So many conversations; ``about``: found in a sample drawn at random, and scaled up."""

    n: int
    about: bool = False


@dataclass(frozen=True)
class Preview:
    """Out of ``conversations`` of the last ``days``: what each rule takes alone, and those that are on
    together."""

    days: int
    conversations: int
    alone: dict[str, Count] = field(default_factory=dict)
    together: Count = field(default_factory=lambda: Count(0))


@access.allowed("lead")
def preview(
    queue_id: str | None = None,
    given: Iterable[Any] | None = None,
    days: int = 30,
    *,
    assistant: str | None = None,
) -> Preview:
    """Count, for the rules ``given`` (None: the queue's own), in a queue or (None) in one to come.

    Raises InvalidInput for a rule that cannot be, NotFound for an unknown queue or assistant.
    """
    if not DAYS[0] <= days <= DAYS[1]:
        raise InvalidInput(
            _("Days lie between {least} and {most}, not at {value}.").format(
                least=DAYS[0], most=DAYS[1], value=days
            ),
            field="days",
        )
    row = queue(queue_id) if queue_id else None
    own = rules.read(row.rules, row.random_share) if row else rules.usual()
    wanted = own if given is None else matching.check(rules.checked(given))
    assistant_id = row.assistant_id if row else assistants.chosen(assistant).id
    with db.session() as session:
        return _counted(session, queue_id or "", assistant_id, wanted, days)


def _counted(
    session: Session, queue_id: str, assistant_id: str, wanted: Sequence[Rule], days: int
) -> Preview:
    now = clock.now()
    ids = resting(session, assistant_id, until=now, since=now - timedelta(days=days))
    among, found = set(ids), dict[str, Collection[str]]()
    for rule in wanted:
        if rule.name == "random":
            found["random"] = drawn(queue_id, [replace(rule, on=True)], ids)
        elif rule.name != "keyword":
            found[rule.name] = hits(session, rule, among)
    taken = set().union(*(found[r.name] for r in wanted if r.on and r.name in found))
    said, more = _said(session, queue_id, wanted, ids, taken)
    alone = {name: Count(len(talks)) for name, talks in found.items()} | {"keyword": said}
    on = any(rule.name == "keyword" and rule.on for rule in wanted)
    together = Count(len(taken) + more.n * on, more.about and on)
    return Preview(days, len(ids), alone, together)


def _said(
    session: Session, queue_id: str, wanted: Sequence[Rule], ids: list[str], taken: set[str]
) -> tuple[Count, Count]:
    """The conversations in which a word is said, and those of them that no other rule takes.

    Looked through in the order of their draw, so that what there is time for is a fair sample.
    """
    rule = next(rule for rule in wanted if rule.name == "keyword")
    if not rule.words and not rule.patterns:
        return Count(0), Count(0)
    order = sorted(ids, key=lambda one: draw(f"words:{queue_id}", one))
    until, at, found = clock.seconds() + WORDS_SECONDS, 0, dict[str, Any]()
    while at < len(order) and (at == 0 or clock.seconds() < until):
        found |= hits(session, rule, order[at : at + PART])
        at += PART
    looked_at = min(at, len(order))
    return _scaled(found, looked_at, len(order)), _scaled(
        found.keys() - taken, looked_at, len(order)
    )


def _scaled(found: Collection[str] | Mapping[str, Any], looked_at: int, of: int) -> Count:
    if looked_at == of:
        return Count(len(found))
    return Count(round(len(found) * of / looked_at), about=True)
