"""An answer as it comes: followed, stopped, found again after a reload, asked again."""

import json
from typing import TYPE_CHECKING

import httpx

from tests.browser.conftest import Writer, ask, begun, finished, settled, visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

LONG = "A loja abre de segunda a sexta, das 9h às 18h [1]. " + "E assim por diante. " * 12


def test_an_answer_arrives_word_by_word_and_ends_with_its_facts(
    writer: Writer, opened: "Page"
) -> None:
    writer.ollama.says = LONG
    visit(opened, f"{writer.url}/chat")
    turn = ask(opened, "Quando a loja abre?")
    begun(turn)
    assert turn.get_attribute("aria-busy") == "true"
    first = len(turn.locator(".text").inner_text())
    finished(turn)
    assert len(turn.locator(".text").inner_text()) > first
    assert "llama3.2" in turn.locator(".facts").inner_text()
    assert turn.locator("button.cite").first.get_attribute("aria-label") == (
        "Fonte 1: horarios.md, Horários"
    )


def test_a_stop_keeps_the_part_that_came(writer: Writer, opened: "Page") -> None:
    writer.ollama.says = LONG
    visit(opened, f"{writer.url}/chat")
    turn = ask(opened, "Quando a loja abre?")
    begun(turn)
    turn.get_by_role("button", name="Parar").click()
    finished(turn)
    assert "Você parou esta resposta" in turn.locator(".note").inner_text()
    kept = turn.locator(".text").inner_text()
    assert kept.startswith("A loja")
    assert len(kept) < len(LONG) / 2
    opened.reload()
    assert finished(opened.locator("article.turn")).locator(".text").inner_text() == kept


def test_a_stop_before_the_first_word_ends_it_too(writer: Writer, opened: "Page") -> None:
    writer.ollama.says, writer.ollama.delay = LONG, 20.0
    writer.ollama.faults["/api/chat"] = "slow_start"
    visit(opened, f"{writer.url}/chat")
    turn = ask(opened, "Quando a loja abre?")
    turn.get_by_role("button", name="Parar").click()
    finished(turn)
    writer.ollama.faults.clear()
    assert "Você parou esta resposta" in turn.locator(".note").inner_text()


def asked_outside(writer: Writer, question: str) -> str:
    """Ask over the API and go: the answer's id."""
    asked = {"question": question, "assistant": "Loja", "stream": True}
    with httpx.stream("POST", f"{writer.url}/api/v1/query", json=asked) as told:
        line = next(line for line in told.iter_lines() if line.startswith("data: "))
        return str(json.loads(line.removeprefix("data: "))["message_id"])


def test_who_asks_a_busy_model_sees_their_place_in_line(writer: Writer, opened: "Page") -> None:
    writer.ollama.says = LONG * 4
    others = [asked_outside(writer, f"Quando abre a loja {n}?") for n in range(6)]
    visit(opened, f"{writer.url}/chat")
    turn = ask(opened, "E quando ela fecha?")
    turn.get_by_text("O modelo está ocupado: 3ª na fila").wait_for()
    for id_ in others:
        httpx.post(f"{writer.url}/api/v1/query/{id_}/stop")
    begun(turn)
    turn.get_by_role("button", name="Parar").click()
    finished(turn)


def test_a_reload_in_the_middle_finds_the_answer_and_follows_it(
    writer: Writer, opened: "Page"
) -> None:
    writer.ollama.says = LONG
    visit(opened, f"{writer.url}/chat")
    begun(ask(opened, "Quando a loja abre?"))
    opened.reload()
    turn = opened.locator("article.turn")
    turn.locator(".tool.stop").wait_for()
    finished(turn)
    assert turn.locator(".text").inner_text().rstrip().endswith("por diante.")


def test_the_question_typed_meanwhile_is_asked_and_nothing_is_lost(
    writer: Writer, opened: "Page"
) -> None:
    writer.ollama.says = LONG
    visit(opened, f"{writer.url}/chat")
    first = ask(opened, "Quando a loja abre?")
    begun(first)
    writer.ollama.says = "Em 30 dias [1]."
    second = finished(ask(opened, "Qual é o prazo de troca?"))
    assert second.locator(".question").inner_text() == "Qual é o prazo de troca?"
    assert finished(first).locator(".text").inner_text().startswith("A loja")


def test_an_answer_asked_again_stands_beside_the_first(writer: Writer, opened: "Page") -> None:
    writer.ollama.says = "A primeira resposta [1]."
    visit(opened, f"{writer.url}/chat")
    finished(ask(opened, "Quando a loja abre?"))
    writer.ollama.says = "A segunda resposta [1]."
    opened.get_by_role("button", name="Perguntar de novo").click()
    opened.get_by_text("A segunda resposta").wait_for()
    turn = finished(opened.locator("article.turn"))
    assert turn.locator(".which").inner_text() == "2 de 2"
    turn.get_by_role("button", name="Resposta anterior a esta pergunta").click()
    opened.get_by_text("A primeira resposta").wait_for()
    assert opened.locator("article.turn .which").inner_text() == "1 de 2"


def test_an_answer_cannot_make_the_page_fetch_or_run_anything(
    writer: Writer, opened: "Page"
) -> None:
    writer.ollama.says = (
        "<img src=x onerror=alert(1)> ![x](http://evil.example/p.png?d=1) "
        "[clique](http://evil.example) <script>alert(1)</script> [1]"
    )
    visit(opened, f"{writer.url}/chat")
    turn = finished(ask(opened, "Quando a loja abre?"))
    assert turn.locator("img, script, a").count() == 0
    assert "http://evil.example/p.png?d=1" in turn.locator(".text").inner_text()


def test_a_model_that_is_gone_is_told_and_the_own_engine_answers(
    writer: Writer, opened: "Page"
) -> None:
    writer.ollama.faults["/api/chat"] = "missing"
    visit(opened, f"{writer.url}/chat")
    turn = finished(ask(opened, "Quando a loja abre aos sábados?"))
    writer.ollama.faults.clear()
    facts = turn.locator(".facts").inner_text()
    assert "Motor do Ciclo" in facts
    assert "modelo reserva" in facts
    assert "9h às 13h" in turn.locator(".text").inner_text()
    settled(opened)
