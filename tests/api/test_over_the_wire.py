"""The API through the real server: streams arrive piece by piece, every path below /api is ours."""

import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.conftest import Server

pytestmark = pytest.mark.slow
NOTE = "# Prazos\n\nO prazo de troca é de 30 dias corridos, com a nota fiscal.\n"


@pytest.fixture
def assistant(server: "Server") -> str:
    """The id of an assistant with one document, added over the wire and followed until ready."""
    api = f"{server.url}/api/v1"
    made: str = httpx.post(f"{api}/assistants", json={"name": f"Loja {time.time_ns()}"}).json()[
        "id"
    ]
    sent = httpx.post(
        f"{api}/documents", files={"file": ("prazos.md", NOTE.encode())}, data={"assistant": made}
    )
    assert sent.status_code == 202
    document = sent.json()["data"][0]["id"]
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if httpx.get(f"{api}/documents/{document}").json()["state"] == "ready":
            return made
        time.sleep(0.1)
    raise AssertionError("the document did not become ready in 30 s")


def test_a_document_added_over_the_wire_answers_a_question(
    server: "Server", assistant: str
) -> None:
    question = {"question": "Qual é o prazo de troca?", "assistant": assistant}
    answer = httpx.post(f"{server.url}/api/v1/query", json=question, timeout=30).json()
    assert answer["outcome"] == "answered"
    assert "30 dias" in answer["answer"]


def test_a_stream_arrives_in_pieces(server: "Server", assistant: str) -> None:
    question = {"question": "Qual é o prazo de troca?", "assistant": assistant, "stream": True}
    kinds: list[str] = []
    last: dict[str, Any] = {}
    with httpx.stream("POST", f"{server.url}/api/v1/query", json=question, timeout=30) as answer:
        for line in answer.iter_lines():
            if line.startswith("event: "):
                kinds.append(line.removeprefix("event: "))
            elif line.startswith("data: "):
                last = json.loads(line.removeprefix("data: "))
    assert kinds[0] == "status"
    assert kinds.count("text") > 1
    assert kinds[-1] == "done"
    assert last["outcome"] == "answered"


@pytest.mark.parametrize("path", ["/api/nothing", "/api/v1/", "/api/v1/nothing"])
def test_an_unknown_path_below_api_is_never_a_page(server: "Server", path: str) -> None:
    answer = httpx.get(server.url + path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
