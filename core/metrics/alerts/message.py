"""What is sent of an alert: the facts for machines, a title and a text for people.

In: a rule, its alert, the delivery. Out: a ``Message``. Always holds: no word that anybody asked or was
answered is in it, and no name: figures, and ids of conversations.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import clock
from core.db.tables import Alert, AlertRule, Delivery
from core.i18n import _, moment
from core.metrics.alerts import words as alert_words
from core.metrics.measures import MEASURES

SHOWN = 20  # ids of conversations in a mail
RULE = ("id", "name", "measure", "kind", "side", "bound", "margin", "minimum", "hours", "filters")
ALERT = (
    "id",
    "state",
    "value",
    "n",
    "bound",
    "before",
    "before_n",
    "p",
    "reopened",
    "conversations",
)
TIMES = ("opened_at", "seen_at", "acknowledged_at", "resolved_at")


class NotSent(Exception):
    """A try that failed; ``code`` is one of deliver.WHY, with what the other side said after a colon."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Message:
    """``id`` is the same in each try, so that a receiver knows what it has had."""

    id: str
    event: str
    title: str
    text: str
    facts: dict[str, Any]


def message(rule: AlertRule, alert: Alert, delivery: Delivery) -> Message:
    """What goes out, in the present language."""
    title = _(alert_words.EVENTS[delivery.event]).format(name=alert_words.name(rule))
    text = "\n".join(_lines(rule, alert))
    unit = MEASURES[rule.measure].unit if rule.measure in MEASURES else ""
    facts = {
        "id": delivery.id,
        "event": f"alert.{delivery.event}",
        "at": clock.now().isoformat(),
        "title": title,
        "text": text,
        "alert": {name: getattr(alert, name) for name in ALERT}
        | {name: _iso(getattr(alert, name)) for name in TIMES},
        "rule": {name: getattr(rule, name) for name in RULE}
        | {"name": alert_words.name(rule), "unit": unit},
    }
    return Message(delivery.id, delivery.event, title, text, facts)


def _lines(rule: AlertRule, alert: Alert) -> list[str]:
    lines = [
        alert_words.sentence(rule, alert),
        _("Rule: {name} ({condition})").format(
            name=alert_words.name(rule), condition=alert_words.condition(rule)
        ),
        _("Open since {moment} UTC").format(moment=moment(alert.opened_at)),
    ]
    if alert.resolved_at:
        lines.append(_("Resolved at {moment} UTC").format(moment=moment(alert.resolved_at)))
    elif alert.conversations:
        lines += ["", _("Conversations behind it:"), *alert.conversations[:SHOWN]]
    return lines


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
