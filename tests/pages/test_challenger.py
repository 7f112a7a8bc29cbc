"""Who challenges the champion is chosen on the assistant's page."""

import pytest

from core import assistants, registry
from core.db.tables import Assistant
from tests.pages.conftest import Opens, said

pytestmark = pytest.mark.slow
PAGE = "pages/manage/assistants.py"


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models to choose from."""
    monkeypatch.setattr("pages.ui.models.ready", lambda: ["fake:large", "nowhere:x", "ollama:gone"])


def test_a_challenger_is_chosen_with_its_share_and_taken_back(
    opens: Opens, shop: Assistant
) -> None:
    app = opens(PAGE, assistant=shop.id)
    app.selectbox(key=f"assistants.challenger.use.{shop.id}.0.0.0").set_value("fake:large").run()
    app.number_input(key=f"assistants.challenger.share.{shop.id}.0.0.0").set_value(20)
    app.button(key=f"assistants.challenger.save.{shop.id}").click().run()
    rival = registry.challenger(shop.id)
    assert rival
    assert assistants.get(shop.id).routing["challenger_share"] == 0.2
    assert "20%" in said(app)
    app.button(key=f"assistants.challenger.none.{shop.id}").click().run()
    assert registry.challenger(shop.id) is None


def test_one_that_cannot_answer_now_is_saved_with_a_warning(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE, assistant=shop.id)
    assert "o nome de outro" in said(app)
    app.selectbox(key=f"assistants.challenger.use.{shop.id}.0.0.0").set_value("ollama:gone").run()
    app.button(key=f"assistants.challenger.save.{shop.id}").click().run()
    assert registry.challenger(shop.id)
    assert "ollama:gone não responde agora" in said(app)


def test_what_cannot_challenge_is_told(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE, assistant=shop.id)
    app.selectbox(key=f"assistants.challenger.use.{shop.id}.0.0.0").set_value("nowhere:x").run()
    app.button(key=f"assistants.challenger.save.{shop.id}").click().run()
    assert "nowhere" in said(app)
    assert registry.challenger(shop.id) is None
