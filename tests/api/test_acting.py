"""Who acts over the API, and what they may not do."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from core import access
from core.db.tables import Person

HEADER = "X-Ciclo-Person"


def somebody(name: str, *roles: str) -> Person:
    """A person with these roles, beside the local one who has all."""
    access.local_person()
    return access.set_roles(access.person(name).id, roles)


def begun(client: TestClient, *names: str | bytes) -> Any:
    """The answer to beginning a conversation as those names say."""
    headers = [(HEADER.encode(), n.encode() if isinstance(n, str) else n) for n in names]
    return client.post("/api/v1/conversations", json={}, headers=headers)


def of(client: TestClient, answer: Any) -> str | None:
    """The name of whose conversation it is."""
    from core import chat

    assert answer.status_code == 201, answer.text
    owner = chat.conversation(answer.json()["id"]).person_id
    return access.known(owner).name if owner else None


def test_without_the_header_the_local_person_acts(client: TestClient, desk: str) -> None:
    assert of(client, begun(client)) == "local"


@pytest.mark.parametrize(
    "sent",
    [
        "João".encode(),
        "João".encode("latin-1"),
        b"Jo%C3%A3o",
        b"jo%c3%a3o".replace(b"j", b"J"),
        b"  Jo%C3%A3o  ",
        "Joa\u0303o".encode(),
    ],
)
def test_a_name_is_understood_however_a_client_writes_it(
    client: TestClient, desk: str, sent: bytes
) -> None:
    assert of(client, begun(client, sent)) == "João"


def test_a_name_that_nobody_has_becomes_a_person_with_every_role(
    client: TestClient, desk: str
) -> None:
    begun(client, "Ana")
    assert tuple(access.person("Ana").roles) == access.ROLES
    begun(client, "Ana")
    assert [one.name for one in access.people()] == ["Ana"]


@pytest.mark.parametrize(
    "sent",
    [b"", b"   ", b"%00", b"a%00b", b"x" * 201, b"%C3%A3" * 201, b"%E2%80%AEanA"],
)
def test_what_is_no_name_is_refused_and_nobody_made_of_it(
    client: TestClient, desk: str, sent: bytes
) -> None:
    answer = begun(client, sent)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(f"{HEADER}: ")
    assert access.people() == []


def test_one_request_has_one_who_acts(client: TestClient, desk: str) -> None:
    assert begun(client, "Ana", "Zé").status_code == 422


def test_the_percent_sign_of_a_name_stays(client: TestClient, desk: str) -> None:
    assert of(client, begun(client, "100% Ana")) == "100% Ana"


def test_what_a_person_may_not_do_is_refused_in_words(client: TestClient, desk: str) -> None:
    somebody("Ana", "viewer")
    answer = client.post("/api/v1/assistants", json={"name": "X"}, headers={HEADER: "Ana"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"
    assert "Ana" in answer.json()["message"]
    assert answer.json()["hint"]
    assert client.post("/api/v1/assistants", json={"name": "X"}).status_code == 201


@pytest.mark.slow
def test_what_others_asked_is_neither_listed_nor_read_without_the_role(
    client: TestClient, desk: str
) -> None:
    somebody("Ana", "viewer")
    asked = client.post("/api/v1/query", json={"question": "Qual é o horário?"}).json()
    talk = f"/api/v1/conversations/{asked['conversation_id']}"
    message = f"/api/v1/query/{asked['message_id']}"
    trace = f"/api/v1/messages/{asked['message_id']}/trace"
    for path in (talk, f"{talk}/messages", f"{talk}/export", message, trace, "/api/v1/traces"):
        assert client.get(path, headers={HEADER: "Ana"}).status_code == 403, path
        assert client.get(path).status_code == 200, path
    assert client.delete(talk, headers={HEADER: "Ana"}).status_code == 403
    assert client.get("/api/v1/conversations", headers={HEADER: "Ana"}).json()["data"] == []
    mine = begun(client, "Ana").json()["id"]
    assert client.get(f"/api/v1/conversations/{mine}", headers={HEADER: "Ana"}).status_code == 200


def test_openais_clients_are_refused_in_their_own_shape(client: TestClient, desk: str) -> None:
    somebody("Ana")
    asked = {"model": desk, "messages": [{"role": "user", "content": "Qual é o horário?"}]}
    answer = client.post("/v1/chat/completions", json=asked, headers={HEADER: "Ana"})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "not_allowed"
    bad = client.post("/v1/chat/completions", json=asked, headers={HEADER: "%00"})
    assert bad.status_code == 400
    assert bad.json()["error"]["param"] == HEADER


def test_a_stream_is_the_named_persons_to_its_end(client: TestClient, desk: str) -> None:
    from core import chat

    question = {"question": "Qual é o horário aos sábados?", "stream": True}
    told = client.post("/api/v1/query", json=question, headers={HEADER: "Ana"}).text
    assert "event: done" in told
    (talk,) = chat.conversations()
    assert talk.person_id == access.person("Ana").id


def test_the_person_is_nobody_elses_in_the_next_request(client: TestClient, desk: str) -> None:
    begun(client, "Ana")
    assert of(client, begun(client)) == "local"


def test_every_operation_tells_of_the_header_and_of_being_refused(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    for path, item in paths.items():
        for verb, one in item.items():
            names = [each["name"] for each in one.get("parameters", [])]
            assert HEADER in names, (path, verb)
            assert "403" in one["responses"], (path, verb)
