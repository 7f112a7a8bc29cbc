"""``/conversations/{id}/outcome``: what outside systems report."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from core import access
from core.metrics import outcomes

HEADER = "X-Ciclo-Person"


@pytest.fixture
def path(client: TestClient, desk: str) -> str:
    """Where outcomes of a conversation on WhatsApp are reported."""
    begun = {"channel": "whatsapp", "external_id": "wa/1"}
    talk = client.post("/api/v1/conversations", json=begun).json()["id"]
    return f"/api/v1/conversations/{talk}/outcome"


@pytest.mark.slow
def test_an_outcome_is_reported_listed_and_taken_back(client: TestClient, path: str) -> None:
    said = {"name": "converted", "value": 349.9, "currency": "BRL"}
    told = client.post(path, json=said).json()
    assert (told["name"], told["value"], told["currency"]) == ("converted", 349.9, "BRL")
    assert client.post(path, json=said).json() == told
    assert client.get(path).json() == {"data": [told]}
    assert client.delete(f"{path}/converted").status_code == 204
    assert client.delete(f"{path}/converted").status_code == 204
    assert client.get(path).json() == {"data": []}


@pytest.mark.slow
def test_the_same_key_gets_the_same_answer(client: TestClient, path: str) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = client.post(path, json={"name": "converted"}, headers=headers)
    client.delete(f"{path}/converted")
    again = client.post(path, json={"name": "converted"}, headers=headers)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    other = client.post(path, json={"name": "solved"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({}, "name"),
        ({"name": "a b"}, "a b"),
        ({"name": "converted", "value": "10"}, "value"),
        ({"name": "converted", "value": 1e300}, "value"),
        ({"name": "converted", "value": 1, "currency": "R$"}, "R$"),
        ({"name": "converted", "valor": 1}, "valor"),
        ({"name": "converted", "happened_at": "yesterday"}, "happened_at"),
    ],
)
def test_what_cannot_be_is_named(
    client: TestClient, path: str, said: dict[str, Any], word: str
) -> None:
    answer = client.post(path, json=said)
    assert answer.status_code == 422
    assert word in answer.json()["message"]


def test_an_unknown_conversation_is_404(client: TestClient, desk: str) -> None:
    answer = client.post("/api/v1/conversations/wa-9/outcome", json={"name": "converted"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.slow
def test_whoever_may_not_read_others_reads_no_outcome_of_theirs(
    client: TestClient, path: str
) -> None:
    access.set_roles(access.person("Ana").id, ["viewer"])
    access.set_roles(access.person("Zé").id, [])
    assert client.get(path, headers={HEADER: "Ana"}).status_code == 403
    refused = client.post(path, json={"name": "converted"}, headers={HEADER: "Z%C3%A9"})
    assert refused.status_code == 403
    assert outcomes.outcomes(path.split("/")[4]) == []
