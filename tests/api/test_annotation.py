"""The review queue over the API."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from core import assistants, clock
from tests.annotation.conftest import conversations

BASE = "/api/v1/annotation"
ANA, BIA = {"X-Ciclo-Person": "Ana"}, {"X-Ciclo-Person": "Bia"}
JSON = {"content-type": "application/json"}
Sent = Callable[..., Any]  # a response of the client


@pytest.fixture
def talks(client: TestClient) -> list[str]:
    """Three conversations with an assistant."""
    return conversations(assistants.create("Suporte").id, 3)


@pytest.fixture
def send(client: TestClient) -> Sent:
    """Post to a path of the queue's API."""
    return lambda path, body=None, who=ANA: client.post(BASE + path, json=body, headers=who)


@pytest.fixture
def queue(send: Sent, talks: list[str]) -> str:
    """The id of a queue with three items for one reviewer each."""
    body = {"name": "Fila", "assistant": "Suporte", "reviewers_per_item": 1, "lease_seconds": 60}
    made = send("/queues", body)
    assert made.status_code == 201, made.text
    added = send(f"/queues/{made.json()['id']}/items", {"conversation_ids": talks})
    assert added.json() == {"new": 3, "known": 0, "removed": 0, "without_answer": 0}
    return str(made.json()["id"])


def claimed(send: Sent, queue: str, who: dict[str, str] = ANA) -> dict[str, Any]:
    answer = send("/claims", {"queue_id": queue}, who)
    assert answer.status_code == 200, answer.text
    claim: dict[str, Any] = answer.json()
    return claim


@pytest.mark.slow
def test_a_claim_carries_what_is_needed_to_judge(send: Sent, queue: str, talks: list[str]) -> None:
    claim = claimed(send, queue)
    assert {"item_id", "claim_token", "expires_at", "reasons", "passages"} <= claim.keys()
    assert [m["text"] for m in claim["conversation"]] == ["Pergunta 0?", "Resposta 0."]
    assert (claim["question"], claim["answer"]) == ("Pergunta 0?", "Resposta 0.")
    assert claim["reasons"][0]["name"] == "manual"
    assert claim["guideline"]["rubric"][0]["name"] == "correct"


def test_the_same_person_gets_the_same_claim_and_another_another(send: Sent, queue: str) -> None:
    first, again, other = claimed(send, queue), claimed(send, queue), claimed(send, queue, BIA)
    assert first["claim_token"] == again["claim_token"]
    assert other["item_id"] != first["item_id"]


@pytest.mark.slow
def test_when_nothing_waits_the_answer_is_empty(send: Sent, queue: str, talks: list[str]) -> None:
    for _each in talks:
        claim = claimed(send, queue)
        body = {"claim_token": claim["claim_token"], "verdict": "approved"}
        assert send(f"/items/{claim['item_id']}/submit", body).status_code == 200
    answer = send("/claims", {"queue_id": queue})
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.slow
def test_progress_counts_items_and_judgements(client: TestClient, send: Sent, queue: str) -> None:
    claim = claimed(send, queue)
    body = {"claim_token": claim["claim_token"], "verdict": "rejected", "seconds": 30}
    send(f"/items/{claim['item_id']}/submit", body)
    claimed(send, queue)
    told = client.get(f"{BASE}/queues/{queue}/progress", headers=ANA).json()
    assert (told["waiting"], told["held"], told["done"]) == (1, 1, 1)
    assert (told["judgements"], told["mine_today"], told["seconds_per_item"]) == (1, 1, 30.0)
    assert told["seconds_left"] == 60.0
    assert told["proposed_lease"] is None


@pytest.mark.parametrize(
    "call", ["heartbeat", "submit", "skip", "release", "postpone", "not-for-me"]
)
def test_a_claim_that_somebody_else_has_is_refused_with_a_sentence(
    send: Sent, queue: str, call: str
) -> None:
    claim = claimed(send, queue)
    needed: dict[str, dict[str, Any]] = {
        "submit": {"verdict": "approved"},
        "postpone": {"minutes": 5},
    }
    more = needed.get(call, {})
    with clock.held(clock.now() + timedelta(seconds=61)):
        assert claimed(send, queue, BIA)["item_id"] == claim["item_id"]
        body = {"claim_token": claim["claim_token"], **more}
        answer = send(f"/items/{claim['item_id']}/{call}", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "superseded")
    assert "somebody else" in answer.json()["message"]


def test_a_heartbeat_moves_the_end_on_and_keeps_the_draft(send: Sent, queue: str) -> None:
    claim = claimed(send, queue)
    body = {"claim_token": claim["claim_token"], "draft": {"note": "quase"}}
    with clock.held(clock.now() + timedelta(seconds=20)):
        told = send(f"/items/{claim['item_id']}/heartbeat", body).json()
    assert told["expires_at"] > claim["expires_at"]
    assert claimed(send, queue)["draft"] == {"note": "quase"}


def test_the_last_judgement_can_be_undone(send: Sent, queue: str) -> None:
    claim = claimed(send, queue)
    body = {"claim_token": claim["claim_token"], "verdict": "rejected", "note": "sem fonte"}
    send(f"/items/{claim['item_id']}/submit", body)
    back = send(f"/queues/{queue}/undo").json()
    assert (back["item_id"], back["draft"]["note"]) == (claim["item_id"], "sem fonte")
    assert send(f"/queues/{queue}/undo").status_code == 409


def test_a_link_claims_its_item(client: TestClient, send: Sent, queue: str) -> None:
    page = client.get(f"{BASE}/queues/{queue}/items", params={"limit": 2}).json()
    rest = client.get(f"{BASE}/queues/{queue}/items", params={"cursor": page["next_cursor"]}).json()
    (last,) = rest["data"]
    assert send(f"/items/{last['id']}/claim").json()["item_id"] == last["id"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verdict", "maybe"),
        ("stars", 6),
        ("scores", {"correct": 9}),
        ("scores", {"beauty": 3}),
        ("passages", {"p": "right"}),
        ("missing", ["d"]),
        ("problems", ["sadness"]),
        ("failure_type", "bad luck"),
        ("seconds", -1),
        ("correction", "Outra resposta."),
    ],
)
def test_what_cannot_be_judged_names_its_field(
    send: Sent, queue: str, field: str, value: object
) -> None:
    claim = claimed(send, queue)
    body = {"claim_token": claim["claim_token"], "verdict": "approved", field: value}
    answer = send(f"/items/{claim['item_id']}/submit", body)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(field)


def test_a_queue_is_changed_removed_and_brought_back(client: TestClient, queue: str) -> None:
    at = f"{BASE}/queues/{queue}"
    assert client.patch(at, json={"reviewers_per_item": 2}).json()["reviewers_per_item"] == 2
    assert client.patch(at, json={"reviewers_per_item": 6}).status_code == 422
    assert client.delete(at).status_code == 204
    assert client.get(at).status_code == 404
    assert client.post(f"{at}/restore").json()["id"] == queue
    assert [one["id"] for one in client.get(f"{BASE}/queues").json()["data"]] == [queue]


def test_the_share_of_calibration_items_is_made_changed_and_bounded(
    client: TestClient, send: Sent, talks: list[str]
) -> None:
    made = send("/queues", {"name": "Fila", "calibration_share": 0.05}).json()
    assert (made["calibration_share"], made["random_share"]) == (0.05, 0.1)
    at = f"{BASE}/queues/{made['id']}"
    assert client.patch(at, json={"calibration_share": 0}).json()["calibration_share"] == 0
    for wrong in (1.01, -0.1, "0.5", True):
        refused = client.patch(at, json={"calibration_share": wrong})
        assert refused.status_code == 422
        assert refused.json()["message"].startswith("calibration_share")
    assert client.get(at).json()["calibration_share"] == 0


def test_guidelines_have_versions(client: TestClient, queue: str) -> None:
    at = f"{BASE}/queues/{queue}/guideline"
    written = client.put(at, json={"text": "Só o que está nos documentos."}).json()
    assert (written["number"], len(written["rubric"])) == (2, 6)
    again = client.put(at, json={"text": "Só o que está nos documentos."}).json()
    assert again["number"] == 2


@pytest.mark.parametrize(
    "rubric",
    [
        5,
        [5],
        [{"name": "cor"}],
        [{"name": "cor", "scale": 5}],
        [{"name": "cor", "scale": [1, 2]}],
        [{"name": "cor", "scale": [{"value": 1}, {"value": 10**30}]}],
        [{"name": 'co"r', "scale": [{"value": 1}, {"value": 2}]}],
        [{"name": "cor", "title": "\ud800", "scale": [{"value": 1}, {"value": 2}]}],
    ],
)
def test_a_rubric_that_is_none_is_refused(client: TestClient, queue: str, rubric: object) -> None:
    at, body = f"{BASE}/queues/{queue}/guideline", json.dumps({"rubric": rubric})
    answer = client.put(at, content=body, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("rubric")


@pytest.mark.parametrize("note", ["\ud800", "\x00", [[[[[[[[[[["quase"]]]]]]]]]]]])
def test_a_draft_that_no_database_keeps_is_refused(
    client: TestClient, send: Sent, queue: str, note: object
) -> None:
    claim = claimed(send, queue)
    body = json.dumps({"claim_token": claim["claim_token"], "draft": {"note": note}})
    at = f"{BASE}/items/{claim['item_id']}/heartbeat"
    answer = client.post(at, content=body, headers=JSON | ANA)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert claimed(send, queue)["draft"] == {}
