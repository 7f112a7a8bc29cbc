"""Who writes an assistant's answers, as the chat says it before anything is asked."""

import pytest

from core import registry
from core.config import settings
from core.db.tables import Assistant
from tests.fake_ollama import FakeOllama
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
