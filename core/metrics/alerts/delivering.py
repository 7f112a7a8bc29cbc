"""Alerts on their way out: each event once a channel, tried again until it is sent or given up.

In: events of alerts, put in the same transaction as the alert's change. Out: a call of the webhook, a
mail. Always holds: nothing is sent that the operator has not configured; a row is sent by one process at
a time under a lease, and one whose process died is sent again after it (at least once, under one id);
events of one alert leave by a channel in their order; no error shows an address or a secret.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from core import clock, db, i18n
from core.config import settings
from core.db.tables import Alert, AlertRule, Delivery
from core.i18n import N_, _
from core.metrics.alerts import mail as deliver_mail
from core.metrics.alerts import webhook as deliver_webhook
from core.metrics.alerts.message import Message, NotSent, message

log = logging.getLogger("ciclo.alerts")
EVENTS = ("opened", "reopened", "resolved")
LEASE = timedelta(seconds=90)  # three times as long as a channel may take
TRIES = 8  # with the pauses between them: an hour
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
AT_ONCE = 20  # in one turn
WHY = {  # why the last try failed, by its code; what follows a colon stands in the place of {said}
    "not_configured": N_("it is not configured any more"),
    "not_reachable": N_("nobody answers there"),
    "timed_out": N_("it took too long"),
    "answered": N_("it answered {said}"),
    "redirected": N_("it wants to lead elsewhere ({said}), which is not followed"),
    "tls": N_("its certificate is not valid"),
    "no_starttls": N_("it offers no STARTTLS"),
    "login": N_("it refuses the sign-in ({said})"),
    "recipients": N_("it refuses the recipients ({said})"),
    "refused": N_("it refuses the message ({said})"),
    "failed": N_("it failed ({said})"),
}
_CHANNELS: dict[str, tuple[Callable[[], bool], Callable[[Message], None]]] = {
    "webhook": (deliver_webhook.configured, deliver_webhook.send),
    "mail": (deliver_mail.configured, deliver_mail.send),
}


def configured() -> dict[str, bool]:
    """Each channel, and whether the operator has configured it."""
    return {name: known() for name, (known, _send) in _CHANNELS.items()}


def why(delivery: Delivery) -> str:
    """Why the last try failed, in words; "" where none did."""
    code, _colon, said = delivery.error.partition(":")
    return _(WHY[code]).format(said=said) if code in WHY else ""


def put(session: Session, rule: AlertRule, alert: Alert, event: str) -> None:
    """Let each channel of the rule that is configured hear of it."""
    for channel in rule.channels:
        if configured().get(channel):
            session.add(Delivery(alert_id=alert.id, channel=channel, event=event))


def send_waiting() -> int:
    """The loop's turn: what is due and nobody else sends. Gives how many were sent."""
    return sum(_sent(one) for one in _due())


def _due() -> list[str]:
    with db.session() as session:
        return list(
            session.scalars(
                select(Delivery.id)
                .where(*_free(Delivery), _first())
                .order_by(Delivery.next_at)
                .limit(AT_ONCE)
            )
        )


def _free(row: Any) -> list[ColumnElement[bool]]:
    now = clock.now()
    lease = or_(
        row.leased_until.is_(None),
        row.leased_until <= now,
        row.leased_until > now + 2 * LEASE,  # the clock was set back
    )
    far = row.next_at > now + 2 * LONGEST_PAUSE
    return [row.state == "waiting", or_(row.next_at <= now, far), lease]


def _first() -> ColumnElement[bool]:
    """No earlier event of the alert still waits for the channel."""
    earlier = aliased(Delivery)
    return ~exists().where(
        earlier.alert_id == Delivery.alert_id,
        earlier.channel == Delivery.channel,
        earlier.state == "waiting",
        earlier.created_at < Delivery.created_at,
    )


def _sent(delivery_id: str) -> bool:
    if not _claimed(delivery_id):
        return False
    with db.session() as session:
        row = session.get_one(Delivery, delivery_id)
        alert = session.get_one(Alert, row.alert_id)
        rule = session.get_one(AlertRule, alert.rule_id)
    error = _tried(row, alert, rule)
    _told(row, error)
    return not error


def _claimed(delivery_id: str) -> bool:
    """Take it; the try counts from now on, so that one that kills its process ends some day."""
    with db.writing() as session:
        done: Any = session.execute(
            update(Delivery)
            .where(Delivery.id == delivery_id, *_free(Delivery))
            .values(leased_until=clock.now() + LEASE, tries=Delivery.tries + 1)
            .execution_options(synchronize_session=False)
        )
        return bool(done.rowcount)


def _tried(row: Delivery, alert: Alert, rule: AlertRule) -> str:
    """Send it; why that failed, or ""."""
    known, send = _CHANNELS[row.channel]
    if not known():
        return "not_configured"
    try:
        with i18n.speaking(settings().language or i18n.DEFAULT):
            send(message(rule, alert, row))
    except NotSent as error:
        return error.code
    except Exception as error:  # its words may hold the address: only its kind is told
        log.warning("an alert was not sent: %s", type(error).__name__)
        return f"failed:{type(error).__name__}"
    return ""


def _told(row: Delivery, error: str) -> None:
    last = row.tries >= TRIES or error == "not_configured"
    state = "sent" if not error else "failed" if last else "waiting"
    facts: dict[str, Any] = {"state": state, "error": error[:200], "leased_until": None}
    if not error:
        facts["sent_at"] = clock.now()
    elif not last:
        facts["next_at"] = _next(row.tries)
    with db.writing() as session:
        session.execute(update(Delivery).where(Delivery.id == row.id).values(**facts))
    if error:
        told = {"delivery": row.id, "channel": row.channel, "tries": row.tries, "why": error}
        log.warning("an alert was not sent", extra=told)


def _next(tries: int) -> datetime:
    return clock.now() + min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
