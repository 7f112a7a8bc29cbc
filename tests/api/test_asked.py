"""A parameter that a route does not take is refused by its name, and not passed over."""

import pytest
from starlette.testclient import TestClient

from tests.access.asking import operations


def test_a_misspelt_filter_is_refused_and_the_known_ones_are_named(client: TestClient) -> None:
    answer = client.get("/api/v1/audit?who=Ana", headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("who: ")
    assert "person" in answer.json()["hint"]


def test_a_known_one_is_taken(client: TestClient) -> None:
    assert client.get("/api/v1/audit?limit=1&door=api").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/assistants", "/api/v1/me", "/api/v1/models"])
def test_a_route_that_takes_none_takes_none(client: TestClient, path: str) -> None:
    assert client.get(f"{path}?x=1").status_code == 422


@pytest.mark.slow
def test_every_parameter_that_is_described_is_known(client: TestClient) -> None:
    for name, one in operations().items():
        told = [p["name"] for p in one.told.get("parameters", ()) if p["in"] == "query"]
        if told and one.method == "get" and "{" not in one.path:
            answer = client.get(f"/api{one.path}", params=dict.fromkeys(told, ""))
            assert "no such parameter" not in answer.text, (name, answer.text)
