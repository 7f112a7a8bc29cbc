"""The models page: what there is, fetched with progress, and diagnoses that tell as they go."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Writer, furnish, visit
from tests.conftest import Server, serving
from tests.fake_ollama import FakeOllama

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    """A server beside a slow Ollama with one model, which its assistant uses."""
    folder = tmp_path_factory.mktemp("slow")
    with FakeOllama(pause=0.3) as ollama:
        furnish(folder, "ollama:llama3.2:latest", CICLO_OLLAMA_URL=ollama.url)
        with serving(folder, CICLO_OLLAMA_URL=ollama.url) as running:
            yield Writer(running, ollama)


def test_a_model_is_fetched_by_name_with_progress(slow: Writer, opened: "Page") -> None:
    visit(opened, f"{slow.url}/models")
    name = opened.get_by_role("textbox", name="Baixar um modelo para o Ollama")
    name.fill("gemma3:1b")
    name.press("Enter")
    opened.get_by_text("Baixando o modelo").wait_for()
    opened.locator("tbody th", has_text="gemma3:1b").wait_for()
    assert [asked["model"] for asked in slow.ollama.bodies("/api/pull")] == ["gemma3:1b"]


def test_findings_come_one_by_one_and_a_diagnosis_can_be_stopped(
    slow: Writer, opened: "Page"
) -> None:
    visit(opened, f"{slow.url}/models")
    opened.get_by_role("button", name="Testar com carga").click()
    opened.get_by_text("verificando…").wait_for()
    assert opened.get_by_role("button", name="Testar os modelos").is_disabled()
    opened.get_by_role("button", name="Parar").click()
    opened.get_by_text("interrompido depois de").wait_for()
    assert opened.get_by_role("button", name="Testar os modelos").is_enabled()


def test_a_diagnosis_is_found_again_after_a_reload(shop: Server, opened: "Page") -> None:
    visit(opened, f"{shop.url}/models")
    opened.get_by_role("button", name="Verificar conexões").click()
    found = opened.locator("tbody tr", has_text="banco de dados")
    opened.get_by_role("button", name="Fechar").wait_for()  # it has ended
    before = found.inner_text()
    opened.reload()
    opened.get_by_role("button", name="Fechar").wait_for()
    assert found.inner_text() == before
    opened.get_by_role("button", name="Fechar").click()
    found.wait_for(state="detached")


def test_who_uses_a_model_is_one_click_away(slow: Writer, opened: "Page") -> None:
    visit(opened, f"{slow.url}/models")
    opened.get_by_role("link", name="Loja (campeão)").click()
    opened.get_by_role("heading", name="Quem escreve as respostas").wait_for()
    assert "/assistants?assistant=" in opened.url
