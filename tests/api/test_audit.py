"""The audit log over the API: read and exported by admins, written by nobody."""

from typing import Any

import pytest
from starlette.testclient import TestClient

AUDIT = "/api/v1/audit"


@pytest.fixture
def changed(client: TestClient) -> str:
    """An assistant that an admin has made and renamed; its id."""
    made = client.post("/api/v1/assistants", json={"name": "Loja"}).json()
    client.patch(f"/api/v1/assistants/{made['id']}", json={"name": "Loja 2"})
    return str(made["id"])


def lines(client: TestClient, **which: Any) -> list[dict[str, Any]]:
    found = client.get(AUDIT, params=which)
    assert found.status_code == 200, found.text
    data: list[dict[str, Any]] = found.json()["data"]
    return data


def test_a_change_over_the_api_is_read_there(client: TestClient, changed: str) -> None:
    line = lines(client, kind="assistant", object=changed, action="change")[0]
    assert (line["before"], line["after"]) == ({"name": "Loja"}, {"name": "Loja 2"})
    assert (line["door"], line["person"] != "") == ("api", True)
    assert client.get(f"{AUDIT}/{line['number']}").json() == line


def test_pages_follow_by_their_cursor(client: TestClient, changed: str) -> None:
    whole = [one["number"] for one in lines(client)]
    first = client.get(AUDIT, params={"limit": 1}).json()
    second = client.get(AUDIT, params={"limit": 200, "cursor": first["next_cursor"]}).json()
    assert [one["number"] for one in first["data"] + second["data"]] == whole
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("which", "status"),
    [
        ({"kind": "x' OR 1=1"}, 422),
        ({"cursor": "nope"}, 422),
        ({"cursor": "WyItMSJd"}, 422),
        ({"person": "Nobody at all"}, 404),
        ({"assistant": "Nobody at all"}, 404),
        ({"door": "window"}, 422),
        ({"since": "yesterday"}, 422),
        ({"person": "-", "door": "-"}, 200),
    ],
)
def test_what_cannot_be_is_refused(client: TestClient, which: dict[str, str], status: int) -> None:
    assert client.get(AUDIT, params=which).status_code == status


@pytest.mark.parametrize("number", [0, 99_999, 2**40, "x"])
def test_a_line_that_there_is_not(client: TestClient, number: object) -> None:
    assert client.get(f"{AUDIT}/{number}").status_code in (404, 422)


def test_the_log_is_exported(client: TestClient, changed: str) -> None:
    found = client.get(f"{AUDIT}/export", params={"format": "jsonl", "kind": "assistant"})
    assert found.headers["content-disposition"] == 'attachment; filename="audit.jsonl"'
    assert '"name": "Loja 2"' in found.text
    assert lines(client, action="export")[0]["after"] == {"format": "jsonl", "kind": "assistant"}


@pytest.mark.parametrize("way", ["", "/1", "/export"])
def test_who_may_not_operate_is_refused_before_anything_is_looked_up(
    client: TestClient, changed: str, way: str
) -> None:
    from core import access

    access.set_roles(access.person("Ana").id, ["analyst"])
    named = {"X-Ciclo-Person": "Ana"}
    found = client.get(
        f"{AUDIT}{way}", params={"person": "Zoe"} if way != "/1" else {}, headers=named
    )
    assert found.status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_written_by_the_api(client: TestClient, changed: str, method: str) -> None:
    assert client.request(method, f"{AUDIT}/1", json={}).status_code == 405
