"""What a rule finds: its measure in the last hours, and whether that is beyond its bound.

In: a rule, and since when its alert is open. Out: a ``Finding``. Always holds: below the rule's minimum
it finds "few" and nothing else; between the bound and the margin it finds "between", which changes
nothing, so that no alert flaps at its bound.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil, inf

from core import clock
from core.access import membership
from core.db.tables import AlertRule
from core.metrics.alerts.worse import p_worse
from core.metrics.figures import TIMED, measure
from core.metrics.formulas import Part
from core.metrics.measures import Measure
from core.metrics.parts import part
from core.metrics.views import view

ALPHA = 0.01  # a change is told where chance alone makes one in less than this share of checks
CALM = 0.10  # and is over where chance would make it in this share or more
LONGEST_HOURS = 9999  # of a view
FEW, WITHIN, BETWEEN, BEYOND = "few", "within", "between", "beyond"


@dataclass(frozen=True)
class Finding:
    """``state``: few, within, between or beyond. ``value`` of ``n``; of a change also what was
    ``before``, of ``before_n``, and the test's ``p`` (None: it was not needed)."""

    state: str
    value: float | None
    n: int
    before: float | None = None
    before_n: int = 0
    p: float | None = None


def found(rule: AlertRule, opened: datetime | None = None) -> Finding:
    """What the rule finds now. While its alert is open a change is still compared with what was
    before ``opened``: the bad time must not become what is usual."""
    one, now = measure(rule.measure), clock.now()
    length = timedelta(hours=rule.hours)
    end = (opened or now) - length
    whole = _facts(rule, now - end + length if rule.kind == "change" else length)
    recent = _between(whole, now - length, now + timedelta(seconds=1))
    if rule.kind == "threshold":
        return threshold(rule, one, recent)
    return change(rule, one, recent, _between(whole, end - length, end))


def threshold(rule: AlertRule, one: Measure, recent: Part) -> Finding:
    """Is the measure beyond a fixed bound? At the bound it is not."""
    told = one.formula(recent)
    if told is None or told.n < rule.minimum:
        return Finding(FEW, told.value if told else None, told.n if told else 0)
    over = told.value - rule.bound if rule.side == "above" else rule.bound - told.value
    return Finding(_state(over > 0, over <= -rule.margin), told.value, told.n)


def change(rule: AlertRule, one: Measure, recent: Part, then: Part) -> Finding:
    """Is the measure worse than before, by the bound (a share of what it was) and by the test?"""
    told, past = one.formula(recent), one.formula(then)
    value, n = (told.value, told.n) if told else (None, 0)
    before, before_n = (past.value, past.n) if past else (None, 0)
    known = Finding(FEW, value, n, before, before_n)
    if value is None or before is None or min(n, before_n) < rule.minimum:
        return known
    worse = _worse(value, before, rule.side)
    if worse <= max(0.0, rule.bound - rule.margin):
        return replace(known, state=WITHIN)
    p = p_worse(one, recent, then, rule.side)
    return replace(known, state=_state(p < ALPHA and worse >= rule.bound, p >= CALM), p=p)


def _worse(value: float, before: float, side: str) -> float:
    """By which share of what it was it has become worse; negative: better."""
    by = value - before if side == "above" else before - value
    if before == 0:
        return inf if by > 0 else -inf if by < 0 else 0.0
    return by / abs(before)


def _state(beyond: bool, back: bool) -> str:
    return BEYOND if beyond else WITHIN if back else BETWEEN


def _facts(rule: AlertRule, length: timedelta) -> Part:
    hours = min(LONGEST_HOURS, ceil(length / timedelta(hours=1)))
    with membership.holding(over(rule)):
        return part(view({**rule.filters, "period": f"{hours}h"}))


def over(rule: AlertRule) -> membership.Sight:
    """What a rule is over, whoever has it checked: its assistant; for none, what is open to all, as
    its alerts are told to all."""
    return membership.ALL if rule.filters.get("assistant") else membership.open_to_all()


def _between(of: Part, since: datetime, until: datetime) -> Part:
    first, end = since.timestamp(), until.timestamp()
    frames = {name: getattr(of, name) for name in TIMED}
    held = {
        name: frame.rows((frame["at"] >= first) & (frame["at"] < end))
        for name, frame in frames.items()
    }
    return replace(of, until=min(end, of.now), **held)
