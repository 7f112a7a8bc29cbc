"""The review desk as reviewers use it: by the keyboard, two at once, on a phone, with text that attacks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.reviewing import (
    DESK,
    HOSTILE,
    as_person,
    call,
    desk,
    furnished,
    judge,
    number,
    progress,
    queue,
)
from tests.conftest import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Answered questions and two reviewers."""
    with furnished(tmp_path_factory.mktemp("house")) as running:
        yield running


def test_twenty_items_are_judged_with_the_keyboard_alone(house: Server, opened: "Page") -> None:
    made = queue(house, "Vinte", most=20, asked="pergunta")
    desk(opened, house, made)
    seen = []
    for n in range(20):
        seen.append(number(opened))
        judge(
            opened,
            *(("1", "Enter"), ("3", "f", "1", "Enter"), ("1", "c", "5", "4", "Enter"))[n % 3],
        )
    opened.get_by_role("heading", name="Nada espera por você aqui").wait_for()
    assert len(set(seen)) == 20
    assert progress(house, made)["done"] == 20


def test_the_last_judgement_is_undone_with_a_key_and_is_there_to_be_changed(
    house: Server, opened: "Page"
) -> None:
    made = queue(house, "Desfazer", most=2)
    desk(opened, house, made)
    first = number(opened)
    judge(opened, "3", "Enter")
    judge(opened, "z")
    assert number(opened) == first
    chosen = opened.get_by_role("radio", name="Reprovada")
    assert chosen.get_attribute("aria-checked") == "true"
    assert progress(house, made)["judgements"] == 0


def test_a_correction_shows_what_it_changes_while_it_is_typed(
    house: Server, opened: "Page"
) -> None:
    made = queue(house, "Corrigir", most=1, asked="pergunta 3")
    desk(opened, house, made)
    opened.keyboard.press("e")
    opened.keyboard.press("Control+End")
    opened.keyboard.type(" Aos domingos fecha.")
    opened.locator(f"{DESK} .diff ins").wait_for()
    assert "Aos domingos fecha" in opened.locator(f"{DESK} .diff ins").inner_text()
    assert opened.locator(f"{DESK} .diff del").count() == 0
    opened.keyboard.press("Control+Enter")
    opened.get_by_role("heading", name="Nada espera por você aqui").wait_for()
    assert progress(house, made)["done"] == 1


def test_a_correction_that_changes_nothing_is_not_sent(house: Server, opened: "Page") -> None:
    made = queue(house, "Igual", most=1)
    desk(opened, house, made)
    opened.keyboard.press("2")
    opened.keyboard.press("Control+Enter")
    opened.get_by_text("Mude o texto da resposta").first.wait_for()
    assert progress(house, made)["judgements"] == 0


def test_letters_typed_in_a_note_are_text_and_no_commands(house: Server, opened: "Page") -> None:
    desk(opened, house, queue(house, "Nota", most=2))
    before = number(opened)
    opened.keyboard.press("n")
    opened.keyboard.type("zscr 123 h")
    opened.keyboard.press("Escape")
    note = opened.locator(f"{DESK} details.note textarea")
    assert note.input_value() == "zscr 123 h"
    assert number(opened) == before
    assert opened.get_by_role("dialog").count() == 0


def test_what_was_typed_is_there_again_after_a_reload(house: Server, opened: "Page") -> None:
    desk(opened, house, queue(house, "Rascunho", most=1))
    opened.keyboard.press("3")
    opened.keyboard.press("n")
    opened.keyboard.type("falta o feriado")
    opened.get_by_text("Salvo.").wait_for()
    opened.evaluate("sessionStorage.clear()")  # what the server keeps, not this tab
    opened.reload()
    note = opened.locator(f"{DESK} details.note textarea")
    note.wait_for()
    assert note.input_value() == "falta o feriado"


def test_a_passage_is_marked_and_a_missing_document_named_in_place(
    house: Server, opened: "Page"
) -> None:
    made = queue(house, "Trechos", most=1, asked="pergunta 5")
    desk(opened, house, made)
    opened.keyboard.press("p")
    opened.keyboard.press("3")
    opened.keyboard.press("m")
    opened.keyboard.type("prazo de troca")
    opened.keyboard.press("Enter")
    opened.locator(f"{DESK} .hit").first.wait_for()
    opened.keyboard.press("Enter")
    opened.locator(f"{DESK} .marked .gone", has_text="horarios.md").wait_for()
    opened.keyboard.press("Escape")
    opened.keyboard.press("3")
    opened.keyboard.press("Enter")
    opened.get_by_role("heading", name="Nada espera por você aqui").wait_for()
    claim = call(house, "POST", f"annotation/queues/{made}/undo")
    assert list(claim["draft"]["passages"].values()) == ["outdated"]
    assert len(claim["draft"]["missing"]) == 1


def test_a_skipped_item_goes_to_the_others_and_comes_back_when_asked_for(
    house: Server, opened: "Page"
) -> None:
    made = queue(house, "Pular", most=1)
    desk(opened, house, made)
    opened.keyboard.press("s")
    opened.keyboard.type("não sei")
    opened.keyboard.press("Enter")
    opened.get_by_role("heading", name="Nada espera por você aqui").wait_for()
    assert call(house, "POST", "annotation/claims", {"queue_id": made}, "Ana")
    assert progress(house, made)["waiting"] == 0


def test_two_reviewers_at_once_never_have_the_same_item(house: Server, browser: "Browser") -> None:
    made = queue(house, "Dois", most=8)
    pages = [as_person(browser, house, name) for name in ("Ana", "Bia")]
    for page in pages:
        desk(page, house, made)
    seen: list[str] = []
    for _ in range(3):
        here = [number(page) for page in pages]
        assert here[0] != here[1]
        seen += here
        for page in pages:
            judge(page, "1", "Enter")
    assert len(set(seen)) == 6
    for page in pages:
        page.context.close()


def test_a_claim_that_passed_on_is_told_and_what_was_typed_is_offered(
    house: Server, opened: "Page"
) -> None:
    made = queue(house, "Tarde", most=2, lease_seconds=1)
    desk(opened, house, made)
    before = number(opened)
    first = str(opened.locator(f"{DESK} .number").get_attribute("href")).rsplit("=", 1)[1]
    opened.keyboard.press("n")
    opened.keyboard.type("uma nota longa")
    opened.wait_for_timeout(3000)  # nobody at it for longer than the lease
    taken = call(house, "POST", "annotation/claims", {"queue_id": made}, "Ana")
    assert taken["item_id"] == first
    opened.keyboard.press("Escape")  # back at it
    judged = opened.locator(f"{DESK} .unstored")
    judged.first.wait_for()
    assert f"{before} não pôde ser gravado" in judged.first.inner_text()
    judged.first.locator("summary").click()
    assert "uma nota longa" in judged.first.inner_text()


def test_hostile_text_is_shown_as_text(house: Server, opened: "Page") -> None:
    opened.on("dialog", lambda box: pytest.fail(box.message))
    made = queue(house, "Ataque", most=1, asked="<img")
    text = {"text": "# Oi\n\n" + HOSTILE}
    call(house, "PUT", f"annotation/queues/{made}/guideline", text)
    desk(opened, house, made)
    assert HOSTILE in opened.locator(f"{DESK} .turn.focus .question").inner_text()
    assert opened.locator(f"{DESK} img, {DESK} script").count() == 0


def test_a_link_leads_to_its_item(house: Server, opened: "Page") -> None:
    made = queue(house, "Link", most=4)
    items = call(house, "GET", f"annotation/queues/{made}/items")["data"]
    desk(opened, house, made, item=items[2]["id"])
    link = opened.locator(f"{DESK} .number").get_attribute("href")
    assert str(link).endswith(items[2]["id"])


def test_a_phone_shows_the_judgement_without_scrolling_sideways(
    house: Server, browser: "Browser"
) -> None:
    made = queue(house, "Telefone", most=2)
    context = browser.new_context(locale="pt-BR", viewport={"width": 390, "height": 800})
    page = context.new_page()
    desk(page, house, made)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    before = number(page)
    page.get_by_role("radio", name="Aprovada", exact=True).click()
    send = page.get_by_role("button", name="Enviar e próximo")
    place = send.bounding_box()
    assert place is not None
    assert place["y"] + place["height"] <= 800
    send.click()
    page.wait_for_function(
        "(n) => ![...document.querySelectorAll('*')].some((e) =>"
        " e.shadowRoot?.querySelector('.number')?.textContent === n)",
        arg=before,
    )
    context.close()


def test_a_blind_queue_shows_no_model_and_no_open_suggestion(house: Server, opened: "Page") -> None:
    desk(opened, house, queue(house, "Cega", most=1, asked="pergunta 7", blind=True))
    assert "Motor do Ciclo" not in opened.locator(DESK).inner_text()
    assert opened.locator(f"{DESK} .suggestion ul").count() == 0
    opened.get_by_role("button", name="Mostrar uma sugestão").click()
    opened.locator(f"{DESK} .suggestion ul").wait_for()
