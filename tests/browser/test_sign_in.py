"""Signing in and out in a real browser, on one real server in the mode with accounts.

The people are made by verbs in a process of their own (as a command does), so that each test has its
own; the server is shared.
"""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.conftest import ROOT, Server, clean_environment, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

WORDS = "um cavalo azul no telhado"
HERE = re.compile(r"(http|ws)://127\.0\.0\.1:|data:|blob:|about:")
SOON = 20_000  # milliseconds for what is meant to be there


class Who(NamedTuple):
    """Somebody with an account."""

    id: str
    name: str
    login: str


@dataclass
class House:
    """A server with sign-in, and the first admin's link that it printed at its start."""

    server: Server
    first_link: str
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def url(self) -> str:
        """Where the server answers."""
        return self.server.url

    def does(self, python: str) -> Any:
        """Run verbs beside the server; what ``result`` is at their end."""
        script = f"from core import access, sign_in\nresult = None\n{python}\nimport json\nprint(json.dumps(result))"
        environment = clean_environment(self.server.home) | {"CICLO_AUTH": "accounts"}
        port = self.url.rsplit(":", 1)[1]
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=environment | {"CICLO_PORT": port},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])

    def somebody(self, name: str, *roles: str) -> Who:
        """Somebody new who can sign in, called after ``name``."""
        name = f"{name} {next(self.numbers)}"
        login = name.lower().replace(" ", "")
        made: str = self.does(
            f"link = sign_in.invite({name!r}, {list(roles)!r})\n"
            f"sign_in.accept(link.url.rsplit('/', 1)[1], {login!r}, {WORDS!r})\n"
            f"result = access.find({name!r}).id"
        )
        return Who(made, name, login)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with serving(tmp_path_factory.mktemp("house"), CICLO_AUTH="accounts") as server:
        (link,) = re.findall(r"http\S+/link/\S+", server.log.read_text(encoding="utf-8"))
        yield House(server, link)


@pytest.fixture
def context(house: House, browser: "Browser") -> "Iterator[BrowserContext]":
    """A browser of its own, in Portuguese, which fails the test where something leaves the machine."""
    opened = browser.new_context(base_url=house.url, locale="pt-BR")
    left: list[str] = []
    opened.on("request", lambda sent: None if HERE.match(sent.url) else left.append(sent.url))
    yield opened
    opened.close()
    assert left == []


def sign_in(page: "Page", login: str, password: str = WORDS) -> None:
    page.goto("/login")
    page.fill("#login", login)
    page.fill("#password", password)
    page.click("button")


def inside(page: "Page") -> None:
    page.get_by_test_id("stSidebar").wait_for(timeout=SOON)


def test_the_first_admin_begins_with_the_link_printed_at_the_start(
    house: House, context: "BrowserContext"
) -> None:
    page = context.new_page()
    page.goto(house.first_link)
    assert page.get_by_role("heading").inner_text() == "O primeiro administrador"
    page.fill("#name", "Ana Lima")
    page.fill("#login", "ana")
    page.fill("#password", WORDS)
    page.fill("#again", WORDS)
    page.click("button")
    inside(page)
    page.get_by_text("Ana Lima", exact=True).wait_for(timeout=SOON)
    assert httpx.get(house.first_link).status_code == 404


@pytest.mark.parametrize(
    ("locale", "wrong", "button"),
    [
        ("pt-BR", "Login ou senha incorretos.", "Entrar"),
        ("en-US", "Login or password is wrong.", "Sign in"),
    ],
)
def test_a_wrong_password_is_told_in_place_then_the_right_one_leads_on(
    house: House, browser: "Browser", locale: str, wrong: str, button: str
) -> None:
    who = house.somebody("Rui", "analyst")
    opened = browser.new_context(base_url=house.url, locale=locale)
    page = opened.new_page()
    page.goto("/metrics")
    page.fill("#login", who.login)
    page.fill("#password", "errada errada")
    page.get_by_role("button", name=button).click()
    assert wrong in page.get_by_role("alert").inner_text()
    assert page.input_value("#login") == who.login
    assert page.input_value("#password") == ""
    page.fill("#password", WORDS)
    page.keyboard.press("Enter")
    inside(page)
    assert page.url == f"{house.url}/metrics"
    opened.close()


def test_an_invitation_asks_for_a_login_and_a_password_and_opens(
    house: House, context: "BrowserContext"
) -> None:
    name = f"Bia Souza {next(house.numbers)}"
    link = house.does(f"result = sign_in.invite({name!r}, ['viewer']).url")
    page = context.new_page()
    page.goto(link)
    assert page.get_by_role("heading").inner_text() == f"Boas-vindas, {name}"
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading").inner_text() == f"Welcome, {name}"
    page.fill("#login", f"{name[-1]}bia@example.org")
    page.fill("#password", WORDS)
    page.fill("#again", "outra coisa bem longa")
    page.click("button")
    page.get_by_role("alert").wait_for()
    assert page.input_value("#login") == f"{name[-1]}bia@example.org"
    page.fill("#password", WORDS)
    page.fill("#again", WORDS)
    page.click("button")
    inside(page)
    page.get_by_text(name, exact=True).wait_for(timeout=SOON)


def test_without_a_script_one_signs_in_all_the_same(house: House, browser: "Browser") -> None:
    who = house.somebody("Sem", "viewer")
    opened = browser.new_context(base_url=house.url, java_script_enabled=False)
    page = opened.new_page()
    sign_in(page, who.login)
    page.wait_for_url(f"{house.url}/")
    assert any(cookie["httpOnly"] for cookie in opened.cookies())
    opened.close()


def test_a_cookie_from_before_the_sign_in_opens_nothing_after_it(
    house: House, context: "BrowserContext"
) -> None:
    who = house.somebody("Fixa", "viewer")
    name = f"ciclo_{house.url.rsplit(':', 1)[1]}"
    planted = "p" * 43
    context.add_cookies([{"name": name, "value": planted, "url": house.url}])
    page = context.new_page()
    sign_in(page, who.login)
    inside(page)
    (kept,) = [one for one in context.cookies() if one["name"] == name]
    assert kept["value"] != planted
    assert (kept["httpOnly"], kept["sameSite"]) == (True, "Lax")
    assert refused(house, planted) == (303, 401, 403)


def test_a_stolen_cookie_is_dead_after_the_sign_out(
    house: House, context: "BrowserContext"
) -> None:
    who = house.somebody("Furto", "viewer")
    page = context.new_page()
    sign_in(page, who.login)
    inside(page)
    (stolen,) = [one["value"] for one in context.cookies() if one["httpOnly"]]
    assert socket_of(house, stolen)
    page.goto("/feedback")
    inside(page)
    page.get_by_text(who.name, exact=True).click()
    page.get_by_role("button", name="Sair").click()
    page.wait_for_url("**/login?out=1")
    page.get_by_role("status").wait_for()
    assert refused(house, stolen) == (303, 401, 403)
    page.go_back()
    page.wait_for_url("**/login?next=/feedback")


def test_a_question_sent_after_the_end_of_the_sign_in_is_back_in_its_box_and_goes_on(
    house: House, context: "BrowserContext"
) -> None:
    from playwright.sync_api import expect

    from tests.browser.conftest import HOURS

    house.does(
        "from core import assistants, retrieval\n"
        "shop = assistants.create('Loja')\n"
        f"retrieval.add(shop.id, 'horarios.md', {HOURS.encode()!r}, now=True)\nretrieval.close()"
    )
    who = house.somebody("Duda", "viewer")
    page = context.new_page()
    sign_in(page, who.login)
    inside(page)
    page.goto("/chat")
    line = page.get_by_test_id("stChatInputTextArea")
    line.fill("Quando a loja abre aos sábados?")
    house.does(f"access.set_roles({who.id!r}, ['analyst'])")
    line.press("Enter")
    told = page.get_by_role("alert").filter(has_text="Sua sessão terminou")
    told.wait_for(timeout=SOON)
    expect(line).to_have_value("Quando a loja abre aos sábados?", timeout=SOON)
    with context.expect_page() as opening:
        told.get_by_role("link").click()
    other = opening.value
    other.fill("#login", who.login)
    other.fill("#password", WORDS)
    other.click("button")
    other.get_by_role("heading", name="Você entrou de novo").wait_for()
    other.close()
    told.wait_for(state="detached", timeout=SOON)
    expect(line).to_be_enabled(timeout=SOON)
    expect(line).to_have_value("Quando a loja abre aos sábados?")
    line.press("Enter")
    page.get_by_text("das 9h às 13h").first.wait_for(timeout=SOON)


def test_a_foreign_page_does_nothing_with_somebodys_cookie(
    house: House, context: "BrowserContext"
) -> None:
    who = house.somebody("Alvo", "analyst")
    page = context.new_page()
    sign_in(page, who.login)
    inside(page)
    with foreign(house.url) as address:
        other = context.new_page()
        other.goto(address)
        other.wait_for_function("document.title === 'done'", timeout=SOON)
        tried = json.loads(other.locator("#tried").inner_text())
        assert set(tried) == {"form", "fetch", "socket"}
        assert tried["socket"] == "closed"
        assert tried["fetch"] == "refused"
        other.close()
    page.reload()
    inside(page)  # still signed in: /logout was not done for them
    made = house.does(
        "from core import assistants\nresult = [one.name for one in assistants.all()]"
    )
    assert "Alheio" not in made


@pytest.mark.slow
def test_streamlits_own_paths_are_closed_to_nobody(house: House) -> None:
    paths = (
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/metrics",
        "/_stcore/agent",
        "/media/x.png",
        "/component/x/y",
        "/static/index.html",
        "/app/static/fonts/inter-latin.woff2",
        "/auth/login",
        "/auth/logout",
        "/oauth2callback",
    )
    told = {path: httpx.get(house.url + path).status_code for path in paths}
    assert told == dict.fromkeys(paths, 401)
    put = httpx.put(f"{house.url}/_stcore/upload_file/a/b", headers={"origin": house.url})
    assert put.status_code == 401
    assert refused(house, "") == (303, 401, 403)


def refused(house: House, secret: str) -> tuple[int, int, int]:
    """How page, API and websocket answer somebody with this cookie."""
    name = f"ciclo_{house.url.rsplit(':', 1)[1]}"
    with httpx.Client(base_url=house.url, cookies={name: secret}) as client:
        page = client.get("/chat", headers={"accept": "text/html"}).status_code
        api = client.get("/api/v1/assistants").status_code
    return page, api, 403 if not socket_of(house, secret) else 101


def socket_of(house: House, secret: str) -> bool:
    """Whether the pages' websocket opens with this cookie."""
    port = int(house.url.rsplit(":", 1)[1])
    headers = {"origin": house.url, "cookie": f"ciclo_{port}={secret}"}
    stream = house.url.replace("http", "ws") + "/_stcore/stream"
    try:
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            connect(stream, sock=plain, additional_headers=headers),
        ):
            return True
    except InvalidStatus:
        return False


class foreign:
    """A page of another origin that tries a form, a fetch and a websocket with the reader's cookie.

    It stands on another port of the same machine, the worst case: browsers take it for the same site,
    and send the cookie along.
    """

    def __init__(self, target: str) -> None:
        body = FOREIGN.replace("TARGET", target).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}/evil"

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


FOREIGN = """<!doctype html><title>foreign</title><pre id="tried"></pre>
<iframe name="sink"></iframe>
<form id="out" method="post" action="TARGET/logout" target="sink"></form>
<script>
(async () => {
  const tried = {};
  document.getElementById("out").submit();
  tried.form = "sent";
  tried.fetch = await fetch("TARGET/api/v1/assistants", {
    method: "POST", credentials: "include", mode: "no-cors",
    headers: {"content-type": "text/plain"}, body: JSON.stringify({name: "Alheio"}),
  }).then((answer) => answer.type === "opaque" ? "refused" : String(answer.status), () => "refused");
  tried.socket = await new Promise((settle) => {
    const socket = new WebSocket("TARGET/_stcore/stream".replace("http", "ws"), ["streamlit"]);
    socket.onopen = () => settle("open");
    socket.onclose = () => settle("closed");
  });
  document.getElementById("tried").textContent = JSON.stringify(tried);
  document.title = "done";
})();
</script>"""
