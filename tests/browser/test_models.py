"""Who writes the answers: a model is fetched, used because it is there, and taken back."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Writer, ask, finished, furnish, visit
from tests.conftest import serving
from tests.fake_ollama import FakeOllama

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    """A server beside an Ollama that has no model."""
    folder = tmp_path_factory.mktemp("bare")
    with FakeOllama(models=[], pause=0.3) as ollama:
        furnish(folder, CICLO_OLLAMA_URL=ollama.url)
        with serving(folder, CICLO_OLLAMA_URL=ollama.url) as running:
            yield Writer(running, ollama)


def test_a_model_is_fetched_with_progress_used_and_given_back_with_one_click(
    bare: Writer, opened: "Page"
) -> None:
    visit(opened, f"{bare.url}/assistants")
    opened.get_by_role("button", name="Editar").click()
    opened.get_by_role("button", name="Baixar llama3").click()
    opened.get_by_text("Baixando o modelo").wait_for()
    opened.get_by_text("O Ollama foi encontrado: quem responde é llama3.2").wait_for()

    bare.ollama.pause, bare.ollama.says = 0.0, "A loja abre às 9h [1]."
    opened.get_by_role("link", name="Perguntar").last.click()
    turn = finished(ask(opened, "Quando a loja abre?"))
    assert "llama3.2" in turn.locator(".facts").inner_text()

    visit(opened, f"{bare.url}/assistants")
    opened.get_by_role("button", name="Editar").click()
    opened.get_by_role("button", name="Voltar ao motor do Ciclo").click()
    opened.get_by_text("Você escolheu Motor do Ciclo.").wait_for()
    opened.get_by_role("button", name="Deixar o Ciclo escolher").click()
    opened.get_by_text("O Ollama foi encontrado").wait_for()


def test_another_model_is_chosen_where_one_asks_and_is_the_conversation_s_until_it_is_let_go(
    writer: Writer, opened: "Page"
) -> None:
    visit(opened, f"{writer.url}/chat")
    opened.get_by_role("button", name="Loja · llama3.2").click()
    opened.get_by_label("Modelo para esta conversa").click()
    opened.get_by_role("option", name="Motor do Ciclo", exact=True).click()
    opened.get_by_role("button", name="Loja · Motor do Ciclo").wait_for()
    opened.keyboard.press("Escape")
    turn = finished(ask(opened, "Qual é o prazo de troca?"))
    assert "Motor do Ciclo" in turn.locator(".facts").inner_text()

    opened.reload()
    opened.get_by_text("Você escolheu Motor do Ciclo para esta conversa.").wait_for()
    opened.get_by_role("button", name="Deixar o assistente escolher").click()
    opened.get_by_role("button", name="Loja · llama3.2").wait_for()
    assert not opened.get_by_text("para esta conversa.").count()
