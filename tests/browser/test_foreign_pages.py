"""A page of somebody else, open beside ours in a browser that is signed in, can change, read and frame nothing.

It stands on another port of this machine: to a browser the same site, so that it sends the cookie along.
"""

import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import stored
from tests.conftest import ROOT, Server, clean_environment, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MADE = """
from core import assistants, sign_in
from core.db import migrate
migrate.upgrade()
print(assistants.create("Loja").id)
link = sign_in.invite("Ana", ["admin"], "ana")
print(sign_in.accept(link.url.rsplit("/", 1)[1], "ana", "uma frase bem longa 7")[1])
"""
ATTACK = """
async (ours) => {
  const send = (path, how) => fetch(ours + path, {credentials: 'include', ...how}).then(
    (answer) => answer.type === 'opaque' ? 'opaque' : answer.text(), () => 'refused');
  const body = JSON.stringify({name: 'Roubado'}), file = new FormData();
  file.append('file', new File(['Envenenado.'], 'veneno.md'));
  const seen = {};
  for (const mode of ['no-cors', 'cors']) {
    for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded'])
      seen[mode + type] = await send('/api/v1/assistants',
        {mode, method: 'POST', body, headers: {'content-type': type}});
    seen[mode + 'file'] = await send('/api/v1/documents', {mode, method: 'POST', body: file});
    seen[mode + 'logout'] = await send('/logout', {mode, method: 'POST'});
    seen[mode + 'read'] = await send('/api/v1/assistants', {mode});
    seen[mode + 'page'] = await send('/chat', {mode});
  }
  seen.delete = await send('/api/v1/assistants/' + 'Loja', {method: 'DELETE'});
  seen.socket = await new Promise((done) => {
    const socket = new WebSocket(ours.replace('http', 'ws') + '/_stcore/stream');
    socket.onopen = () => done('open'); socket.onerror = () => done('refused');
  });
  return seen;
}
"""


class House(NamedTuple):
    """A server with sign-in, the secret of its admin's cookie, and a page of somebody else."""

    server: Server
    secret: str
    foreign: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    environment = clean_environment(folder / "home") | {"CICLO_AUTH": "accounts"}
    made = subprocess.run(
        [sys.executable, "-c", MADE],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    foreign = ThreadingHTTPServer(("127.0.0.1", 0), Foreign)
    Thread(target=foreign.serve_forever, daemon=True).start()
    with serving(folder, CICLO_AUTH="accounts") as running:
        yield House(running, made.stdout.split()[-1], f"http://127.0.0.1:{foreign.server_port}")
    foreign.shutdown()
    foreign.server_close()


class Foreign(BaseHTTPRequestHandler):
    """An empty page, whatever is asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Foreign</title>")

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


@pytest.fixture
def visitor(house: House, browser: "Browser") -> "Iterator[Page]":
    """A browser that is signed in, on the foreign page."""
    context = browser.new_context(locale="pt-BR")
    name = f"ciclo_{urlsplit(house.server.url).port}"
    cookie: Any = {"name": name, "value": house.secret, "url": house.server.url}
    context.add_cookies([cookie | {"httpOnly": True, "sameSite": "Lax"}])
    page = context.new_page()
    page.goto(house.foreign)
    yield page
    context.close()


def rows(house: House) -> list[tuple[Any, ...]]:
    """What an attack would change."""
    kinds = "SELECT name, removed_at FROM assistants"
    return stored(house.server, kinds) + stored(house.server, "SELECT count(*) FROM documents")


def still_in(page: "Page", house: House) -> bool:
    """Whether the browser is signed in after all that."""
    page.goto(f"{house.server.url}/api/v1/assistants")
    return "Loja" in page.content()


def test_nothing_is_changed_or_read_by_script(house: House, visitor: "Page") -> None:
    before = rows(house)
    seen = visitor.evaluate(ATTACK, house.server.url)
    assert set(seen.values()) == {"refused"}
    assert rows(house) == before
    assert still_in(visitor, house)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_nothing_is_changed_by_a_form(house: House, visitor: "Page", kind: str) -> None:
    before = rows(house)
    for path in ("/api/v1/assistants", "/api/v1/query", "/logout", "/login"):
        visitor.goto(house.foreign)
        visitor.evaluate(
            """([url, kind]) => {
              const form = document.createElement('form'), field = document.createElement('input');
              Object.assign(form, {method: 'POST', action: url, enctype: kind});
              Object.assign(field, {name: '{"name": "Roubado", "x": "', value: '"}'});
              form.append(field); document.body.append(form); form.submit();
            }""",
            [house.server.url + path, kind],
        )
        visitor.wait_for_url(f"{house.server.url}/**")
    assert rows(house) == before
    assert still_in(visitor, house)


def test_no_page_of_ours_stands_in_a_frame_of_theirs(house: House, visitor: "Page") -> None:
    for path in ("/", "/chat", "/login", "/api/docs"):
        visitor.goto(house.foreign)
        visitor.evaluate(
            """(url) => new Promise((done) => {
              const frame = document.createElement('iframe');
              frame.onload = done; frame.src = url; document.body.append(frame);
            })""",
            house.server.url + path,
        )
        assert not [one for one in visitor.frames if one.url.startswith(house.server.url)]


def test_without_the_foreign_page_the_same_cookie_works(house: House, visitor: "Page") -> None:
    assert still_in(visitor, house)  # else the tests above would prove nothing
    told = visitor.evaluate(
        """() => fetch('/api/v1/assistants', {method: 'POST', body: '{"name": "Nossa"}',
                 headers: {'content-type': 'application/json'}}).then((answer) => answer.status)"""
    )
    assert told == 201
