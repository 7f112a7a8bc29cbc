"""``/memory``: approved questions listed, retired, brought back, and what the memory does."""

import pytest
from starlette.testclient import TestClient

from core import assistants
from tests.retrieval.remembered import answered, judged

QUESTION = "Qual é o horário aos sábados?"
HOSTILE = "<script>alert(1)</script> [x](javascript:y)?"


@pytest.fixture
def approved_id(client: TestClient, scripted: str) -> str:
    """An approved answer of the assistant that answers by script."""
    judged(answered(assistants.chosen("Suporte").id, QUESTION))
    (one,) = client.get("/api/v1/memory", params={"assistant": "Suporte"}).json()["data"]
    return str(one["id"])


def test_a_row_tells_what_was_approved(client: TestClient, approved_id: str) -> None:
    one = client.get(f"/api/v1/memory/{approved_id}").json()
    assert (one["question"], one["state"], one["why"]) == (QUESTION, "in_use", "")
    assert (one["hits"], one["served"]) == (0, 0)


@pytest.mark.slow
def test_a_row_is_retired_and_brought_back(client: TestClient, approved_id: str) -> None:
    retired = client.post(f"/api/v1/memory/{approved_id}/retire").json()
    assert (retired["state"], retired["why"]) == ("retired", "by_hand")
    listed = client.get("/api/v1/memory", params={"assistant": "Suporte", "state": "in_use"})
    assert listed.json()["data"] == []
    assert client.post(f"/api/v1/memory/{approved_id}/restore").json()["state"] == "in_use"


@pytest.mark.slow
def test_the_list_comes_page_by_page(client: TestClient, approved_id: str) -> None:
    judged(answered(assistants.chosen("Suporte").id, HOSTILE))
    asked = {"assistant": "Suporte", "limit": "1"}
    first = client.get("/api/v1/memory", params=asked).json()
    assert first["data"][0]["question"] == HOSTILE
    rest = client.get("/api/v1/memory", params=asked | {"cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in rest["data"]] == [approved_id]
    assert rest["next_cursor"] is None


def test_what_is_not_there_is_told(client: TestClient, scripted: str) -> None:
    assert client.get("/api/v1/memory/nada").status_code == 404
    assert client.post("/api/v1/memory/nada/retire").status_code == 404
    assert client.get("/api/v1/memory", params={"assistant": "Ninguém"}).status_code == 404
    assert client.get("/api/v1/memory", params={"state": "talvez"}).status_code == 422
    assert client.get("/api/v1/memory", params={"cursor": "%%%"}).status_code == 422


def test_its_uses_are_switched_one_by_one(client: TestClient, scripted: str) -> None:
    where = {"assistant": "Suporte"}
    assert client.get("/api/v1/memory/uses", params=where).json() == {"lift": True, "serve": False}
    used = client.put("/api/v1/memory/uses", params=where, json={"serve": True})
    assert used.json() == {"lift": True, "serve": True}
    used = client.put("/api/v1/memory/uses", params=where, json={"lift": False})
    assert used.json() == {"lift": False, "serve": True}
    assert client.put("/api/v1/memory/uses", params=where, json={"lift": "x"}).status_code == 422
