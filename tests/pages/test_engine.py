"""Who writes an assistant's answers, as the chat says it before anything is asked."""

import pytest

from core import registry
from core.config import settings
from core.db.tables import Assistant
from tests.fake_ollama import FakeModel, FakeOllama
from tests.pages.conftest import Opens, said

PAGE = "pages/loop/chat.py"


def test_a_chosen_model_that_is_not_installed_is_told_where_one_asks(
    opens: Opens, shop: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOllama() as running:
        monkeypatch.setenv("CICLO_OLLAMA_URL", running.url)
        settings.cache_clear()
        registry.choose_model(shop.id, "ollama:gemma3:4b")
        page = said(opens(PAGE, assistant=shop.id))
    assert "Você escolheu gemma3:4b. O modelo gemma3:4b não está instalado" in page


def test_a_chosen_model_whose_server_is_gone_is_told_where_one_asks(
    opens: Opens, shop: Assistant
) -> None:
    registry.choose_model(shop.id, "ollama:gemma3:4b")
    page = said(opens(PAGE, assistant=shop.id))
    assert "Você escolheu gemma3:4b. O servidor do Ollama" in page


def test_how_hard_a_thinking_model_thinks_is_chosen_and_kept(
    opens: Opens, shop: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = FakeModel("gpt-oss:20b", capabilities=("completion", "thinking"))
    with FakeOllama(models=[model]) as running:
        monkeypatch.setenv("CICLO_OLLAMA_URL", running.url)
        settings.cache_clear()
        registry.choose_model(shop.id, "ollama:gpt-oss:20b")
        page = opens("pages/manage/assistants.py", assistant=shop.id)
        choice = page.selectbox(key=f"assistants.reasoning.{shop.id}")
        assert choice.value == "low"  # it cannot be silenced
        choice.set_value("high").run()
        assert registry.route(shop.id).version.parameters["reasoning"] == "high"
        choice = page.selectbox(key=f"assistants.reasoning.{shop.id}")
        choice.set_value("usual").run()
        assert "reasoning" not in registry.route(shop.id).version.parameters


def test_a_model_that_does_not_think_is_not_asked_how_hard(
    opens: Opens, shop: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOllama() as running:
        monkeypatch.setenv("CICLO_OLLAMA_URL", running.url)
        settings.cache_clear()
        registry.choose_model(shop.id, "ollama:llama3.2")
        page = opens("pages/manage/assistants.py", assistant=shop.id)
    assert f"assistants.reasoning.{shop.id}" not in [box.key for box in page.selectbox]
