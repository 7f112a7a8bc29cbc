"""``ciclo metrics alerts`` and ``ciclo metrics rules``: alerts dealt with; rules made, tried, removed."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import queues, terminal
from core.cli.terminal import AsJson, document, fields, say, table
from core.errors import InvalidInput
from core.i18n import _, moment, ngettext, number

if TYPE_CHECKING:
    from core.db.tables import AlertRule
    from core.metrics.alerts.lifecycle import Told

app = typer.Typer(help="Alerts: figures beyond what a rule allows.", no_args_is_help=True)
rules = typer.Typer(help="What alerts are told of.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(metavar="ALERT", help="An alert's id.")]
RuleId = Annotated[str, typer.Argument(metavar="RULE", help="A rule's id.")]
Bound = Annotated[float | None, typer.Option(help="Shares from 0 to 1, seconds, US dollars.")]
Margin = Annotated[float | None, typer.Option(min=0, help="How far back ends an alert.")]
Minimum = Annotated[int | None, typer.Option(min=1, help="Fewer tell nothing.")]
Hours = Annotated[int | None, typer.Option(min=1, max=2160, help="Of which time it speaks.")]
Every = Annotated[int | None, typer.Option("--every", min=1, max=1440, help="Minutes.")]
Send = Annotated[list[str] | None, typer.Option("--send", help="webhook or mail; may be repeated.")]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="NAME=VALUE", help="Narrow it: assistant=..., data=real."),
]
Name = Annotated[str | None, typer.Option(help="What it is called.")]
ALERT = ("id", "rule_id", "state", "value", "n", "bound", "before", "before_n", "p", "reopened")
TIMES = ("opened_at", "seen_at", "acknowledged_at", "resolved_at")
RULE = ("id", "name", "measure", "kind", "side", "bound", "margin", "minimum", "hours")
MORE = ("every_minutes", "filters", "channels", "paused", "silent_until", "checked_at")


def add_to(metrics: typer.Typer) -> None:
    """Hang both into ``ciclo metrics``."""
    metrics.add_typer(app, name="alerts")
    metrics.add_typer(rules, name="rules")


@app.command("list")
def listing(
    state: Annotated[str, typer.Option(help="live, open, acknowledged or resolved.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Alerts, the newest first."""
    terminal.ready()
    from core.metrics.alerts import lifecycle as alerts

    rows = alerts.alerts(state, limit=limit)
    if as_json:
        document({"data": [_plain(one) for one in rows]})
        return
    table(_line(one) for one in rows)
    if not rows:
        say(_("There is no alert."))


@app.command()
def show(alert: Which, as_json: AsJson = False) -> None:
    """One alert, with the conversations that caused it and what became of its messages."""
    terminal.ready()
    from core.metrics.alerts import lifecycle as alerts

    _tell(alerts.alert(alert), as_json)


@app.command()
def check(rule: Annotated[str | None, typer.Argument(metavar="[RULE]")] = None) -> None:
    """Check a rule, or all of them, now; the background does it by itself."""
    terminal.ready()
    from core.metrics.alerts import checking as alert_checking

    n = alert_checking.check_now(rule)
    said = ngettext("{n} rule was checked.", "{n} rules were checked.", n)
    say(said.format(n=number(n)))
    listing("live", 50, False)


@app.command()
def ack(alert: Which, as_json: AsJson = False) -> None:
    """Take it on: your name stands at it."""
    terminal.ready()
    from core.metrics.alerts import lifecycle as alerts

    _tell(alerts.acknowledge(alert), as_json)


@app.command()
def resolve(alert: Which, as_json: AsJson = False) -> None:
    """Say that it is over; it opens again once its figure was back and is beyond its bound anew."""
    terminal.ready()
    from core.metrics.alerts import lifecycle as alerts

    _tell(alerts.resolve(alert), as_json)


@app.command()
def queue(
    alert: Which,
    into: Annotated[
        str | None, typer.Option("--into", help="A review queue; else each assistant's oldest.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put the conversations that caused it into a review queue."""
    terminal.ready()
    from core.metrics.alerts import lifecycle as alerts

    done = alerts.queue_for_review(alert, queues.chosen(into).id if into else None)
    if as_json:
        document({"data": [{"queue": one.queue, **vars(one.added)} for one in done]})
        return
    for one in done:
        said = ngettext("{name}: {n} new item", "{name}: {n} new items", one.added.new)
        say(said.format(name=one.queue, n=number(one.added.new)))


@rules.command("list")
def listed(as_json: AsJson = False) -> None:
    """All rules, oldest first."""
    terminal.ready()
    from core.metrics.alerts import rules as alert_rules
    from core.metrics.alerts.words import condition, name, period

    rows = alert_rules.rules()
    if as_json:
        document({"data": [_plain_rule(row) for row in rows]})
        return
    table((row.id, name(row), condition(row), period(row), _rests(row)) for row in rows)
    if not rows:
        say(_("There is no rule yet; `ciclo metrics rules suggest` lists sensible ones."))


@rules.command()
def suggest(as_json: AsJson = False) -> None:
    """Rules that may be sensible, from the targets; none is active before it is added."""
    terminal.ready()
    from core.db.tables import AlertRule
    from core.metrics.alerts import rules as alert_rules
    from core.metrics.alerts.words import condition

    found = alert_rules.suggested()
    if as_json:
        document({"data": [{"key": one.key, "rule": dict(one.facts)} for one in found]})
        return
    table((one.key, condition(AlertRule(**one.facts))) for one in found)


@rules.command()
def add(
    measure: Annotated[str, typer.Argument(metavar="MEASURE", help="Or what suggest names.")],
    bound: Bound = None,
    change: Annotated[bool, typer.Option("--change", help="Worse than before by --bound.")] = False,
    side: Annotated[str | None, typer.Option(help="above or below is bad.")] = None,
    margin: Margin = None,
    minimum: Minimum = None,
    hours: Hours = None,
    every: Every = None,
    send: Send = None,
    only: Only = None,
    name: Name = None,
    as_json: AsJson = False,
) -> None:
    """Make a rule: of a measure and a bound, or one of those that are suggested."""
    terminal.ready()
    from core.metrics.alerts import rules as alert_rules

    given = _given(bound, margin, minimum, hours, every, send, only, name)
    made = next((one for one in alert_rules.suggested() if one.key == measure), None)
    if made and bound is None:
        facts: dict[str, Any] = {**made.facts, **given}
    else:
        kind = "change" if change else "threshold"
        facts = {"measure": measure, "kind": kind, "side": side, **given}
    known = {field: value for field, value in facts.items() if value is not None}
    _tell_rule(alert_rules.create_rule(**known), as_json)


@rules.command("change")
def change_(
    rule: RuleId,
    bound: Bound = None,
    margin: Margin = None,
    minimum: Minimum = None,
    hours: Hours = None,
    every: Every = None,
    send: Send = None,
    only: Only = None,
    name: Name = None,
    pause: Annotated[bool | None, typer.Option("--pause/--resume")] = None,
    silence: Annotated[
        float | None, typer.Option(min=0, max=8760, help="Hours without a word; 0 ends it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change what is given, rest it, or keep it silent for a while."""
    terminal.ready()
    from core import clock
    from core.metrics.alerts import rules as alert_rules

    facts = _given(bound, margin, minimum, hours, every, send, only, name)
    if pause is not None:
        facts["paused"] = pause
    if silence is not None:
        facts["silent_until"] = clock.now() + timedelta(hours=silence) if silence else None
    _tell_rule(alert_rules.change_rule(rule, **facts), as_json)


@rules.command()
def remove(rule: RuleId) -> None:
    """Take a rule away; its open alert is resolved."""
    terminal.ready()
    from core.metrics.alerts import rules as alert_rules
    from core.metrics.alerts import words as alert_words

    row = alert_rules.remove_rule(rule)
    say(_("The rule “{name}” was removed.").format(name=alert_words.name(row)))


@rules.command("try")
def try_(rule: RuleId, as_json: AsJson = False) -> None:
    """What a rule would say now; nothing is stored and nobody hears of it."""
    terminal.ready()
    from core.metrics.alerts import rules as alert_rules
    from core.metrics.alerts.words import finding

    row, found = alert_rules.rule(rule), alert_rules.try_stored(rule)
    if as_json:
        document(vars(found))
        return
    say(finding(row, found))


def _given(
    bound: float | None,
    margin: float | None,
    minimum: int | None,
    hours: int | None,
    every: int | None,
    send: list[str] | None,
    only: list[str] | None,
    name: str | None,
) -> dict[str, Any]:
    """What was typed, by the names of a rule's facts."""
    facts = {
        "bound": bound,
        "margin": margin,
        "minimum": minimum,
        "hours": hours,
        "every_minutes": every,
        "channels": send,
        "filters": _filters(only) if only else None,
        "name": name,
    }
    return {field: value for field, value in facts.items() if value is not None}


def _filters(only: list[str]) -> dict[str, str]:
    from core.metrics.alerts.rules import FILTERS

    pairs = [one.partition("=") for one in only]
    for field, sign, _value in pairs:
        if not sign:
            raise InvalidInput(
                _("“{value}” narrows nothing.").format(value=field),
                field="only",
                hint=_("Write NAME=VALUE with one of: {names}.").format(names=", ".join(FILTERS)),
            )
    return {field: value for field, _sign, value in pairs}


def _line(one: "Told") -> tuple[str, ...]:
    from core.metrics.alerts.words import STATES, name, sentence

    at = moment(one.alert.opened_at)
    return (
        one.alert.id,
        _(STATES[one.alert.state]),
        at,
        name(one.rule),
        sentence(one.rule, one.alert),
    )


def _tell(one: "Told", as_json: bool) -> None:
    if as_json:
        document(_plain(one))
        return
    say(" · ".join(_line(one)))
    for sent in one.sent:
        say(f"{sent.channel}, {sent.event}: {sent.state} ({sent.tries}) {sent.why}".rstrip())
    for conversation in one.conversations:
        say(conversation)


def _plain(one: "Told") -> dict[str, Any]:
    from core.metrics.alerts.words import name

    return {
        **fields(one.alert, *ALERT, *TIMES),
        "name": name(one.rule),
        "measure": one.rule.measure,
        "conversations": list(one.conversations),
        "acknowledged_by": one.acknowledged_by,
        "resolved_by": one.resolved_by,
        "sent": [vars(sent) for sent in one.sent],
    }


def _plain_rule(row: "AlertRule") -> dict[str, Any]:
    return fields(row, *RULE, *MORE)


def _tell_rule(row: "AlertRule", as_json: bool) -> None:
    from core.metrics.alerts.words import condition, name, period

    if as_json:
        document(_plain_rule(row))
        return
    say(" · ".join((name(row), condition(row), period(row), _rests(row), row.id)))


def _rests(row: "AlertRule") -> str:
    from core import clock

    if row.paused:
        return _("at rest")
    if row.silent_until and row.silent_until > clock.now():
        return _("silent until {moment}").format(moment=moment(row.silent_until))
    return _("checked every {n} min").format(n=number(row.every_minutes))
