"""Traces: from an answer to how it came about, and back."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Writer, ask, finished, settled, visit
from tests.conftest import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = "<img src=x onerror=alert(1)> Qual é o prazo de troca?"


def test_an_answer_leads_to_its_steps_by_keyboard_and_back_to_its_place(
    shop: Server, opened: "Page"
) -> None:
    visit(opened, f"{shop.url}/chat")
    turn = finished(ask(opened, HOSTILE))
    turn.locator(".tool.how").focus()
    opened.keyboard.press("Enter")
    opened.get_by_role("heading", name="Passos").wait_for()
    step = opened.locator("summary", has_text="Busca nos documentos")
    step.focus()
    opened.keyboard.press("Enter")
    opened.get_by_text("Começa depois de").locator("visible=true").first.wait_for()
    assert opened.locator("img[src=x]").count() == 0
    assert opened.get_by_text(HOSTILE).first.is_visible()
    opened.get_by_role("link", name="Abrir na conversa").click()
    opened.locator("article.turn").first.wait_for()
    assert "answer=" in opened.url
    opened.locator("article.turn h2", has_text="Qual é o prazo").first.wait_for()


def test_a_failed_attempt_is_told_in_words_beside_its_bar(writer: Writer, opened: "Page") -> None:
    writer.ollama.faults["/api/chat"] = "refused"
    try:
        visit(opened, f"{writer.url}/chat")
        turn = finished(ask(opened, "Quando a loja abre no domingo?"))
    finally:
        writer.ollama.faults.clear()
    turn.locator(".tool.how").click()
    failed = opened.locator("summary", has=opened.locator(".bar.failed"))
    failed.wait_for()
    assert failed.locator(".why").inner_text() == "o pedido foi recusado"


def test_choices_stay_in_the_address_and_the_way_back_leads_to_them(
    shop: Server, opened: "Page"
) -> None:
    visit(opened, f"{shop.url}/chat")
    finished(ask(opened, "Qual é o prazo de troca?"))
    visit(opened, f"{shop.url}/traces?days=7")
    opened.locator("tbody a").first.click()
    opened.get_by_role("heading", name="Passos").wait_for()
    opened.go_back()
    opened.locator("tbody a").first.wait_for()
    assert opened.url.endswith("/traces?days=7")


@pytest.mark.parametrize("path", ["/traces", "/models"])
def test_nothing_scrolls_sideways_at_390_px(shop: Server, browser: "Browser", path: str) -> None:
    context = browser.new_context(locale="en-US", viewport={"width": 390, "height": 800})
    page = context.new_page()
    visit(page, shop.url + path)
    page.get_by_role("heading", level=1).wait_for()
    settled(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert wide <= 390


@pytest.mark.parametrize("wide", [390, 1440])
def test_every_fact_of_an_answer_lies_within_the_screen_beside_its_name(
    shop: Server, opened: "Page", wide: int
) -> None:
    opened.set_viewport_size({"width": wide, "height": 900})
    visit(opened, f"{shop.url}/chat")
    finished(ask(opened, "Qual é o prazo de troca?")).locator(".tool.how").click()
    opened.get_by_role("heading", name="Passos").wait_for()
    for row in opened.locator(".facts tbody tr").all():
        name, value = row.locator("th").bounding_box(), row.locator("td").bounding_box()
        assert name
        assert value
        assert 0 <= name["x"] < name["x"] + name["width"] <= value["x"] + 1
        assert value["x"] + value["width"] <= wide
