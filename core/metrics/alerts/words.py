"""Alerts and rules in words, in the present language: for the page, the command line and messages.

In: rows. Out: plain text, not yet escaped. Always holds: what a rule measured is told with its n.
"""

from core.db.tables import Alert, AlertRule
from core.i18n import N_, _, ngettext, number
from core.metrics import saying
from core.metrics.alerts.finding import BETWEEN, BEYOND, FEW, WITHIN, Finding
from core.metrics.measures import MEASURES, SHARE

STATES = {"open": N_("open"), "acknowledged": N_("acknowledged"), "resolved": N_("resolved")}
EVENTS = {
    "opened": N_("Alert: {name}"),
    "reopened": N_("Alert again: {name}"),
    "resolved": N_("Resolved: {name}"),
}
CONDITIONS = {
    ("threshold", "above"): N_("{measure} above {bound}"),
    ("threshold", "below"): N_("{measure} below {bound}"),
    ("change", "above"): N_("{measure} higher than before by {bound} or more"),
    ("change", "below"): N_("{measure} lower than before by {bound} or more"),
}
FOUND = {
    FEW: N_("Too few to tell: {n} of the {minimum} that it needs."),
    WITHIN: N_("Nothing to tell: {value} (n {n})."),
    BETWEEN: N_("Near its bound: {value} (n {n}). Nothing would change."),
    BEYOND: N_("It would speak: {value} (n {n})."),
}


def title(name: str) -> str:
    """A measure as people read it; one there is no more by its bare name."""
    return _(MEASURES[name].title) if name in MEASURES else name


def name(rule: AlertRule) -> str:
    """What a rule is called."""
    return rule.name or title(rule.measure)


def told(name: str, value: float) -> str:
    """A value of a measure with its unit; a share always with a digit behind the point, for 84.6% is
    not what its bound of 85.0% is."""
    if name not in MEASURES:
        return number(value, 1)
    return share(value) if MEASURES[name].unit == SHARE else saying.value(name, value)


def share(value: float) -> str:
    """In percent, with one digit behind the point."""
    return number(value * 100, 1) + "%"


def bound(rule: AlertRule) -> str:
    """The rule's bound with its unit; that of a change is a share of what was before."""
    return share(rule.bound) if rule.kind == "change" else told(rule.measure, rule.bound)


def condition(rule: AlertRule) -> str:
    """When the rule speaks: "Errors above 1.0%"."""
    words = CONDITIONS[rule.kind, rule.side]
    return _(words).format(measure=title(rule.measure), bound=bound(rule))


def period(rule: AlertRule) -> str:
    """Of which time it speaks."""
    if rule.hours % 24 == 0 and rule.hours > 24:
        days = rule.hours // 24
        return ngettext("last {n} day", "last {n} days", days).format(n=number(days))
    return ngettext("last {n} hour", "last {n} hours", rule.hours).format(n=number(rule.hours))


def sentence(rule: AlertRule, alert: Alert) -> str:
    """What the alert tells: value, n, bound or what was before."""
    facts = {
        "measure": title(rule.measure),
        "value": told(rule.measure, alert.value),
        "n": number(alert.n),
        "period": period(rule),
    }
    if rule.kind == "change" and alert.before is not None:
        return _(
            "{measure}: {value} (n {n}), {period}; {before} (n {before_n}) in the time before."
        ).format(**facts, before=told(rule.measure, alert.before), before_n=number(alert.before_n))
    return _("{measure}: {value} (n {n}), {period}; the bound is {bound}.").format(
        **facts, bound=told(rule.measure, alert.bound)
    )


def finding(rule: AlertRule, one: Finding) -> str:
    """What a rule would say now."""
    value = "" if one.value is None else told(rule.measure, one.value)
    said = _(FOUND[one.state]).format(value=value, n=number(one.n), minimum=number(rule.minimum))
    if one.before is None:
        return said
    before = told(rule.measure, one.before)
    return f"{said} " + _("Before: {value} (n {n}).").format(value=before, n=number(one.before_n))
