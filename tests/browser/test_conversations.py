"""Conversations: found, renamed, taken along, deleted and brought back."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.conftest import ask, finished, visit
from tests.conftest import Server

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def test_a_conversation_is_found_by_what_was_said_and_opened(shop: Server, opened: "Page") -> None:
    visit(opened, f"{shop.url}/chat")
    finished(ask(opened, "Qual é o prazo de troca?"))
    opened.get_by_role("button", name="Nova conversa").click()
    opened.locator("article.turn").wait_for(state="detached")
    opened.get_by_placeholder("Buscar nas conversas").fill("corridos")
    found = opened.get_by_role("link", name="Qual é o prazo de troca?").first
    found.wait_for()
    found.click()
    turn = finished(opened.locator("article.turn"))
    assert "30 dias" in turn.locator(".text").inner_text()
    assert "conversation=" in opened.url


def test_a_question_is_asked_in_other_words_and_the_old_one_comes_back(
    shop: Server, opened: "Page"
) -> None:
    visit(opened, f"{shop.url}/chat")
    turn = finished(ask(opened, "Qual é o prazo de troca?"))
    turn.hover()
    turn.get_by_role("button", name="Perguntar com outras palavras").click()
    box = turn.get_by_label("Pergunta", exact=True)
    assert box.input_value() == "Qual é o prazo de troca?"
    box.fill("Quando a loja abre aos sábados?")
    box.press("Enter")
    turn = finished(asked(opened, "Quando a loja abre aos sábados?"))
    assert "9h às 13h" in turn.locator(".text").inner_text()
    assert "2 de 2" in turn.locator(".wordings").inner_text()
    turn.get_by_role("button", name="Versão anterior desta pergunta").click()
    turn = finished(asked(opened, "Qual é o prazo de troca?"))
    assert "30 dias" in turn.locator(".text").inner_text()
    asked(opened, "Quando a loja abre aos sábados?").wait_for(state="detached")


def asked(page: "Page", question: str) -> "Locator":
    """The turn of ``question``; for a moment the one that it replaces stands beside it."""
    return page.locator("article.turn").filter(has=page.get_by_role("heading", name=question))


def test_a_wording_given_up_leaves_the_question_as_it_was(shop: Server, opened: "Page") -> None:
    visit(opened, f"{shop.url}/chat")
    turn = finished(ask(opened, "Qual é o prazo de troca?"))
    turn.hover()
    turn.get_by_role("button", name="Perguntar com outras palavras").click()
    turn.get_by_label("Pergunta", exact=True).press("Escape")
    assert turn.get_by_role("heading", name="Qual é o prazo de troca?").is_visible()
    assert opened.locator("article.turn").count() == 1


def test_a_conversation_is_renamed_exported_deleted_and_brought_back(
    shop: Server, opened: "Page"
) -> None:
    visit(opened, f"{shop.url}/chat")
    finished(ask(opened, "Quando a loja abre aos sábados?"))
    menu = opened.get_by_role("button", name="Mais")
    menu.click()
    name = opened.get_by_label("Nome")
    name.fill("Horário de sábado")
    name.press("Enter")
    opened.get_by_role("heading", name="Horário de sábado").wait_for()

    for format_, check in (("Markdown", _as_markdown), ("JSON", _as_json)):
        if not opened.get_by_role("button", name=f"Exportar em {format_}").is_visible():
            menu.click()
        with opened.expect_download() as download:
            opened.get_by_role("button", name=f"Exportar em {format_}").click()
        check(Path(download.value.path()).read_text())

    if not opened.get_by_role("button", name="Excluir").is_visible():
        menu.click()
    opened.get_by_role("button", name="Excluir").click()
    opened.get_by_text("A conversa foi excluída.").wait_for()
    opened.get_by_role("link", name="Horário de sábado").wait_for(state="detached")
    opened.get_by_role("button", name="Desfazer").click()
    opened.get_by_role("link", name="Horário de sábado").click()
    opened.get_by_role("heading", name="Horário de sábado").wait_for()
    turn = finished(opened.locator("article.turn"))
    assert "9h às 13h" in turn.locator(".text").inner_text()


def _as_markdown(text: str) -> None:
    assert text.startswith("# Horário de sábado")
    assert "horarios.md" in text


def _as_json(text: str) -> None:
    assert json.loads(text)["title"] == "Horário de sábado"
