"""Alerts on the page of metrics: the strip, the part of its own, rules made by a click."""

import pytest
from streamlit.testing.v1 import AppTest

from core import access
from core.db.tables import Assistant
from core.metrics.alerts import checking as alert_checking
from core.metrics.alerts import lifecycle as alerts
from core.metrics.alerts import rules as alert_rules
from tests.metrics.alerting import answers
from tests.pages.conftest import Opens, keys, said

pytestmark = pytest.mark.slow
PAGE = "pages/loop/metrics.py"
HOSTILE = "<script>x</script> [y](javascript:z) **b**"


@pytest.fixture
def alert(shop: Assistant) -> str:
    """The id of an open alert of a rule with a hostile name."""
    alert_rules.create_rule(measure="errors", bound=0.1, minimum=10, name=HOSTILE)
    answers(shop.id, 10, 10)
    alert_checking.check_due()
    return alerts.alerts()[0].alert.id


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_an_open_alert_stands_on_the_page_with_its_figure(opens: Opens, alert: str) -> None:
    app = opens(PAGE)
    text = said(app).replace("\u2060", "")
    assert HOSTILE in text
    assert "Erros: 50,0% (n 20), últimas 24 horas; o limite é 10,0%." in text
    assert "<script>" not in "".join(one.value for one in app.markdown)


def test_it_is_taken_on_and_resolved_with_a_press(opens: Opens, alert: str) -> None:
    app = press(opens(PAGE), f"metrics.alerts.acknowledge.{alert}")
    assert alerts.alert(alert).alert.state == "acknowledged"
    assert f"metrics.alerts.acknowledge.{alert}" not in keys(app)
    app = press(app, f"metrics.alerts.resolve.{alert}")
    assert HOSTILE not in said(app)


def test_who_only_sees_figures_sees_it_and_presses_nothing(opens: Opens, alert: str) -> None:
    access.person("Ana")  # somebody must stay an admin
    access.set_roles(access.local_person().id, ["viewer"])
    app = opens(PAGE)
    assert [key for key in keys(app) if key.startswith("metrics.alerts.")] == []
    assert "50,0%" in said(app)


def test_a_suggested_rule_is_active_after_a_click(opens: Opens, alert: str) -> None:
    app = opens(PAGE, view="alerts")
    press(app, "metrics.rules.add.satisfaction")
    assert [one.measure for one in alert_rules.rules()] == ["errors", "satisfaction"]
    assert "metrics.rules.add.satisfaction" not in keys(app)


def test_a_rule_rests_is_tried_and_removed_with_a_way_back(opens: Opens, alert: str) -> None:
    (rule,) = alert_rules.rules()
    app = opens(PAGE, view="alerts", language="en")
    press(app, f"metrics.rules.try.{rule.id}")
    assert "It would speak: 50.0% (n 20)." in said(app)
    press(app, f"metrics.rules.pause.{rule.id}")
    assert alert_rules.rule(rule.id).paused
    press(app, f"metrics.rules.remove.{rule.id}")
    assert alert_rules.rules() == []
    press(app, "frame.undo")
    assert [one.name for one in alert_rules.rules()] == [rule.name]


def test_what_was_is_listed_where_alerts_are(opens: Opens, alert: str) -> None:
    alerts.resolve(alert)
    app = opens(PAGE, view="alerts")
    assert "O que passou" in said(app)
