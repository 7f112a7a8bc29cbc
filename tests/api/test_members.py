"""Who belongs to an assistant, over the API."""

from starlette.testclient import TestClient

from core import access
from core.api.acting import HEADER
from tests.access.test_roles import somebody


def test_members_are_let_in_by_name_and_it_is_then_for_them_only(
    client: TestClient, desk: str
) -> None:
    ana = somebody("Ana", "viewer")
    at = "/api/v1/assistants/Suporte/members"
    assert client.get(at).json() == {"assistant_id": desk, "only": False, "people": []}
    told = client.put(at, json={"only": True, "people": ["Ana"]}).json()
    assert told == {"assistant_id": desk, "only": True, "people": [{"id": ana.id, "name": "Ana"}]}
    assert client.put(at, json={"people": [ana.id]}).json() == told
    assert client.get("/api/v1/assistants/Suporte", headers={HEADER: "Ana"}).status_code == 200
    client.put(at, json={"people": []})
    gone = client.get("/api/v1/assistants/Suporte", headers={HEADER: "Ana"})
    assert gone.status_code == 404


def test_an_unknown_name_lets_nobody_in_and_makes_nobody(client: TestClient, desk: str) -> None:
    at = f"/api/v1/assistants/{desk}/members"
    assert client.put(at, json={"people": ["Ninguém"]}).status_code == 404
    assert client.put(at, json={"people": [""]}).status_code == 422
    assert [one.name for one in access.people("Ning")] == []
    assert client.get(at).json()["people"] == []


def test_who_gives_no_roles_lets_nobody_in(client: TestClient, desk: str) -> None:
    somebody("Léo", "analyst")
    at = f"/api/v1/assistants/{desk}/members"
    headers = {HEADER: "L%C3%A9o"}
    assert client.put(at, json={"people": ["Léo"]}, headers=headers).status_code == 403
    assert client.get(at, headers=headers).status_code == 200


def test_openais_clients_find_no_assistant_of_others(client: TestClient, desk: str) -> None:
    access.set_members_only(desk, True)
    somebody("Ana", "viewer")
    headers = {HEADER: "Ana"}
    assert client.get("/v1/models", headers=headers).json()["data"] == []
    assert client.get("/v1/models/Suporte", headers=headers).status_code == 404
    body = {"model": "Suporte", "messages": [{"role": "user", "content": "Oi?"}]}
    assert client.post("/v1/chat/completions", json=body, headers=headers).status_code == 404
