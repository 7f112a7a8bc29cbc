"""Documents: dropped, read, asked, removed."""

from typing import TYPE_CHECKING

from tests.browser.conftest import ask, finished, visit
from tests.conftest import Server

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Locator, Page

GARDEN = "# Jardim\n\nO jardim do museu fecha às 17h45 no inverno.\n"


def test_a_document_that_is_dropped_can_be_asked_a_moment_later(
    shop: Server, opened: "Page"
) -> None:
    visit(opened, f"{shop.url}/documents")
    opened.locator("input[type=file]").set_input_files([file("jardim.md", GARDEN)])
    opened.get_by_text("1 arquivo foi adicionado").wait_for()
    row(opened, "jardim.md").get_by_text("pronto").wait_for(timeout=20_000)
    opened.get_by_role("link", name="Perguntar", exact=True).click()
    turn = finished(ask(opened, "A que horas fecha o jardim do museu no inverno?"))
    assert "17h45" in turn.locator(".text").inner_text()
    assert "jardim.md" in turn.locator(".sources").inner_text()


def test_a_damaged_file_is_told_in_a_sentence_and_the_rest_is_taken(
    shop: Server, opened: "Page"
) -> None:
    visit(opened, f"{shop.url}/documents")
    files = [file("vazio.txt", ""), file("bom.txt", "O cofre fica no porão.")]
    opened.locator("input[type=file]").set_input_files(files)
    opened.get_by_text("1 arquivo foi adicionado. 1 arquivo foi recusado.").wait_for()
    assert "vazio.txt" in opened.locator(".card li.bad").inner_text()
    opened.get_by_role("link", name="bom.txt", exact=True).wait_for(timeout=20_000)


def test_a_deleted_document_comes_back_with_undo(shop: Server, opened: "Page") -> None:
    visit(opened, f"{shop.url}/documents")
    row = opened.get_by_role("link", name="horarios.md")
    row.wait_for()
    opened.get_by_role("button", name="Excluir “horarios.md”").click()
    opened.get_by_text("foi excluído").wait_for()
    row.wait_for(state="detached")
    opened.get_by_role("button", name="Desfazer").click()
    row.wait_for()
    visit(opened, f"{shop.url}/documents?view=search&question=nota+fiscal")
    assert "horarios.md" in opened.locator("li.one").first.inner_text()


def row(page: "Page", name: str) -> "Locator":
    """The document's row of the table."""
    return page.locator("tbody tr", has=page.get_by_role("link", name=name, exact=True))


def file(name: str, text: str) -> "FilePayload":
    """A file as a browser sends it."""
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
