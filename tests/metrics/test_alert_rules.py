"""What rules find, and the step from a finding to an alert; the test behind a change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import fisher_exact

from core import clock, i18n
from core.db.tables import Alert, AlertRule
from core.errors import InvalidInput, NotFound
from core.metrics import keeping, targets
from core.metrics.alerts import finding as alert_finding
from core.metrics.alerts import rules as alert_rules
from core.metrics.alerts import words as alert_words
from core.metrics.alerts.checking import event_of
from core.metrics.alerts.worse import p_worse
from core.metrics.facts import FRAMES, frame
from core.metrics.formulas import Part
from core.metrics.measures import MEASURES

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OUTCOMES = ["", "answered", "error"]
USUAL: dict[str, Any] = {"measure": "errors", "bound": 0.1}


def part(rng: np.random.Generator, talks: int, first: int, *, bad: float, slower: float) -> Part:
    """So many conversations of one to five answers, alike within each; numbered from ``first``."""
    each = rng.integers(1, 6, talks)
    own = rng.beta(20 * bad, 20 * (1 - bad), talks)  # how bad each one's answers are
    pace = rng.lognormal(0, 0.6, talks) * slower
    of = np.repeat(np.arange(talks), each)
    n = len(of)
    answers: dict[str, Any] = {
        "key": range(n),
        "conversation": of + first,
        "outcome": np.where(rng.random(n) < own[of], 2, 1),
        "total": pace[of] * rng.lognormal(0, 0.4, n),
    }
    talk: dict[str, Any] = {
        "conversation": np.arange(talks) + first,
        "cost": pace,
        "converted": rng.random(talks) < bad,
    }
    rows = {"answers": answers, "conversations": talk, "cited": {}}
    frames = {name: _filled(FRAMES[name], held) for name, held in rows.items()}
    return Part(**frames, names={"outcome": OUTCOMES}, now=NOW.timestamp())


def _filled(columns: Any, rows: dict[str, Any]) -> Any:
    n = max((len(values) for values in rows.values()), default=0)
    return frame(columns, {name: rows.get(name, [0] * n) for name in columns})


def alike(rng: np.random.Generator, talks: int, *, bad: float = 0.1, slower: float = 1.0) -> Any:
    """Two times: then as usual, and now as the numbers say."""
    now = part(rng, talks, 0, bad=bad, slower=slower)
    return now, part(rng, talks, talks, bad=0.1, slower=1.0)


@pytest.mark.parametrize("side", alert_rules.SIDES)
def test_a_share_of_conversations_is_tested_as_fisher_does(side: str) -> None:
    now, then = alike(np.random.default_rng(1), 60, bad=0.2)
    hits = [int(one.conversations["converted"].sum()) for one in (now, then)]
    table = [[hits[0], 60 - hits[0]], [hits[1], 60 - hits[1]]]
    expected = fisher_exact(table, alternative="greater" if side == "above" else "less").pvalue
    assert p_worse(MEASURES["conversion"], now, then, side) == pytest.approx(expected)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["errors", "time_p50", "time_p95", "cost_conversation"])
def test_what_has_become_worse_is_found_and_only_on_its_side(name: str) -> None:
    now, then = alike(np.random.default_rng(2), 400, bad=0.25, slower=1.6)
    assert p_worse(MEASURES[name], now, then, "above") < 0.01
    assert p_worse(MEASURES[name], now, then, "below") > 0.5


def test_where_nothing_can_be_told_nothing_is_worse() -> None:
    rng = np.random.default_rng(3)
    now, nothing = part(rng, 5, 0, bad=0.1, slower=1.0), part(rng, 0, 9, bad=0.1, slower=1.0)
    assert p_worse(MEASURES["errors"], now, nothing, "above") == 1.0


@pytest.mark.prove
@pytest.mark.parametrize("name", ["errors", "time_p50", "cost_conversation", "conversion"])
def test_where_nothing_changes_a_rule_speaks_no_more_often_than_its_level(name: str) -> None:
    """2,000 checks each; answers of one conversation are alike, which a test of single answers would
    take for a change far more often."""
    rng, checks = np.random.default_rng(4), 2000
    rule = AlertRule(**USUAL | {"kind": "change", "side": "above", "bound": 0.0, "minimum": 5})
    rule.margin = 0.0
    found = [
        alert_finding.change(rule, MEASURES[name], *alike(rng, 80)).state
        for _check in range(checks)
    ]
    most = alert_finding.ALPHA + 3 * (alert_finding.ALPHA / checks) ** 0.5
    assert found.count(alert_finding.BEYOND) / checks <= most


@pytest.mark.parametrize(
    ("value", "state"), [(9, "within"), (10, "between"), (12, "between"), (13, "beyond")]
)
@pytest.mark.parametrize("side", alert_rules.SIDES)
def test_between_bound_and_margin_nothing_changes(value: int, state: str, side: str) -> None:
    of = part(np.random.default_rng(5), 0, 0, bad=0.1, slower=1.0)
    sign = 1 if side == "above" else -1
    one = replace(MEASURES["stars"], formula=lambda _part: _estimated(sign * value))
    rule = AlertRule(measure="stars", side=side, bound=sign * 12, margin=3, minimum=1)
    assert alert_finding.threshold(rule, one, of).state == state
    rule.minimum = 31
    assert alert_finding.threshold(rule, one, of).state == "few"


def _estimated(value: float) -> Any:
    from core.statistics import Estimated

    return Estimated(value, None, None, 30)


OPEN = {"state": "open"}
RESOLVED = {"state": "resolved", "resolved_at": NOW - timedelta(hours=1)}
BACK = {**RESOLVED, "back_at": NOW - timedelta(hours=1)}
LONG_AGO = {**BACK, "resolved_at": NOW - timedelta(hours=25)}


@pytest.mark.parametrize(
    ("last", "state", "event"),
    [
        (None, "beyond", "opened"),
        (None, "within", ""),
        (OPEN, "beyond", "seen"),
        (OPEN, "between", ""),
        (OPEN, "few", ""),
        (OPEN, "within", "resolved"),
        (RESOLVED, "beyond", ""),
        (RESOLVED, "between", ""),
        (RESOLVED, "within", "calmed"),
        (BACK, "within", ""),
        (BACK, "beyond", "reopened"),
        (LONG_AGO, "beyond", "opened"),
    ],
)
def test_a_finding_moves_an_alert_by_this_table(
    last: dict[str, Any] | None, state: str, event: str
) -> None:
    with clock.held(NOW):
        assert event_of(Alert(**last) if last else None, state) == event


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"measure": "luck"}, "measure"),
        ({"bound": float("nan")}, "bound"),
        ({"bound": float("inf")}, "bound"),
        ({"bound": True}, "bound"),
        ({"margin": -1}, "margin"),
        ({"minimum": 0}, "minimum"),
        ({"hours": 2161}, "hours"),
        ({"hours": 1.5}, "hours"),
        ({"every_minutes": 0}, "every_minutes"),
        ({"kind": "guess"}, "kind"),
        ({"kind": "change", "measure": "waiting"}, "kind"),
        ({"kind": "change", "measure": "conversations"}, "kind"),
        ({"side": "left"}, "side"),
        ({"channels": ["pigeon"]}, "channels"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"filters": {"period": "7d"}}, "filters"),
        ({"filters": {"hour": "9"}}, "filters"),
        ({"filters": {"assistant": 7}}, "filters"),
        ({"filters": {"data": "maybe"}}, "data"),
        ({"silent_until": datetime(2026, 1, 1)}, "silent_until"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_by_name(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        alert_rules.usual({**USUAL, **facts})
    assert caught.value.field == field


def test_a_rule_needs_a_bound_and_the_rest_is_usual() -> None:
    with pytest.raises(InvalidInput):
        alert_rules.usual({"measure": "errors"})
    made = alert_rules.usual({"measure": "satisfaction", "bound": 0.8, "name": " a\nb "})
    assert (made["side"], made["minimum"], made["name"]) == ("below", 30, "a b")


@pytest.fixture
def world(home: Path) -> None:
    keeping.forget()


@pytest.mark.slow
def test_a_rule_is_made_changed_tried_and_removed(world: None) -> None:
    with i18n.speaking("en"):
        made = alert_rules.create_rule(**USUAL)
        assert (alert_words.name(made), made.side) == ("Errors", "above")
        assert alert_rules.change_rule(made.id, bound=0.2, paused=True).bound == 0.2
        for fact in ({"measure": "tone"}, {"kind": "change"}, {"id": "x"}):
            with pytest.raises(InvalidInput):
                alert_rules.change_rule(made.id, **fact)
        assert alert_rules.try_rule(**USUAL).state == "few"
        alert_rules.remove_rule(made.id)
        assert alert_rules.rules() == []
        with pytest.raises(NotFound):
            alert_rules.rule(made.id)


@pytest.mark.slow
def test_what_is_suggested_can_be_taken_as_it_is_and_is_active_only_then(world: None) -> None:
    assert alert_rules.rules() == []
    first = alert_rules.suggested()
    assert {"satisfaction", "errors", "time_p50", "cost_conversation.change"} <= {
        one.key for one in first
    }
    for one in first:
        alert_rules.create_rule(**one.facts)
    assert alert_rules.suggested() == []


@pytest.mark.slow
def test_what_is_suggested_follows_the_targets(world: None) -> None:
    targets.set_settings(targets={"errors": 0.05, "ungrounded": None})
    found = {one.key: one.facts for one in alert_rules.suggested()}
    assert found["errors"]["bound"] == 0.05
    assert "ungrounded" not in found
