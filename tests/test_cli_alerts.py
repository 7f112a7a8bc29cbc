"""``ciclo metrics alerts`` and ``ciclo metrics rules``."""

import pytest

from core import annotation, assistants
from tests.conftest import Run
from tests.metrics.alerting import answers

pytestmark = pytest.mark.slow


def test_a_rule_is_added_checked_and_its_alert_dealt_with(ciclo: Run) -> None:
    shop = assistants.create("Loja")
    annotation.create_queue(shop.id, "Fila")
    answers(shop.id, 10, 10)
    options = ("--bound", "0.1", "--hours", "2", "--minimum", "10", "--only", "data=real")
    made = ciclo("metrics", "rules", "add", "errors", *options, "--json")
    assert made.code == 0, made.err
    assert made.data["filters"] == {"data": "real"}
    checked = ciclo("metrics", "alerts", "check")
    assert "1 rule was checked." in checked.out
    assert "Errors: 50.0% (n 20), last 2 hours; the bound is 10.0%." in checked.out
    (one,) = ciclo("metrics", "alerts", "list", "--json").data["data"]
    assert "acknowledged" in ciclo("--as", "Ana", "metrics", "alerts", "ack", one["id"]).out
    assert "Fila: 10 new items" in ciclo("metrics", "alerts", "queue", one["id"]).out
    assert one["conversations"][0] in ciclo("metrics", "alerts", "show", one["id"]).out
    done = ciclo("metrics", "alerts", "resolve", one["id"], "--json").data
    assert (done["state"], done["acknowledged_by"]) == ("resolved", "Ana")
    assert ciclo("metrics", "alerts", "list", "--state", "live").out == "There is no alert.\n"


def test_a_suggested_rule_is_added_by_its_name_changed_and_removed(ciclo: Run) -> None:
    assert "cost_conversation.change" in ciclo("metrics", "rules", "suggest").out
    made = ciclo("metrics", "rules", "add", "cost_conversation.change", "--json").data
    assert (made["measure"], made["kind"], made["bound"]) == ("cost_conversation", "change", 0.2)
    changed = ciclo("metrics", "rules", "change", made["id"], "--silence", "8", "--name", "Custo")
    assert "Custo" in changed.out
    assert "silent until" in changed.out
    assert "Too few" in ciclo("metrics", "rules", "try", made["id"]).out
    assert "at rest" in ciclo("metrics", "rules", "change", made["id"], "--pause").out
    assert "“Custo” was removed" in ciclo("metrics", "rules", "remove", made["id"]).out
    assert ciclo("metrics", "rules", "list", "--json").data == {"data": []}


def test_what_cannot_be_is_said_with_its_exit_code(ciclo: Run) -> None:
    assert ciclo("metrics", "rules", "add", "luck", "--bound", "1").code == 2
    assert ciclo("metrics", "rules", "add", "errors").code == 0  # it is one of those suggested
    assert ciclo("metrics", "rules", "add", "stars").code == 2
    assert ciclo("metrics", "rules", "add", "stars", "--bound", "4", "--only", "x").code == 2
    assert ciclo("metrics", "alerts", "ack", "nada").code == 3
