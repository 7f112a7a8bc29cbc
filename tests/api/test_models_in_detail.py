"""Models in detail, their health, pulls and diagnoses over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.config import settings
from core.registry import sight
from tests.fake_ollama import FakeOllama


@pytest.fixture
def ollama(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOllama]:
    """A running server with one model, which the settings point at."""
    monkeypatch.setattr(sight, "_last", None)
    with FakeOllama() as server:
        monkeypatch.setenv("CICLO_OLLAMA_URL", server.url)
        settings.cache_clear()
        yield server


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """(name, data) of each server-sent event."""
    parts = [part.split("\n") for part in text.split("\n\n") if part and not part.startswith(":")]
    return [(a.removeprefix("event: "), json.loads(b.removeprefix("data: "))) for a, b in parts]


def test_details_tell_providers_models_and_uses(client: TestClient, desk: str) -> None:
    told = client.get("/api/v1/models/details").json()
    assert "fake" not in {one["name"] for one in told["providers"]}
    (quotes,) = [one for one in told["models"] if one["provider"] == "embedded"]
    assert quotes["used_by"][0] == {
        "assistant_id": desk,
        "assistant": "Suporte",
        "role": "champion",
        "number": 0,
    }


def test_health_tells_of_servers_and_versions(client: TestClient, asked: dict[str, Any]) -> None:
    told = client.get("/api/v1/models/health").json()
    assert told["servers"][0]["error"]
    assert [(one["model"], one["calls"]) for one in told["versions"]] == [("embedded:quotes", 1)]


def test_a_pull_streams_its_progress_and_its_end(client: TestClient, ollama: FakeOllama) -> None:
    done = client.post("/api/v1/models/pull", json={"name": "llama3.1:8b"})
    assert done.headers["content-type"].startswith("text/event-stream")
    told = events(done.text)
    assert told[-1] == ("done", {"name": "llama3.1:8b"})
    assert {name for name, _data in told[:-1]} == {"progress"}
    assert told[-2][1]["share"] == 1.0


def test_a_pull_that_fails_is_an_error_event(client: TestClient, ollama: FakeOllama) -> None:
    ollama.faults["/api/pull"] = "early_end"
    told = events(client.post("/api/v1/models/pull", json={"name": "llama3.1:8b"}).text)
    assert told[-1][0] == "error"
    assert told[-1][1]["code"] == "cut_off"


def test_what_cannot_be_pulled_is_refused_before_the_stream(client: TestClient) -> None:
    done = client.post("/api/v1/models/pull", json={"name": "openai:gpt-5"})
    assert (done.status_code, done.json()["code"]) == (422, "invalid")


def test_a_diagnosis_streams_findings_and_counts_them(client: TestClient, desk: str) -> None:
    body = {"kind": "answer", "question": "Qual é o horário aos sábados?"}
    told = events(client.post("/api/v1/diagnose", json=body).text)
    found = [data for name, data in told if name == "finding"]
    assert [one["name"] for one in found][:2] == ["question", "route"]
    assert told[-1] == ("done", {"counts": {"good": len(found), "note": 0, "bad": 0}})
    assert client.get("/api/v1/conversations").json()["data"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "everything"}, 422),
        ({"kind": "stress", "requests": 1000}, 422),
        ({"kind": "answer", "assistant": "Nobody"}, 404),
    ],
)
def test_a_diagnosis_that_cannot_be_made_is_refused_before_the_stream(
    client: TestClient, desk: str, body: dict[str, Any], status: int
) -> None:
    assert client.post("/api/v1/diagnose", json=body).status_code == status


def test_a_level_nobody_has_is_an_error_event(client: TestClient, desk: str) -> None:
    body = {"kind": "analysis", "level": "deepest"}
    told = events(client.post("/api/v1/diagnose", json=body).text)
    assert [name for name, _data in told] == ["error"]


def test_a_model_is_registered_with_its_price_and_origin(client: TestClient) -> None:
    told = {"name": "ollama:loja-lora", "price_in": 0.1, "price_out": 0.4, "origin": "LoRA"}
    made = client.post("/api/v1/models", json=told)
    assert made.status_code == 200
    assert (made.json()["name"], made.json()["price_out"]) == ("loja-lora", 0.4)
    assert client.post("/api/v1/models", json=told | {"price_in": -1}).status_code == 422
