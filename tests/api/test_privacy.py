"""``/privacy``, an assistant's retention and consent: what is held, erased, kept, agreed to."""

import io
import zipfile

import pytest
from starlette.testclient import TestClient

from core import access, assistants
from core.db.tables import Conversation
from tests.personal.full import store

NOBODY = {"person": "Ana", "user_id": "u-1"}


@pytest.fixture
def shop(client: TestClient) -> str:
    return assistants.create("Loja").id


def test_what_is_held_comes_as_a_zip(client: TestClient, shop: str) -> None:
    access.person("Ana")
    answer = client.get("/api/v1/privacy/held", params={"person": "Ana"})
    assert answer.headers["content-type"] == "application/zip"
    assert "Ana" not in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"index.html", "person.json"} <= set(archive.namelist())
    own = client.get("/api/v1/privacy/held", headers={"X-Ciclo-Person": "Ana"})
    assert own.status_code == 200


def test_an_erasure_is_planned_done_and_listed(client: TestClient, shop: str) -> None:
    ana = access.person("Ana")
    store(Conversation(assistant_id=shop, person_id=ana.id))
    planned = client.post("/api/v1/privacy/plan", json={"person": "Ana"}).json()
    assert planned["goes"] == {"conversations": 1}
    done = client.post("/api/v1/privacy/erasures", json={"person": "Ana"})
    assert (done.status_code, done.json()["goes"]) == (201, {"conversations": 1})
    assert done.json()["done_at"]
    assert "backups" in done.json()["unreached"]
    (listed,) = client.get("/api/v1/privacy/erasures").json()["data"]
    assert listed["id"] == done.json()["id"]


@pytest.mark.parametrize("body", [{}, NOBODY, {"person": ""}, {"user_id": "x" * 201}])
def test_whom_must_be_one(client: TestClient, shop: str, body: dict[str, str]) -> None:
    assert client.post("/api/v1/privacy/erasures", json=body).status_code == 422


def test_retention_is_set_and_told(client: TestClient, shop: str) -> None:
    assert client.get("/api/v1/assistants/Loja/retention").json() == {"days": None, "due": {}}
    told = client.put("/api/v1/assistants/Loja/retention", json={"days": 30})
    assert told.json() == {"days": 30, "due": {}}
    for bad in (0, 36_501, "x", 1.5):
        refused = client.put("/api/v1/assistants/Loja/retention", json={"days": bad})
        assert refused.status_code == 422


@pytest.mark.slow
def test_a_question_waits_for_the_agreement(client: TestClient, shop: str) -> None:
    place = "/api/v1/assistants/Loja/consent"
    digest = client.put(place, json={"text": "Guardamos 30 dias."}).json()["digest"]
    asked = {"question": "Onde fica?", "assistant": "Loja"}
    for body in (asked, asked | {"user_id": "u-1"}):
        refused = client.post("/api/v1/query", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "consent_needed")
        assert "Guardamos 30 dias." in refused.json()["message"]
    assert client.post(place, json={"digest": "0" * 64}).json()["code"] == "consent_changed"
    assert client.post(place, json={"digest": digest}).json()["agreed"]
    assert client.post("/api/v1/query", json=asked).status_code == 200
    assert client.post("/api/v1/query", json=asked | {"user_id": "u-1"}).status_code == 409
    client.post(place, json={"digest": digest, "user_id": "u-1"})
    assert client.post("/api/v1/query", json=asked | {"user_id": "u-1"}).status_code == 200
    assert not client.delete(place).json()["agreed"]


@pytest.mark.slow
def test_openais_clients_are_told_the_text(client: TestClient, shop: str) -> None:
    client.put("/api/v1/assistants/Loja/consent", json={"text": "Guardamos 30 dias."})
    body = {"model": "Loja", "messages": [{"role": "user", "content": "Onde fica?"}]}
    refused = client.post("/v1/chat/completions", json=body)
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "consent_needed"
    assert "Guardamos 30 dias." in refused.json()["error"]["message"]
