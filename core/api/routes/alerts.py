"""Alerts and their rules: ``/alerts``, ``/alert-rules``."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from core.api.acting import OF_FIGURES
from core.api.errors import answers
from core.api.paging import LIMIT, Cursor, Limit, cut, moment_and_id
from core.api.schemas import Id, List, Page
from core.api.schemas.alerts import (
    Alert,
    ChangedRule,
    ChannelShown,
    Finding,
    Into,
    NewRule,
    Queued,
    Rule,
    State,
    Suggestion,
)
from core.db.tables import AlertRule
from core.metrics.alerts import delivering as deliver
from core.metrics.alerts import lifecycle as alerts
from core.metrics.alerts import rules as alert_rules

router = APIRouter(tags=["metrics"])
AlertId = Annotated[Id, Path(description="The alert's id.")]
RuleId = Annotated[Id, Path(description="The rule's id.")]
BODY = (404, 413, 415)


@router.get("/alerts", summary="Alerts, newest first", responses=answers())
def listing(
    state: Annotated[State | None, Query(description="live: open or acknowledged.")] = None,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Page[Alert]:
    """What rules told, each with its figure and what became of its messages."""
    rows = alerts.alerts(state or "", after=moment_and_id(cursor), limit=limit + 1)
    shown, following = cut(rows, limit, lambda one: (one.alert.opened_at, one.alert.id))
    return Page[Alert](data=[Alert.of(one) for one in shown], next_cursor=following)


@router.get("/alerts/{alert_id}", summary="One alert", responses=answers(404))
def show(alert_id: AlertId) -> Alert:
    """With the conversations that caused it, for those who may read them."""
    return Alert.of(alerts.alert(alert_id))


@router.post("/alerts/{alert_id}/acknowledge", summary="Take it on", responses=answers(404, 409))
def acknowledge(alert_id: AlertId) -> Alert:
    """Whoever does it first stays named; doing it twice is harmless."""
    return Alert.of(alerts.acknowledge(alert_id))


@router.post("/alerts/{alert_id}/resolve", summary="Say that it is over", responses=answers(404))
def resolve(alert_id: AlertId) -> Alert:
    """It opens again by itself once its measure was back within its bound and is beyond it anew."""
    return Alert.of(alerts.resolve(alert_id))


@router.post("/alerts/{alert_id}/queue", summary="Queue for review", responses=answers(*BODY))
def queue(alert_id: AlertId, body: Into) -> List[Queued]:
    """Put its conversations into a review queue; doing it twice adds nothing."""
    done = alerts.queue_for_review(alert_id, body.queue_id)
    return List[Queued](data=[Queued.of(one) for one in done])


@router.get("/alert-rules", summary="Alert rules", responses=answers())
def rules() -> List[Rule]:
    """All of them, oldest first."""
    return List[Rule](data=[Rule.of(row) for row in alert_rules.rules()])


@router.post("/alert-rules", summary="Make a rule", status_code=201, responses=answers(413, 415))
def create(body: NewRule) -> Rule:
    """It is checked in the background from now on."""
    return Rule.of(alert_rules.create_rule(**body.facts()))


@router.get("/alert-rules/suggestions", summary="Rules that may be sensible", responses=answers())
def suggestions() -> List[Suggestion]:
    """From the targets, and for changes; none is active before somebody makes it."""
    return List[Suggestion](data=[Suggestion.of(one) for one in alert_rules.suggested()])


@router.get(
    "/alert-rules/channels",
    summary="Where alerts can go",
    responses=answers(),
    dependencies=OF_FIGURES,
)
def channels() -> List[ChannelShown]:
    """And whether the operator has configured it; where it leads is told nowhere."""
    found = deliver.configured().items()
    return List[ChannelShown](data=[ChannelShown.of(name, known) for name, known in found])


@router.post("/alert-rules/try", summary="Try a rule", responses=answers(413, 415))
def try_out(body: NewRule) -> Finding:
    """What it would say now; nothing is stored and nobody hears of it."""
    facts = body.facts()
    return Finding.of(AlertRule(**alert_rules.usual(facts)), alert_rules.try_rule(**facts))


@router.get("/alert-rules/{rule_id}", summary="One rule", responses=answers(404))
def rule(rule_id: RuleId) -> Rule:
    """As it holds."""
    return Rule.of(alert_rules.rule(rule_id))


@router.patch("/alert-rules/{rule_id}", summary="Change a rule", responses=answers(*BODY))
def change(rule_id: RuleId, body: ChangedRule) -> Rule:
    """It is checked anew at once."""
    return Rule.of(alert_rules.change_rule(rule_id, **body.facts()))


@router.delete(
    "/alert-rules/{rule_id}", summary="Remove a rule", status_code=204, responses=answers(404)
)
def remove(rule_id: RuleId) -> Response:
    """An alert of it that is open is resolved; what it told stays."""
    alert_rules.remove_rule(rule_id)
    return Response(status_code=204)


@router.post("/alert-rules/{rule_id}/try", summary="Try a stored rule", responses=answers(404))
def try_stored(rule_id: RuleId) -> Finding:
    """What it would say now; nothing is stored and nobody hears of it."""
    found = alert_rules.rule(rule_id)
    return Finding.of(found, alert_rules.try_stored(rule_id))
