"""How answers came about, over the API; and who answers beside the champion."""

from typing import Any

import pytest
from starlette.testclient import TestClient


def test_an_answer_s_trace_holds_its_steps_and_prompt(
    client: TestClient, asked: dict[str, Any]
) -> None:
    told = client.get(f"/api/v1/messages/{asked['message_id']}/trace").json()
    assert told["message_id"] == asked["message_id"]
    assert {"route", "search", "prompt", "model", "check", "store"} <= {
        span["kind"] for span in told["spans"]
    }
    assert told["prompt"][0]["role"] == "system"
    assert (told["attempts"], told["dropped"]) == (1, [])


def test_no_answer_no_trace(client: TestClient) -> None:
    answer = client.get("/api/v1/messages/nobody/trace")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.slow
def test_traces_are_listed_in_pages_by_filters(client: TestClient, asked: dict[str, Any]) -> None:
    client.post("/api/v1/query", json={"question": "Como peço reembolso?"})
    first = client.get("/api/v1/traces", params={"limit": 1, "reason": "champion"}).json()
    rest = client.get("/api/v1/traces", params={"cursor": first["next_cursor"]}).json()
    assert [len(first["data"]), len(rest["data"])] == [1, 1]
    assert rest["data"][0]["message_id"] == asked["message_id"]
    for nothing in ({"slower_than": 1000}, {"sample": True}, {"model": "nobody"}):
        none = client.get("/api/v1/traces", params=nothing).json()
        assert none == {"data": [], "next_cursor": None}


@pytest.mark.parametrize(
    "given",
    [{"slower_than": "nan"}, {"slower_than": -1}, {"since": "yesterday"}, {"outcome": "fine"}],
)
def test_a_filter_that_cannot_be_is_refused(client: TestClient, given: dict[str, Any]) -> None:
    assert client.get("/api/v1/traces", params=given).status_code == 422


def test_the_routing_is_set_and_told(client: TestClient, desk: str) -> None:
    routing = {"fallbacks": ["fake:b"], "rules": [{"if": {"tier": "premium"}, "use": "fake:a"}]}
    answer = client.patch(f"/api/v1/assistants/{desk}", json={"routing": routing})
    assert answer.status_code == 200, answer.text
    assert client.get(f"/api/v1/assistants/{desk}").json()["routing"] == routing
    body = {"question": "Qual é o horário aos sábados?", "user_tier": "premium"}
    told = client.post("/api/v1/query", json=body).json()
    assert (told["routing_reason"], told["model_name"]) == ("rule:1", "a")


@pytest.mark.parametrize(
    "routing",
    [
        {"fallback": []},
        {"fallbacks": ["nope:x"]},
        {"rules": [{"if": {}, "use": "fake:a"}]},
        {"rules": [{"if": {"tier": "x"}, "use": 99}]},
        {"challenger_share": 2},
    ],
)
def test_a_routing_that_cannot_be_is_refused(
    client: TestClient, desk: str, routing: dict[str, Any]
) -> None:
    answer = client.patch(f"/api/v1/assistants/{desk}", json={"routing": routing})
    assert answer.status_code == 422, answer.text
    assert client.get(f"/api/v1/assistants/{desk}").json()["routing"] == {}
