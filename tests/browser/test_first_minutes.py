"""The first five minutes: from an empty machine to a cited, rated answer."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import finished, settled, visit
from tests.conftest import Server, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with nothing on it."""
    with serving(tmp_path_factory.mktemp("empty")) as running:
        yield running


def test_the_sample_is_asked_answers_with_its_source_and_is_rated(
    empty: Server, opened: "Page"
) -> None:
    visit(opened, empty.url)
    names = ["Perguntar ao exemplo", "Adicionar meus documentos", "Ver o ciclo"]
    for name in names:
        assert opened.get_by_role("button", name=name).is_visible()
    opened.get_by_role("button", name=names[0]).click()
    opened.locator("[class*=st-key-chat-starter] button").first.click()
    turn = finished(opened.locator("article.turn"))
    assert turn.locator("button.cite").count() >= 1

    turn.locator("button.cite").first.click()
    drawer = opened.get_by_role("dialog")
    marked = drawer.locator("mark").first.inner_text()
    assert marked in turn.locator(".text").inner_text().replace("\n", "") or len(marked) > 10
    drawer.get_by_role("button", name="Abrir o documento aqui").click()
    opened.wait_for_url("**/documents?**")
    assert opened.locator(".reading mark").first.inner_text() == marked
    opened.go_back()
    settled(opened)

    turn = finished(opened.locator("article.turn"))
    turn.get_by_role("button", name="Não ajudou", exact=True).click()
    opened.get_by_text("Incompleta").click()
    opened.get_by_label("Comentário (opcional)").fill("Faltou o feriado.")
    opened.get_by_role("button", name="Enviar", exact=True).click()
    opened.get_by_label("Comentário (opcional)").wait_for(state="detached")

    opened.reload()
    turn = finished(opened.locator("article.turn"))
    assert turn.locator(".tool.down").get_attribute("aria-pressed") == "true"
    assert turn.locator(".text").inner_text()


def test_the_loop_is_filled_with_a_month_of_conversations(empty: Server, opened: "Page") -> None:
    visit(opened, empty.url)
    opened.get_by_role("button", name="Ver o ciclo").click()
    opened.get_by_text("Fazendo um mês de perguntas").wait_for()
    opened.get_by_role("button", name="Remover os dados de exemplo").wait_for(timeout=120_000)
    answers = opened.locator("[data-open=chat] .count b").first.inner_text()
    assert int(answers) >= 100
    assert opened.get_by_text("inclui dados de exemplo").is_visible()
    opened.locator("[data-open=chat]").click()
    opened.wait_for_url("**/chat")
