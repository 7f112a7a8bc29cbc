"""Language, narrow screens, keyboard: the frame as people use it."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import ask, finished, settled, visit
from tests.conftest import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def test_the_language_is_switched_and_remembered(shop: Server, opened: "Page") -> None:
    visit(opened, shop.url)
    assert opened.locator("html").get_attribute("lang") == "pt-BR"
    opened.get_by_role("button", name="English").click()
    opened.get_by_role("heading", name="From question to better answer").wait_for()
    opened.locator("html[lang=en]").wait_for(state="attached")  # a script's work, after the words
    opened.reload()
    opened.get_by_role("heading", name="From question to better answer").wait_for()
    opened.get_by_role("button", name="Português").click()
    opened.get_by_role("heading", name="Da pergunta à resposta melhor").wait_for()


@pytest.mark.parametrize("path", ["/", "/chat", "/documents", "/assistants"])
def test_no_page_scrolls_sideways_at_390_px(shop: Server, browser: "Browser", path: str) -> None:
    context = browser.new_context(locale="pt-BR", viewport={"width": 390, "height": 800})
    page = context.new_page()
    visit(page, shop.url)
    visit(page, shop.url + path)
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert wide <= 390


def test_an_answer_is_asked_read_and_opened_by_keyboard_alone(shop: Server, opened: "Page") -> None:
    visit(opened, f"{shop.url}/chat")
    turn = finished(ask(opened, "Qual é o prazo de troca?"))
    turn.locator("button.cite").first.focus()
    opened.keyboard.press("Enter")
    drawer = opened.get_by_role("dialog")
    drawer.locator("mark").first.wait_for()
    opened.keyboard.press("Escape")
    drawer.wait_for(state="detached")
    turn.locator(".tool.up").focus()
    opened.keyboard.press("Space")
    opened.get_by_text("O que ela teve de bom?").wait_for()
    assert turn.locator(".tool.up").get_attribute("aria-pressed") == "true"


def test_a_deep_link_opens_its_page_on_a_server_that_nobody_has_visited(
    shop: Server, opened: "Page"
) -> None:
    visit(opened, f"{shop.url}/documents")
    opened.get_by_role("heading", name="Documentos").wait_for()
    assert opened.get_by_role("dialog").count() == 0
    settled(opened)
