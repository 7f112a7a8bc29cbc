"""Two versions side by side: both columns move, a reload finds both, a side that fails stops nobody."""

import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Writer, furnish, press, settled, visit
from tests.conftest import ROOT, clean_environment, serving
from tests.fake_ollama import FakeModel, FakeOllama

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

QUESTION = "Quando a loja abre aos sábados?"
LONG = "A loja abre de segunda a sexta, das 9h às 18h [1]. " + "E assim por diante. " * 90
PACES = {"quick": 0.05, "slow": 0.15}
RIVALS = """
from core import assistants, registry
shop = assistants.default()
registry.model("ollama", "gone")
slow = registry.version_with_model(shop.id, "ollama:slow")
registry.point(shop.id, "challenger", slow.id, "tried")
registry.version_with_model(shop.id, "ollama:gone")
"""


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    """A shop whose champion writes quickly and whose challenger slowly; a third model is gone."""
    folder = tmp_path_factory.mktemp("rivals")
    models = [FakeModel(f"{name}:latest") for name in PACES]
    paces = {f"{name}{tag}": pause for name, pause in PACES.items() for tag in ("", ":latest")}
    with FakeOllama(models=models, paces=paces, says=LONG) as ollama:
        furnish(folder, "ollama:quick", CICLO_OLLAMA_URL=ollama.url)
        environment = clean_environment(folder / "home") | {"CICLO_OLLAMA_URL": ollama.url}
        subprocess.run([sys.executable, "-c", RIVALS], cwd=ROOT, env=environment, check=True)
        with serving(folder, CICLO_OLLAMA_URL=ollama.url) as running:
            yield Writer(running, ollama)


def column(page: "Page", side: str) -> "Locator":
    return page.locator(f"article.column.{side}")


def lengths(page: "Page") -> list[int]:
    """How much stands in both columns."""
    return [len(column(page, side).locator(".text").inner_text()) for side in ("left", "right")]


def grown(page: "Page", before: list[int]) -> list[int]:
    """Wait until both columns hold more than before; what they hold then."""
    now = before
    while not all(later > earlier for earlier, later in zip(before, now, strict=True)):
        page.wait_for_timeout(50)
        now = lengths(page)
        assert column(page, "right").get_attribute("aria-busy") == "true"
    return now


def together(page: "Page", rivals: Writer) -> None:
    """Ask both at the same time and wait until both have begun to speak."""
    visit(page, f"{rivals.url}/comparison")
    page.get_by_label("Pergunta", exact=True).fill(QUESTION)
    way = page.get_by_text("Ao mesmo tempo", exact=True)
    press(page, page.get_by_text("Como perguntar"), way)
    way.click()
    settled(page)
    page.get_by_role("button", name="Comparar").click()
    for side in ("left", "right"):
        column(page, side).locator(".text p").first.wait_for()


def stopped(page: "Page") -> None:
    page.get_by_role("button", name="Parar as duas").click()
    page.get_by_role("button", name="Parar as duas").wait_for(state="detached")


def test_both_columns_grow_together_and_a_reload_finds_both(rivals: Writer, opened: "Page") -> None:
    together(opened, rivals)
    first = lengths(opened)
    second = grown(opened, first)
    assert second[0] > second[1]  # the quick one is ahead
    for side in ("left", "right"):
        assert column(opened, side).get_attribute("aria-busy") == "true"

    opened.reload()
    for side in ("left", "right"):
        column(opened, side).locator(".text p").first.wait_for()
    grown(opened, second)
    stopped(opened)
    for side in ("left", "right"):
        assert "Você parou esta resposta" in column(opened, side).locator(".note").inner_text()


def test_a_side_that_fails_says_why_and_the_other_goes_on(rivals: Writer, opened: "Page") -> None:
    rivals.ollama.says = "A loja abre aos sábados das 9h às 13h [1]."
    visit(opened, f"{rivals.url}/comparison")
    opened.get_by_label("Pergunta", exact=True).fill(QUESTION)
    opened.get_by_label("Versão B").click()
    opened.get_by_role("option", name="gone").click()
    settled(opened)
    opened.get_by_role("button", name="Comparar").click()
    opened.get_by_role("button", name="Mais").wait_for()
    assert "gone" in column(opened, "right").locator(".note").inner_text()
    assert "13h" in column(opened, "left").locator(".text").inner_text()

    column(opened, "left").locator("button.cite").first.click()
    opened.get_by_role("dialog").get_by_text("Aos sábados").wait_for()
    opened.keyboard.press("Escape")
    column(opened, "right").get_by_role("button", name="Como esta resposta surgiu").click()
    opened.get_by_text("Abrir lado a lado").first.wait_for()
    opened.go_back()
    column(opened, "right").get_by_text("gone").first.wait_for()
    rivals.ollama.says = LONG


def test_words_that_differ_are_marked_on_demand(rivals: Writer, opened: "Page") -> None:
    rivals.ollama.says = "A loja abre aos sábados das 9h às 13h [1]."
    visit(opened, f"{rivals.url}/comparison")
    opened.get_by_label("Pergunta", exact=True).fill(QUESTION)
    opened.get_by_role("button", name="Comparar").click()
    opened.get_by_text("Marcar as palavras que mudam").click()
    opened.get_by_text("As duas dizem o mesmo").wait_for()
    assert not opened.locator("article.column mark").count()
    rivals.ollama.says = LONG
