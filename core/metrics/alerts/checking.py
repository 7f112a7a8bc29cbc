"""Rules are checked in the background, and alerts open, reopen and resolve by themselves.

In: what rules find. Out: ``Alert`` rows, and a delivery for each channel that is to hear of it. Always
holds: two processes never check a rule at once (a lease in the database, and what a lost lease found is
dropped); alert and deliveries come into being in one transaction; one that a person has resolved comes
back only after its measure was back in between.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from core import access, clock, db
from core.access import membership
from core.db.tables import Alert, AlertRule
from core.metrics.alerts import delivering as deliver
from core.metrics.alerts import finding as alert_finding
from core.metrics.alerts.finding import BEYOND, WITHIN, Finding
from core.metrics.alerts.rules import found_rule, seen
from core.metrics.behind import ids_behind
from core.metrics.views import view

log = logging.getLogger("ciclo.alerts")
LEASE = timedelta(minutes=10)  # longer than a check can take; one that died is done again after it
MOST_CAUSES = 50  # conversations that an alert names
SAME = timedelta(days=1)  # what comes back within a day is the same alert


def check_due() -> int:
    """The loop's turn: every rule whose time has come. Gives how many were checked."""
    return sum(_checked(rule_id) for rule_id in _waiting())


@access.allowed("change")
def check_now(rule_id: str | None = None) -> int:
    """Check this rule, or all that neither rest nor are silent, whether their time has come or not.
    Gives how many were checked; one that is being checked already is not."""
    with db.writing() as session:
        if rule_id:
            found_rule(session, rule_id)
        which = AlertRule.id == rule_id if rule_id else seen()
        chosen = set(session.scalars(select(AlertRule.id).where(which, *_awake())))
        named = AlertRule.id.in_(chosen)
        session.execute(update(AlertRule).where(named).values(checked_at=None))
    return sum(_checked(one) for one in _waiting() if one in chosen)


def _awake() -> list[ColumnElement[bool]]:
    silent = or_(AlertRule.silent_until.is_(None), AlertRule.silent_until <= clock.now())
    return [AlertRule.removed_at.is_(None), AlertRule.paused.is_(False), silent]


def _free() -> ColumnElement[bool]:
    now = clock.now()
    return or_(
        AlertRule.checking_until.is_(None),
        AlertRule.checking_until <= now,
        AlertRule.checking_until > now + 2 * LEASE,  # the clock was set back
    )


def _waiting() -> list[str]:
    with db.session() as session:
        rows = session.scalars(select(AlertRule).where(*_awake(), _free())).all()
    return [row.id for row in rows if _due(row)]


def _due(rule: AlertRule) -> bool:
    since = clock.now() - rule.checked_at if rule.checked_at else None
    every = timedelta(minutes=rule.every_minutes)
    return since is None or since >= every or since < -every  # or the clock was set back


def _checked(rule_id: str) -> bool:
    """Check a rule that nobody else is checking."""
    until = clock.now() + LEASE
    if not _lease(rule_id, until):
        return False
    try:
        with db.session() as session:
            rule, live = session.get_one(AlertRule, rule_id), _last(session, rule_id)
        opened = live.opened_at if live and live.state != "resolved" else None
        finding = alert_finding.found(rule, opened)
        causes = _causes(rule) if finding.state == BEYOND else []
        _settle(rule_id, until, finding, causes)
    except Exception:  # one rule that cannot be checked must not keep the others from it
        log.exception("an alert rule could not be checked", extra={"rule": rule_id})
        _lease(rule_id, None, AlertRule.checking_until == until)
        return False
    return True


def _causes(rule: AlertRule) -> list[str]:
    with membership.holding(alert_finding.over(rule)):
        of = view({**rule.filters, "period": f"{rule.hours}h"})
        return ids_behind(rule.measure, of, MOST_CAUSES)


def _lease(rule_id: str, until: datetime | None, *which: Any) -> bool:
    """Take the rule, or let it go: then its next time counts from now."""
    values = {"checking_until": until} | ({} if until else {"checked_at": clock.now()})
    with db.writing() as session:
        done: Any = session.execute(
            update(AlertRule)
            .where(AlertRule.id == rule_id, *(which or (*_awake(), _free())))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return bool(done.rowcount)


def _last(session: Session, rule_id: str, *, lock: bool = False) -> Alert | None:
    """The rule's live alert, else the one that was opened last."""
    query = select(Alert).where(Alert.rule_id == rule_id)
    order = (Alert.state == "resolved", Alert.opened_at.desc(), Alert.id)
    query = query.order_by(*order).limit(1)
    return session.scalar(query.with_for_update() if lock else query)


def _settle(rule_id: str, until: datetime, finding: Finding, causes: list[str]) -> None:
    with db.writing() as session:
        rule = session.get(AlertRule, rule_id, with_for_update=True)
        if rule is None or rule.checking_until != until:
            return  # it was changed, removed or taken by another meanwhile
        rule.checked_at, rule.checking_until = clock.now(), None
        last = _last(session, rule_id, lock=True)
        event = event_of(last, finding.state)
        alert = _ACTS[event](rule, last, finding, causes) if event else None
        if alert and event in deliver.EVENTS:
            session.add(alert)
            session.flush()
            deliver.put(session, rule, alert, event)


def event_of(last: Alert | None, state: str) -> str:
    """What a finding means for the last alert of its rule: opened, reopened, resolved; "seen" again,
    "calmed" (after a person resolved it, it is back by now), or "" for nothing."""
    live = last is not None and last.state != "resolved"
    if state == WITHIN and last is not None:
        return "resolved" if live else "calmed" if last.back_at is None else ""
    if state != BEYOND:
        return ""
    if last is None or live:
        return "seen" if live else "opened"
    if last.back_at is None or last.resolved_at is None:
        return ""
    return "reopened" if clock.now() - last.resolved_at < SAME else "opened"


def _open(rule: AlertRule, _last: Any, finding: Finding, causes: list[str]) -> Alert:
    return Alert(
        rule_id=rule.id, reopened=0, opened_at=clock.now(), **_facts(rule, finding, causes)
    )


def _reopen(rule: AlertRule, alert: Any, finding: Finding, causes: list[str]) -> Alert:
    facts = {"reopened": alert.reopened + 1, "acknowledged_at": None, "acknowledged_by": None}
    gone = {"resolved_at": None, "resolved_by": None, "back_at": None}
    for name, value in (_facts(rule, finding, causes) | facts | gone).items():
        setattr(alert, name, value)
    told: Alert = alert
    return told


def _resolve(rule: AlertRule, alert: Any, finding: Finding, causes: list[str]) -> Alert:
    alert.state, alert.resolved_at, alert.back_at = "resolved", clock.now(), clock.now()
    told: Alert = alert
    return told


def _see(rule: AlertRule, alert: Any, finding: Finding, causes: list[str]) -> None:
    alert.seen_at = clock.now()


def _calm(rule: AlertRule, alert: Any, finding: Finding, causes: list[str]) -> None:
    alert.back_at = clock.now()


_ACTS: dict[str, Any] = {
    "opened": _open,
    "reopened": _reopen,
    "resolved": _resolve,
    "seen": _see,
    "calmed": _calm,
}


def _facts(rule: AlertRule, finding: Finding, causes: list[str]) -> dict[str, Any]:
    return {
        "state": "open",
        "value": finding.value,
        "n": finding.n,
        "bound": rule.bound,
        "before": finding.before,
        "before_n": finding.before_n,
        "p": finding.p,
        "conversations": causes,
        "seen_at": clock.now(),
    }
