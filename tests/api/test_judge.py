"""A queue's judge model over the API."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from core import assistants
from core.llm import fake
from tests.annotation.conftest import conversations

BASE = "/api/v1/annotation"
SAID = {"verdict": "approved", "scores": {"correct": 5}, "why": "Está nos trechos."}


@pytest.fixture
def queue(client: TestClient) -> Iterator[str]:
    """The id of a queue with two items and a judge that speaks from a script."""
    fake.reset()
    talks = conversations(assistants.create("Suporte").id, 2)
    body = {"name": "Fila", "assistant": "Suporte", "judge": "fake:judge"}
    made = client.post(f"{BASE}/queues", json=body).json()
    client.post(f"{BASE}/queues/{made['id']}/items", json={"conversation_ids": talks})
    yield made["id"]
    fake.reset()


def test_a_judge_is_named_asked_and_taken_back(client: TestClient, queue: str) -> None:
    fake.queue(json.dumps(SAID), "Não sei.")
    at = f"{BASE}/queues/{queue}"
    assert client.get(at).json()["judge"] == "fake:judge"
    asked = client.post(f"{at}/judge", json={"most": 2}).json()
    assert (asked["opinions"], asked["failed"], asked["why"]) == (1, {"no_json": 1}, "Não sei.")
    told = client.get(f"{at}/judge").json()
    assert (told["model"], told["opinions"], told["failures"]) == ("fake:judge", 1, 1)
    assert client.patch(at, json={"judge": ""}).json()["judge"] == ""
    refused = client.post(f"{at}/judge", json={})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


def test_what_was_said_of_an_item_is_read_back(client: TestClient, queue: str) -> None:
    fake.queue(json.dumps(SAID))
    client.post(f"{BASE}/queues/{queue}/judge", json={"most": 1})
    item = client.get(f"{BASE}/queues/{queue}/items").json()["data"][0]["id"]
    (row,) = client.get(f"{BASE}/items/{item}/opinions").json()["data"]
    expected: dict[str, Any] = {**SAID, "model": "fake:judge", "failed": ""}
    assert {name: row[name] for name in expected} == expected
    assert client.get(f"{BASE}/items/nobody/opinions").status_code == 404


def test_a_judge_that_is_none_is_refused(client: TestClient, queue: str) -> None:
    answer = client.patch(f"{BASE}/queues/{queue}", json={"judge": "embedded:quotes"})
    assert (answer.status_code, "cannot judge" in answer.json()["message"]) == (422, True)
