"""What askers say, in a real browser: a problem, stars, and the page that gathers them."""

from typing import TYPE_CHECKING

from tests.browser.conftest import ask, finished, settled, stored, talk_of, visit
from tests.conftest import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = "<img src=x onerror=alert(1)> errado"


def test_a_problem_is_reported_by_keyboard_and_found_again_on_the_page_of_feedback(
    shop: Server, opened: "Page"
) -> None:
    visit(opened, f"{shop.url}/chat")
    turn = finished(ask(opened, "Qual é o prazo de troca?"))
    turn.locator(".tool.report").focus()
    opened.keyboard.press("Enter")
    form = opened.get_by_test_id("stForm")
    form.locator("textarea").fill(HOSTILE)
    form.get_by_role("button", name="Enviar").press("Enter")
    opened.get_by_text("Você apontou: Outro motivo").wait_for()
    opened.reload()
    opened.get_by_text("Você apontou: Outro motivo").wait_for()
    visit(opened, f"{shop.url}/feedback?rating=problem")
    row = opened.locator("tbody tr", has_text=HOSTILE).first
    row.wait_for()
    assert opened.locator("img[src=x]").count() == 0
    row.locator("a").first.click()
    opened.locator("article.turn h2", has_text="prazo de troca").first.wait_for()
    assert "answer=" in opened.url
    flags = "SELECT problem, text, message_id, withdrawn_at FROM problem_flags WHERE text = ?"
    ((problem, text, answer, withdrawn),) = stored(shop, flags, HOSTILE)
    assert (problem, text, withdrawn) == ("other", HOSTILE, None)
    assert f"answer={answer}" in opened.url


def test_a_double_click_on_a_star_and_a_reload_leave_what_the_last_press_said(
    shop: Server, opened: "Page"
) -> None:
    visit(opened, f"{shop.url}/chat")
    finished(ask(opened, "Quando a loja abre aos sábados?"))
    talk = talk_of(opened)
    stars = opened.get_by_test_id("stFeedback")
    stars.locator("button").nth(2).click()
    settled(opened)
    stars.locator("button").nth(4).click()
    opened.get_by_role("radio", name="Sim").click()
    settled(opened)
    opened.reload()
    opened.get_by_role("radio", name="Sim").and_(opened.locator("[aria-checked=true]")).wait_for()
    settled(opened)
    visit(opened, f"{shop.url}/feedback?rating=5")
    opened.locator("tbody tr", has_text="5 estrelas · resolvida").first.wait_for()
    rated = "SELECT stars, solved FROM conversation_ratings WHERE conversation_id = ?"
    assert stored(shop, f"{rated} AND withdrawn_at IS NULL", talk) == [(5, 1)]
    before = stored(shop, f"{rated} AND withdrawn_at IS NOT NULL ORDER BY created_at", talk)
    assert before[0] == (3, None)


def test_two_people_at_once_each_see_their_own_thumb(shop: Server, browser: "Browser") -> None:
    pages = [browser.new_context(locale="pt-BR").new_page() for _ in range(2)]
    first, second = pages
    visit(first, f"{shop.url}/chat")
    turn = finished(ask(first, "Qual é o prazo de troca?"))
    address, talk = first.url, talk_of(first)
    turn.locator(".tool.up").dblclick()
    first.locator(".tool.up[aria-pressed=true]").wait_for()
    visit(second, address)
    second.locator(".tool.up[aria-pressed=true]").wait_for()  # the same person: nobody chose a name
    second.locator(".tool.down").first.click()
    second.locator(".tool.down[aria-pressed=true]").wait_for()
    first.reload()
    first.locator(".tool.down[aria-pressed=true]").wait_for()
    assert first.locator(".tool.up[aria-pressed=true]").count() == 0
    rated = """
        SELECT rating FROM feedback JOIN messages ON messages.id = message_id
        WHERE conversation_id = ? AND withdrawn_at IS NULL
    """
    assert stored(shop, rated, talk) == [("down",)]
    for page in pages:
        page.context.close()
