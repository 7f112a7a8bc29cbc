"""Real pages in a real Chromium, on servers of their own.

``shop``     a server whose one assistant quotes a document about opening hours.
``writer``   the same, answered by an Ollama that is none and speaks word by word (``writer.ollama``).
"""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import ROOT, Server, clean_environment, serving
from tests.fake_ollama import FakeOllama

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

HOURS = """# Horários

A loja abre de segunda a sexta, das 9h às 18h.

Aos sábados a loja abre das 9h às 13h.

## Trocas

O prazo de troca é de 30 dias corridos, com a nota fiscal.
"""
SHOP = """
from core import assistants, registry, retrieval
from core.db import migrate
migrate.upgrade()
shop = assistants.create("Loja", starters=["Quando a loja abre aos sábados?", "Qual é o prazo de troca?"])
retrieval.add(shop.id, "horarios.md", {hours!r}.encode(), now=True)
if {model!r}:
    registry.choose_model(shop.id, {model!r})
retrieval.close()
"""


@dataclass
class Writer:
    """A server and the Ollama it asks."""

    server: Server
    ollama: FakeOllama

    @property
    def url(self) -> str:
        """Where the server answers."""
        return self.server.url


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one assistant that quotes one document."""
    folder = tmp_path_factory.mktemp("shop")
    furnish(folder)
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="session")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    """A server whose assistant is answered by a slow model."""
    folder = tmp_path_factory.mktemp("writer")
    with FakeOllama(pause=0.08) as ollama:
        furnish(folder, "ollama:llama3.2:latest", CICLO_OLLAMA_URL=ollama.url)
        with serving(folder, CICLO_OLLAMA_URL=ollama.url) as running:
            yield Writer(running, ollama)


@pytest.fixture
def opened(browser: "Browser") -> "Iterator[Page]":
    """A fresh pt-BR page at 1440 px whose requests and script errors are kept and checked."""
    context = browser.new_context(
        locale="pt-BR", timezone_id="America/Sao_Paulo", viewport={"width": 1440, "height": 900}
    )
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: wrong.append(asked.url) if _leaves(asked.url) else None)
    page.on(
        "console",
        lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None,
    )
    yield page
    failed = page.get_by_test_id("stException").all_inner_texts()
    context.close()
    assert wrong + failed == []


def furnish(folder: "Path", model: str = "", **variables: str) -> None:
    """Make the shop in the home of a server that is not running yet."""
    environment = clean_environment(folder / "home") | variables
    script = SHOP.format(hours=HOURS, model=model)
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)


def settled(page: "Page") -> None:
    """Wait until the page's script has run and nothing more is on its way."""
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState"
        " === 'notRunning' && !document.querySelector('[data-testid=stSkeleton]')"
    )


def visit(page: "Page", url: str) -> None:
    """Go there and wait until it stands."""
    page.goto(url)
    settled(page)


def ask(page: "Page", question: str) -> "Locator":
    """Type a question and send it; the turn that it begins."""
    before = page.locator("article.turn").count()
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    turn = page.locator("article.turn").nth(before)
    turn.wait_for()
    return turn


def begun(turn: "Locator") -> None:
    """Wait for the first words of the answer."""
    turn.locator(".text p").first.wait_for()


def finished(turn: "Locator") -> "Locator":
    """The turn, once its answer has ended."""
    turn.locator(".tool.again").wait_for()
    return turn


def press(page: "Page", here: "Locator", until: "Locator") -> None:
    """Press until what it brings is there: what is pressed while the page is drawn anew may be on its
    way out, and hear nothing."""
    from playwright.sync_api import TimeoutError

    for _again in range(4):
        settled(page)
        if until.is_visible():
            return
        with suppress(TimeoutError):
            here.click(timeout=5_000)
            until.wait_for(timeout=15_000)
    until.wait_for()


def stored(server: Server, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What a server's database holds."""
    with closing(sqlite3.connect(server.home / "ciclo.db")) as connection:
        return connection.execute(query, values).fetchall()


def talk_of(page: "Page") -> str:
    """The id of the conversation that the address names."""
    return parse_qs(urlsplit(page.url).query)["conversation"][0]


def _leaves(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
