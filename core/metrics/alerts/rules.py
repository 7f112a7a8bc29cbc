"""Rules of alerts: made, changed, silenced, removed, tried; and those that are suggested.

In: facts as people give them. Out: ``AlertRule`` rows. Always holds: none is active that nobody made;
what a rule measures never changes (its alerts would tell of something else), so another measure is
another rule; a changed rule is checked anew at once.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from core import access, clock, db
from core.access import belonging
from core.db.tables import Alert, AlertRule
from core.errors import InvalidInput, NotFound
from core.i18n import N_, _
from core.metrics import targets
from core.metrics.alerts import finding as alert_finding
from core.metrics.alerts.finding import Finding
from core.metrics.figures import TIMED, measure
from core.metrics.measures import MEASURES, SHARE
from core.metrics.views import NAMES, view

NAME_LENGTH = 120
KINDS, SIDES, CHANNELS = ("threshold", "change"), ("above", "below"), ("webhook", "mail")
# hours and weekdays are of a reader's zone, and nobody reads in the background
FILTERS = tuple(name for name in NAMES if name not in ("period", "weekday", "hour"))
MOST = {"minimum": (1, 1_000_000), "hours": (1, 2160), "every_minutes": (1, 1440)}
# sums and counts of all there is: conversations dealt out anew tell nothing of these
SUMS = ("answers", "conversations", "saved_seconds", "saved_cost", "reviews_per_day")
FIXED = ("measure", "kind", "side")
CHANGEABLE = ("name", "filters", "bound", "margin", *MOST, "channels", "silent_until", "paused")
CHANNEL_NAMES = {"webhook": N_("webhook"), "mail": N_("e-mail")}


@dataclass(frozen=True)
class Suggestion:
    """A rule that may be sensible: ``facts`` are what ``create_rule`` takes."""

    key: str
    facts: Mapping[str, Any]


@access.allowed("metrics")
def rules() -> list[AlertRule]:
    """All rules, oldest first."""
    query = select(AlertRule).where(AlertRule.removed_at.is_(None), seen())
    with db.session() as session:
        return list(session.scalars(query.order_by(AlertRule.created_at, AlertRule.id)))


@access.allowed("metrics")
def rule(rule_id: str) -> AlertRule:
    """The rule with this id; NotFound where there is none."""
    with db.session() as session:
        return found_rule(session, rule_id)


@access.allowed("change", of_all=False)
def create_rule(**facts: Any) -> AlertRule:
    """A rule: ``measure`` and ``bound`` at least; without a name it is called as its measure, in each
    reader's language. Raises InvalidInput, naming what cannot be."""
    made = AlertRule(**usual(facts))
    _demand_one(made)
    with db.writing() as session:
        session.add(made)
    return made


@access.allowed("change")
def change_rule(rule_id: str, **facts: Any) -> AlertRule:
    """Change what is given: name, filters, bound, margin, minimum, hours, every_minutes, channels,
    silent_until, paused."""
    for name in facts:
        if name not in CHANGEABLE:
            raise InvalidInput(
                _("A rule's {field} stays as it is.").format(field=name),
                field=name,
                hint=_("Make another rule.") if name in FIXED else ", ".join(CHANGEABLE),
            )
    with db.writing() as session:
        row = found_rule(session, rule_id, lock=True)
        for name, value in _checked(facts).items():
            setattr(row, name, value)
        _demand_one(row)
        row.checked_at = row.checking_until = (
            None  # a check that is under way is of no use any more
        )
    return row


def _demand_one(rule: AlertRule) -> None:
    """A token for some assistants makes rules for one of them, and none over all."""
    if not (rule.filters or {}).get("assistant"):
        access.demand_unbound()


@access.allowed("change")
def remove_rule(rule_id: str) -> AlertRule:
    """Take a rule away; an alert of it that is open is resolved, and what it told stays."""
    with db.writing() as session:
        row = found_rule(session, rule_id, lock=True)
        row.removed_at, row.checking_until = clock.now(), None
        live = select(Alert).where(Alert.rule_id == row.id, Alert.state != "resolved")
        for alert in session.scalars(live):
            alert.state, alert.resolved_at, alert.back_at = "resolved", clock.now(), clock.now()
            somebody = access.acting()
            alert.resolved_by = somebody.id if somebody else None
    return row


@access.allowed("metrics")
def try_rule(**facts: Any) -> Finding:
    """What a rule with these facts would find now; nothing is stored."""
    return alert_finding.found(AlertRule(**usual(facts)))


@access.allowed("metrics")
def try_stored(rule_id: str) -> Finding:
    """The same of a rule there is."""
    return alert_finding.found(rule(rule_id))


@access.allowed("metrics")
def suggested() -> list[Suggestion]:
    """Rules that keep the targets, and some that look for changes; without those there are."""
    there = {(one.measure, one.kind) for one in rules()}
    found = [_of_target(name, target) for name, target in targets.settings().targets.items()]
    return [
        one
        for one in [*found, *_of_changes()]
        if one and (one.facts["measure"], one.facts["kind"]) not in there
    ]


def found_rule(session: Session, rule_id: str, *, lock: bool = False) -> AlertRule:
    """The rule, locked against others until the end of the transaction if asked to."""
    row = session.get(AlertRule, rule_id, with_for_update=lock or None)
    if row is None or row.removed_at:
        raise NotFound(
            _("There is no alert rule with the id “{id}”.").format(id=rule_id[:60]),
            hint=_("List the rules to find its id."),
        )
    return row


def seen() -> ColumnElement[bool]:
    """A condition for rules: for no assistant, or for one that is there for who acts."""
    if access.sees_all():
        return true()
    assistant = AlertRule.filters["assistant"].as_string()
    return or_(func.coalesce(assistant, "") == "", access.seen(assistant))


def _of_target(name: str, target: float) -> Suggestion | None:
    """A rule that speaks where a target is missed over a week; the margin is a tenth of the way from
    it to the perfect share, else a tenth of it."""
    if name not in MEASURES or MEASURES[name].better not in ("up", "down"):
        return None
    one = MEASURES[name]
    up = one.better == "up"
    margin = (1 - target if up else target) / 10 if one.unit == SHARE else abs(target) / 10
    return Suggestion(
        name,
        {
            "measure": name,
            "kind": "threshold",
            "side": "below" if up else "above",
            "bound": target,
            "margin": round(margin, 6),
            "hours": 168 if up else 24,
        },
    )


def _of_changes() -> list[Suggestion | None]:
    """Worse by so much than in the week before, and by more than chance."""
    wanted = {
        "satisfaction": 0.05,
        "time_p95": 0.25,
        "cost_conversation": 0.2,
        "no_information": 0.25,
    }
    return [
        Suggestion(
            f"{name}.change",
            {
                "measure": name,
                "kind": "change",
                "side": "below" if MEASURES[name].better == "up" else "above",
                "bound": share,
                "margin": round(share / 5, 6),
                "hours": 168,
                "every_minutes": 60,
            },
        )
        for name, share in wanted.items()
        if name in MEASURES
    ]


def usual(facts: Mapping[str, Any]) -> dict[str, Any]:
    """All of a rule's facts, those that were not given as usual, checked. Raises InvalidInput."""
    for name in facts:
        if name not in (*FIXED, *CHANGEABLE):
            raise InvalidInput(_("A rule has no “{name}”.").format(name=name[:60]), field=name)
    if "bound" not in facts:
        raise InvalidInput(_("A rule needs its bound."), field="bound")
    one = measure(str(facts.get("measure", "")))
    told: dict[str, Any] = {
        "kind": "threshold",
        "side": "below" if one.better == "up" else "above",
        "filters": {},
        "margin": 0.0,
        "minimum": 30,
        "hours": 24,
        "every_minutes": 15,
        "channels": [],
        "paused": False,
        "name": "",
    }
    taken = _checked({**told, **facts})
    if taken["kind"] == "change" and (one.of not in TIMED or one.name in SUMS):
        raise InvalidInput(
            _("Whether “{measure}” has changed by more than chance cannot be told.").format(
                measure=_(one.title)
            ),
            field="kind",
            hint=_("Give the rule a fixed bound: kind threshold."),
        )
    return taken


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    taken = dict(facts)
    for name, check in _CHECKS.items():
        if name in taken:
            taken[name] = check(name, taken[name])
    return taken


def _name(field: str, name: Any) -> str:
    tidy = " ".join(unicodedata.normalize("NFC", str(name)).split())
    if len(tidy) > NAME_LENGTH:
        raise InvalidInput(
            _("A rule's name has at most {most} characters.").format(most=NAME_LENGTH), field=field
        )
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Cn") for letter in tidy):
        raise InvalidInput(_("A rule's name holds characters that are no text."), field=field)
    return tidy


def _one_of(*words: str) -> Any:
    def check(field: str, value: Any) -> str:
        if value not in words:
            raise InvalidInput(
                _("“{value}” cannot be taken.").format(value=str(value)[:60]),
                field=field,
                hint=_("Choose one of {names}.").format(names=", ".join(words)),
            )
        return str(value)

    return check


def _number(field: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e9:
        raise InvalidInput(_("“{value}” is no number.").format(value=str(value)[:60]), field=field)
    if field == "margin" and value < 0:
        raise InvalidInput(_("A margin is not negative."), field=field)
    return float(value)


def _whole(field: str, value: Any) -> int:
    least, most = MOST[field]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidInput(
            _("“{value}” is no whole number from {least} to {most}.").format(
                value=str(value)[:60], least=least, most=most
            ),
            field=field,
        )
    return value


def _channels(field: str, names: Any) -> list[str]:
    check = _one_of(*CHANNELS)
    return list(dict.fromkeys(check(field, name) for name in names))


def _filters(field: str, given: Any) -> dict[str, str]:
    """What a view can be narrowed by, but its time: that is the rule's."""
    for name, value in dict(given).items():
        if name not in FILTERS or not isinstance(value, str) or len(value) > 200:
            raise InvalidInput(
                _("A rule cannot be narrowed by “{name}”.").format(name=str(name)[:60]),
                field=field,
                hint=", ".join(FILTERS),
            )
    for name in ("assistant", "version", "topic", "document"):
        belonging.demand(belonging.KINDS[f"{name}_id"], given.get(name))
    return {k: v for k, v in view(given).said().items() if k != "period"}


def _until(field: str, until: Any) -> datetime | None:
    if until is not None and not (isinstance(until, datetime) and until.tzinfo):
        raise InvalidInput(_("“{value}” is no time.").format(value=str(until)[:60]), field=field)
    return until


_CHECKS: dict[str, Any] = {
    "name": _name,
    "measure": lambda field, value: measure(str(value)).name,
    "kind": _one_of(*KINDS),
    "side": _one_of(*SIDES),
    "bound": _number,
    "margin": _number,
    **dict.fromkeys(MOST, _whole),
    "channels": _channels,
    "filters": _filters,
    "silent_until": _until,
}
