"""Two browsers on one machine are two people, each known again after a reload."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.conftest import ask, finished, press, settled, visit
from tests.conftest import Server, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def sit_down(page: "Page", name: str) -> None:
    """Be this person from now on."""
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.locator(".st-key-frame-who button").click()
    box = page.get_by_role("combobox", name="Quem está aqui?")
    box.fill(name)
    box.press("Enter")
    who(page, name)


def who(page: "Page", name: str) -> None:
    """Wait until the sidebar says that this person sits here."""
    page.locator(".st-key-frame-who").get_by_text(name, exact=True).wait_for()


def test_two_browsers_are_two_people_also_after_a_reload(shop: Server, browser: "Browser") -> None:
    contexts = [browser.new_context(locale="pt-BR") for _n in range(2)]
    ana, ze = [context.new_page() for context in contexts]
    for page, name in ((ana, "Ana Prado"), (ze, "Zé <b>da</b> Silva")):
        visit(page, f"{shop.url}/chat")
        who(page, "Quem está neste computador")
        sit_down(page, name)
    finished(ask(ana, "Qual é o prazo de troca?"))
    for page, name in ((ana, "Ana Prado"), (ze, "Zé <b>da</b> Silva")):
        page.reload()
        settled(page)
        who(page, name)
    ana.get_by_text("Qual é o prazo de troca?").first.wait_for()
    assert ze.get_by_text("Suas conversas aparecem aqui").count() == 1
    for context in contexts:
        context.close()


def test_roles_are_chips_and_the_last_admin_keeps_theirs(tmp_path: Path, opened: "Page") -> None:
    with serving(tmp_path) as alone:  # a server that others visit has more admins
        visit(opened, f"{alone.url}/people")
        chip = opened.get_by_test_id("stMain").get_by_role("button", name="administrador(a)")
        press(opened, chip, opened.get_by_text("Só Quem está neste computador tem o papel"))
        settled(opened)
        assert chip.get_attribute("aria-checked") != "false"
