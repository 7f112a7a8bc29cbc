"""An assistant's rules are edited a line each: what is typed is saved, or told and kept."""

import pytest
from streamlit.testing.v1 import AppTest

from core import assistants, registry
from core.db.tables import Assistant
from tests.pages.conftest import Opens, said

pytestmark = pytest.mark.slow
PAGE = "pages/manage/assistants.py"
PREMIUM = {"if": {"tier": "premium"}, "use": "fake:large"}
LONG = {"if": {"language": "en", "min_length": 300}, "use": "fake:long"}


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models to choose from."""
    monkeypatch.setattr("pages.ui.models.ready", lambda: ["fake:large", "nowhere:x"])


def field(one: Assistant, name: str, row: int = 0, turn: int = 0) -> str:
    return f"assistants.rule.{name}.{row}.{turn}.{one.id}"


def press(app: AppTest, one: Assistant, what: str) -> None:
    app.button(key=f"assistants.model_rules.{what}.{one.id}").click().run()


def rules(one: Assistant) -> object:
    return assistants.get(one.id).routing.get("rules")


def test_a_rule_is_added_and_saved(opens: Opens, shop: Assistant) -> None:
    assistants.update(shop.id, routing={"fallbacks": ["fake:spare"]})
    app = opens(PAGE, assistant=shop.id)
    press(app, shop, "add")
    app.text_input(key=field(shop, "tier")).set_value("premium")
    app.number_input(key=field(shop, "min_length")).set_value(20)
    app.selectbox(key=field(shop, "use")).set_value("fake:large")
    press(app, shop, "save")
    assert rules(shop) == [{"if": {"tier": "premium", "min_length": 20}, "use": "fake:large"}]
    assert assistants.get(shop.id).routing["fallbacks"] == ["fake:spare"]
    assert "As regras foram salvas." in said(app)


def test_what_cannot_be_saved_is_told_and_stays_typed(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE, assistant=shop.id)
    press(app, shop, "add")
    press(app, shop, "save")
    assert "A regra 1 não tem condição." in said(app)
    app.text_input(key=field(shop, "tier")).set_value("premium")
    press(app, shop, "save")
    assert "A regra 1 não diz que modelo responde" in said(app)
    app.selectbox(key=field(shop, "use")).set_value("nowhere:x")
    press(app, shop, "save")
    assert "nowhere" in said(app)
    assert app.text_input(key=field(shop, "tier")).value == "premium"
    assert app.selectbox(key=field(shop, "use")).value == "nowhere:x"
    assert rules(shop) is None


def test_rules_are_put_in_another_order_and_deleted(opens: Opens, shop: Assistant) -> None:
    assistants.update(shop.id, routing={"rules": [PREMIUM, LONG]})
    app = opens(PAGE, assistant=shop.id)
    app.button(key=field(shop, "raise", 1)).click().run()
    press(app, shop, "save")
    assert rules(shop) == [LONG, PREMIUM]
    app.button(key=field(shop, "remove", 0, 1)).click().run()
    press(app, shop, "save")
    assert rules(shop) == [PREMIUM]
    app.button(key="frame.undo").click().run()
    assert rules(shop) == [LONG, PREMIUM]


def test_rules_that_somebody_else_saved_meanwhile_are_not_written_over_unseen(
    opens: Opens, shop: Assistant
) -> None:
    app = opens(PAGE, assistant=shop.id)
    press(app, shop, "add")
    app.text_input(key=field(shop, "tier")).set_value("premium")
    app.selectbox(key=field(shop, "use")).set_value("fake:large")
    assistants.update(shop.id, routing={"rules": [LONG]})
    press(app, shop, "save")
    assert rules(shop) == [LONG]
    assert app.text_input(key=field(shop, "tier")).value == "premium"
    press(app, shop, "save")
    assert rules(shop) == [PREMIUM]


def test_the_challenger_and_its_share_are_told(opens: Opens, shop: Assistant) -> None:
    rival = registry.version_with_model(shop.id, "fake:rival")
    registry.point(shop.id, "challenger", rival.id, "try")
    assistants.update(shop.id, routing={"challenger_share": 0.1})
    told = said(opens(PAGE, assistant=shop.id))
    assert "responde a 10% de quem pergunta" in told.replace("\u00a0", "").replace("10 %", "10%")
    assert "rival" in told
