"""Alerts as people deal with them: listed, acknowledged, resolved, their conversations queued for review.

In: ids. Out: ``Told``: the alert with its rule and what became of its messages. Always holds: who may not
read what others asked is told of no conversation; what a person resolves stays resolved until its measure
was back within its bound.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from core import access, annotation, audit, clock, db
from core.annotation import Added
from core.db.tables import Alert, AlertRule, Conversation, Delivery, Person
from core.errors import Conflict, InvalidInput, NotFound
from core.i18n import _
from core.metrics.alerts import delivering as deliver
from core.metrics.alerts import rules as alert_rules

STATES = ("live", "open", "acknowledged", "resolved")  # live: the first two
PAGE = 50


@dataclass(frozen=True)
class Sent:
    """An event on one channel: waiting, sent or failed, after so many tries; ``why`` in words."""

    channel: str
    event: str
    state: str
    tries: int
    why: str
    at: datetime | None


@dataclass(frozen=True)
class Told:
    """An alert with its rule; ``conversations`` are empty for who may not read them; ``by`` names who
    acknowledged and who resolved it ("" nobody)."""

    alert: Alert
    rule: AlertRule
    conversations: tuple[str, ...]
    acknowledged_by: str
    resolved_by: str
    sent: tuple[Sent, ...]


@dataclass(frozen=True)
class Queued:
    """What was put into one queue."""

    queue_id: str
    queue: str
    added: Added


@dataclass(frozen=True)
class Named:
    """A conversation behind an alert."""

    conversation_id: str
    title: str
    at: datetime
    assistant_id: str


@access.allowed("metrics")
def alerts(
    state: str = "", *, after: tuple[datetime, str] | None = None, limit: int = PAGE
) -> list[Told]:
    """Alerts, the newest first; ``state``: live, open, acknowledged or resolved, "" all of them.
    ``after``: opened_at and id of the last one of the page before."""
    if state and state not in STATES:
        raise InvalidInput(
            _("“{value}” is no state of an alert.").format(value=state[:60]),
            field="state",
            hint=", ".join(STATES),
        )
    query = select(Alert).join(AlertRule, AlertRule.id == Alert.rule_id).where(alert_rules.seen())
    query = query.order_by(Alert.opened_at.desc(), Alert.id.desc()).limit(limit)
    if state:
        query = query.where(Alert.state != "resolved" if state == "live" else Alert.state == state)
    if after:
        query = query.where(tuple_(Alert.opened_at, Alert.id) < after)
    with db.session() as session:
        return _told(session, session.scalars(query).all())


@access.allowed("metrics")
def alert(alert_id: str) -> Told:
    """One alert; NotFound where there is none."""
    with db.session() as session:
        return _told(session, [_found(session, alert_id)])[0]


@access.allowed("read")
def named(alert_id: str) -> list[Named]:
    """The conversations that caused it, as far as they are still there."""
    with db.session() as session:
        found = _there(session, _found(session, alert_id).conversations)
    if found:
        audit.looked("alert", alert_id)
    return found


@access.allowed("change")
def acknowledge(alert_id: str) -> Told:
    """Somebody has seen it: it is theirs. The first to do so stays named; Conflict once resolved."""
    with db.writing() as session:
        row = _found(session, alert_id, lock=True)
        if row.state == "resolved":
            raise Conflict(
                _("This alert is resolved already."), hint=_("It opens again by itself.")
            )
        if row.state == "open":
            row.state, row.acknowledged_at = "acknowledged", clock.now()
            row.acknowledged_by = access.present().id
    return alert(alert_id)


@access.allowed("change")
def resolve(alert_id: str) -> Told:
    """Somebody says it is over. It opens again once its measure was back and is beyond it anew."""
    somebody = access.present().id
    with db.writing() as session:
        row = _found(session, alert_id, lock=True)
        if row.state != "resolved":
            row.state, row.resolved_at, row.resolved_by = "resolved", clock.now(), somebody
            deliver.put(session, session.get_one(AlertRule, row.rule_id), row, "resolved")
    return alert(alert_id)


@access.allowed("lead")
def queue_for_review(alert_id: str, queue_id: str | None = None) -> list[Queued]:
    """Put its conversations into a review queue; without one named, into the oldest queue of each
    assistant. Twice does nothing. NotFound where no queue fits."""
    with db.session() as session:
        of = {one.conversation_id: one.assistant_id for one in _named_in(session, alert_id)}
    queues = [annotation.queue(queue_id)] if queue_id else annotation.queues()
    first = {one.assistant_id: one for one in reversed(queues)}
    done = []
    for assistant_id in dict.fromkeys(of.values()):
        if assistant_id in first:
            into = first[assistant_id]
            ids = [one for one, theirs in of.items() if theirs == assistant_id]
            added = annotation.add(into.id, ids, person_id=access.present().id)
            done.append(Queued(into.id, into.name, added))
    if not done:
        raise NotFound(
            _("No review queue is for the conversations of this alert."),
            hint=_("Make a review queue for their assistant first."),
        )
    return done


def _named_in(session: Session, alert_id: str) -> list[Named]:
    return _there(session, _found(session, alert_id).conversations)


def _there(session: Session, ids: Sequence[str]) -> list[Named]:
    there = select(Conversation).where(Conversation.id.in_(ids), Conversation.removed_at.is_(None))
    there = there.where(access.seen(Conversation.assistant_id))
    rows = {row.id: row for row in session.scalars(there)}
    return [
        Named(row.id, row.title, row.created_at, row.assistant_id)
        for one in ids
        if (row := rows.get(one))
    ]


def _found(session: Session, alert_id: str, *, lock: bool = False) -> Alert:
    row = session.get(Alert, alert_id, with_for_update=lock or None)
    if row is None:
        raise NotFound(
            _("There is no alert with the id “{id}”.").format(id=alert_id[:60]),
            hint=_("List the alerts to find its id."),
        )
    return row


def _told(session: Session, rows: Sequence[Alert]) -> list[Told]:
    readable = _readable(session, rows) if access.may("read") else ()
    rules = _by_id(session, AlertRule, {row.rule_id for row in rows})
    people = {one for row in rows for one in (row.acknowledged_by, row.resolved_by) if one}
    names = {key: access.called(one) for key, one in _by_id(session, Person, people).items()}
    sent = _sent(session, [row.id for row in rows])
    return [
        Told(
            row,
            rules[row.rule_id],
            tuple(one for one in row.conversations if one in readable),
            names.get(row.acknowledged_by or "", ""),
            names.get(row.resolved_by or "", ""),
            tuple(sent.get(row.id, ())),
        )
        for row in rows
    ]


def _readable(session: Session, rows: Sequence[Alert]) -> Collection[str]:
    """Which of their conversations are there for who acts; no look where all are."""
    ids = {one for row in rows for one in row.conversations}
    if access.sees_all():
        return ids
    of = select(Conversation.id).where(Conversation.id.in_(ids))
    return set(session.scalars(of.where(access.seen(Conversation.assistant_id))))


def _by_id(session: Session, table: Any, ids: set[str]) -> dict[str, Any]:
    return {row.id: row for row in session.scalars(select(table).where(table.id.in_(ids)))}


def _sent(session: Session, ids: Sequence[str]) -> dict[str, list[Sent]]:
    found: dict[str, list[Sent]] = {}
    rows = select(Delivery).where(Delivery.alert_id.in_(ids)).order_by(Delivery.created_at)
    for row in session.scalars(rows):
        one = Sent(row.channel, row.event, row.state, row.tries, deliver.why(row), row.sent_at)
        found.setdefault(row.alert_id, []).append(one)
    return found
