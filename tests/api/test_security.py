"""Who may speak to the server, and what protects the reader of its answers."""

import asyncio
import base64
import hashlib
import re
import socket
from pathlib import Path

import httpx
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from core.api import page, security
from tests.conftest import Server


def ask(
    headers: dict[str, str], hosts: tuple[str, ...] = (), proxied: tuple[str, ...] = ()
) -> httpx.Response:
    """What a guarded application answers; its body is the Origin that came through."""

    async def origin(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.headers.get("origin", "none"))

    app = security.Guard(Starlette(routes=[Route("/", origin)]), hosts, proxied)

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/", headers=headers)

    return asyncio.run(send())


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8501", "localhost", "LOCALHOST:1", "[::1]:8501", "127.9.9.9", "localhost."]
)
def test_this_machine_is_reached_by_its_own_names(host: str) -> None:
    assert ask({"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "evil.example/127.0.0.1",
        "0.0.0.0:8501",
        "192.168.0.9",
        "127.0.0.1:99999",
        "[::1",
        "",
    ],
)
def test_any_other_host_is_refused(host: str) -> None:
    answer = ask({"host": host})
    assert answer.status_code == 400
    assert answer.json()["code"] == "host_refused"
    assert "CICLO_ALLOWED_HOSTS" in answer.json()["hint"]


def test_a_configured_name_is_taken_on_any_port_a_proxy_uses() -> None:
    named = {"host": "ciclo.example", "origin": "https://ciclo.example:8443"}
    assert ask(named).status_code == 400
    names = ("ciclo.example",)
    assert ask(named, names, proxied=names).status_code == 200


@pytest.mark.parametrize("name", ["127.0.0.1", "192.168.0.7", "ciclo.example"])
def test_another_port_of_a_host_without_a_proxy_is_another_site(name: str) -> None:
    headers = {"host": f"{name}:8501", "origin": f"http://{name}:8502"}
    assert ask(headers, hosts=("127.0.0.1", "192.168.0.7", "ciclo.example")).status_code == 403


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1:9999",
        "http://localhost:8501",
        "https://127.0.0.1.evil.example:8501",
        "file://127.0.0.1:8501",
        "null",
        "http://[",
        "",
    ],
)
def test_a_foreign_origin_is_refused(origin: str) -> None:
    answer = ask({"host": "127.0.0.1:8501", "origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")


def test_our_own_origin_is_taken_and_needs_no_second_look() -> None:
    answer = ask({"host": "127.0.0.1:8501", "origin": "http://127.0.0.1:8501"})
    assert (answer.status_code, answer.text) == (200, "none")


def test_a_refusal_speaks_the_language_of_the_request() -> None:
    english = ask({"host": "evil.example", "accept-language": "en"}).json()["message"]
    assert english == "This server is not reached as 'evil.example'."


@pytest.mark.parametrize("path", ["/", "/chat", "/health", "/api/v1/models", "/_stcore/health"])
def test_every_answer_carries_the_protection(server: Server, path: str) -> None:
    headers = httpx.get(server.url + path).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-request-id"]


def test_the_policy_knows_the_inline_scripts_of_the_installed_streamlit(server: Server) -> None:
    html = (Path(streamlit.__file__).parent / "static" / "index.html").read_text()
    policy = httpx.get(server.url).headers["content-security-policy"]
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(scripts) == len(page.script_hashes()) > 0
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


@pytest.mark.parametrize(("wanted", "given"), [("pt-PT,pt;q=0.9", "pt-BR"), ("en-GB,en", "en")])
def test_the_page_says_which_language_it_is_in(server: Server, wanted: str, given: str) -> None:
    answer = httpx.get(f"{server.url}/chat", headers={"accept-language": wanted})
    assert f'<html lang="{given}">' in answer.text
    assert "<title>Ciclo</title>" in answer.text
    assert answer.headers["content-language"] == given
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers


def test_a_request_keeps_the_id_it_brings_if_that_is_a_plain_word(server: Server) -> None:
    def named(given: str) -> str:
        headers = httpx.get(f"{server.url}/health", headers={"x-request-id": given}).headers
        return headers["x-request-id"]

    assert named("trace-42") == "trace-42"
    assert re.fullmatch("[0-9a-f]{32}", named("bad id; drop"))


def test_our_page_gets_its_websocket_and_a_foreign_one_none(server: Server) -> None:
    stream = f"{server.url.replace('http', 'ws')}/_stcore/stream"
    own = {"origin": server.url}
    with connect(stream, additional_headers=own, subprotocols=["streamlit"]) as opened:  # type: ignore[list-item]
        assert opened.subprotocol == "streamlit"
    assert refused(stream, {"origin": "http://evil.example"}, server) == 403
    assert refused(stream.replace("127.0.0.1", "evil.example"), {}, server) == 403


def refused(stream: str, headers: dict[str, str], server: Server) -> int:
    """The status with which the server refuses a websocket."""
    address = ("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
    with pytest.raises(InvalidStatus) as refusal, socket.create_connection(address) as plain:
        connect(stream, sock=plain, additional_headers=headers)
    status: int = refusal.value.response.status_code
    return status
