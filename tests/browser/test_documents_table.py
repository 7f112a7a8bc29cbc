"""The table of documents: looked through, sorted, chosen from, changed in bulk, with the way back."""

import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import visit
from tests.conftest import ROOT, Server, clean_environment, serving

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

STOCK = """
from core import assistants, retrieval
from core.db import migrate
migrate.upgrade()
shop = assistants.create("Loja")
for name in {names!r}:
    personal = " CPF 529.982.247-25." if name.startswith("b") else ""
    retrieval.add(shop.id, name, f"# {{name}}\\n\\nTexto de {{name}}.{{personal}}".encode(), now=True)
retrieval.add(shop.id, "quebrado.pdf", b"%PDF-1.7\\nnada", now=True)
retrieval.close()
"""
NAMES = [f"a-{n:02}.md" for n in range(55)] + [f"b-{n:02}.md" for n in range(4)]


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose one assistant has 60 documents: two pages of the table, one that failed."""
    folder = tmp_path_factory.mktemp("stock")
    script, environment = STOCK.format(names=NAMES), clean_environment(folder / "home")
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)
    with serving(folder) as running:
        yield running


def test_the_table_is_looked_through_by_name_and_the_address_keeps_it(
    stock: Server, opened: "Page"
) -> None:
    visit(opened, f"{stock.url}/documents")
    opened.get_by_text("1 a 50 de 60 documentos").wait_for()
    opened.get_by_role("searchbox", name="Buscar pelo nome").fill("B-0")
    opened.get_by_text("4 documentos", exact=True).wait_for()
    assert names(opened) == ["b-03.md", "b-02.md", "b-01.md", "b-00.md"]
    opened.reload()
    opened.get_by_text("4 documentos", exact=True).wait_for()
    assert opened.get_by_role("searchbox").input_value() == "B-0"


def test_a_column_sorts_both_ways(stock: Server, opened: "Page") -> None:
    visit(opened, f"{stock.url}/documents")
    head = opened.get_by_role("columnheader", name="Documento")
    head.get_by_role("button").click()
    opened.locator("th[aria-sort=ascending]").wait_for()
    assert names(opened)[0] == "a-00.md"
    head.get_by_role("button").click()
    opened.locator("th[aria-sort=descending]").wait_for()
    assert names(opened)[0] == "quebrado.pdf"


def test_a_chip_shows_only_its_part_and_says_how_many_it_holds(
    stock: Server, opened: "Page"
) -> None:
    visit(opened, f"{stock.url}/documents")
    opened.get_by_role("button", name="Dados pessoais 4").click()
    opened.get_by_text("4 documentos", exact=True).wait_for()
    assert set(names(opened)) == {f"b-0{n}.md" for n in range(4)}
    opened.get_by_role("button", name="Com falha 1").click()
    opened.get_by_text("1 documento", exact=True).wait_for()
    row = opened.locator("tbody tr")
    assert "está danificado ou incompleto" in row.inner_text()


def test_the_next_page_is_sent_when_it_is_asked_for(stock: Server, opened: "Page") -> None:
    visit(opened, f"{stock.url}/documents?sort=name")
    assert len(names(opened)) == 50
    opened.get_by_role("button", name="Próxima página").click()
    opened.get_by_text("51 a 60 de 60 documentos").wait_for()
    assert names(opened)[0] == "a-50.md"
    assert "page=2" in opened.url


def test_all_that_are_found_are_deleted_and_come_back_with_one_undo(
    stock: Server, opened: "Page"
) -> None:
    visit(opened, f"{stock.url}/documents?search=a-&sort=name")
    opened.get_by_role("checkbox", name="Selecionar todos desta página").click()
    opened.get_by_role("button", name="Selecionar todos os 55").click()
    opened.get_by_role("button", name="Excluir", exact=True).click()
    opened.get_by_text("55 documentos foram excluídos.").wait_for()
    opened.get_by_text("Nenhum documento corresponde.").wait_for()
    opened.get_by_role("button", name="Desfazer").click()
    opened.get_by_text("55 documentos voltaram.").wait_for()
    opened.get_by_text("1 a 50 de 55 documentos").wait_for()
    assert names(opened) == NAMES[:50]


def test_what_is_chosen_outlives_another_page_and_a_filter(stock: Server, opened: "Page") -> None:
    visit(opened, f"{stock.url}/documents?sort=name")
    box(opened, "a-01.md").click()
    opened.get_by_role("button", name="Próxima página").click()
    opened.get_by_text("51 a 60").wait_for()
    box(opened, "b-01.md").click()
    opened.get_by_role("searchbox").fill("a-01")
    opened.get_by_text("1 documento", exact=True).wait_for()
    assert box(opened, "a-01.md").is_checked()
    opened.get_by_text("2 selecionados").wait_for()


def test_the_keyboard_moves_chooses_and_lets_go(stock: Server, opened: "Page") -> None:
    visit(opened, f"{stock.url}/documents?sort=name")
    box(opened, "a-00.md").focus()
    opened.keyboard.press("x")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Space")
    opened.get_by_text("2 selecionados").wait_for()
    assert box(opened, "a-01.md").is_checked()
    opened.keyboard.press("Escape")
    opened.get_by_text("2 selecionados").wait_for(state="hidden")


def test_dates_are_set_for_many_and_taken_back(stock: Server, opened: "Page") -> None:
    visit(opened, f"{stock.url}/documents?search=b-0&sort=name")
    opened.get_by_role("checkbox", name="Selecionar todos desta página").click()
    opened.get_by_role("button", name="Validade…").click()
    dialog = opened.get_by_role("dialog")
    dialog.get_by_text("Para 4 documentos").wait_for()
    set_day(dialog, "Válido até", "31", "12", "2020")
    dialog.get_by_role("button", name="Salvar datas").click()
    opened.get_by_text("As datas de 4 documentos foram salvas.").wait_for()
    assert opened.get_by_text("venceu em 31/12/2020").count() == 4
    opened.get_by_role("button", name="Vencidos 4").wait_for()
    opened.get_by_role("button", name="Desfazer").click()
    opened.get_by_role("button", name="Vencidos 0").wait_for()


def test_dates_in_the_wrong_order_stay_typed_with_a_sentence_below(
    stock: Server, opened: "Page"
) -> None:
    visit(opened, f"{stock.url}/documents?search=b-00")
    box(opened, "b-00.md").click()
    opened.get_by_role("button", name="Validade…").click()
    dialog = opened.get_by_role("dialog")
    set_day(dialog, "Válido de", "02", "03", "2026")
    set_day(dialog, "Válido até", "01", "03", "2026")
    dialog.get_by_role("button", name="Salvar datas").click()
    dialog.get_by_test_id("stAlertContentError").wait_for()
    assert "b-00.md" in dialog.get_by_test_id("stAlertContentError").inner_text()
    assert "2026" in dialog.get_by_test_id("stDateInput").first.inner_text()


def test_a_document_deleted_in_one_tab_is_told_of_in_the_other(
    stock: Server, opened: "Page"
) -> None:
    url = f"{stock.url}/documents?search=b-03"
    visit(opened, url)
    other = opened.context.new_page()
    visit(other, url)
    for page in (opened, other):
        page.get_by_role("button", name="Excluir “b-03.md”").click()
        page.locator(".card:visible").wait_for()
    assert "“b-03.md” foi excluído." in opened.locator(".card").inner_text()
    assert "já tinha sido excluído" in other.locator(".card").inner_text()
    opened.get_by_role("button", name="Desfazer").click()
    opened.get_by_text("“b-03.md” voltou.").wait_for()


def test_a_phone_shows_cards_that_do_not_scroll_sideways(stock: Server, opened: "Page") -> None:
    opened.set_viewport_size({"width": 390, "height": 800})
    visit(opened, f"{stock.url}/documents?search=b-0")
    card = opened.locator("tbody tr").first
    card.wait_for()
    assert "1 oculto" in card.inner_text()
    wider = "document.documentElement.scrollWidth > window.innerWidth + 1"
    assert not opened.evaluate(wider)


def box(page: "Page", name: str) -> "Locator":
    """The box that chooses a document."""
    return page.get_by_role("checkbox", name=f"Selecionar “{name}”")


def names(page: "Page") -> list[str]:
    """The documents in the order of the table."""
    page.locator("tbody tr").first.wait_for()
    return page.locator("tbody .link").all_inner_texts()


def set_day(within: "Locator", label: str, *parts: str) -> None:
    """Type a day part by part, as the field takes it."""
    field = within.get_by_test_id("stDateInput").filter(has_text=label)
    field.get_by_role("spinbutton").first.wait_for()
    for segment, part in zip(field.get_by_role("spinbutton").all(), parts, strict=True):
        segment.click()
        segment.press_sequentially(part)
