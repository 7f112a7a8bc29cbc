"""Comparisons over the API: two versions asked, followed, listed, exported, removed."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

PATH = "/api/v1/comparisons"
QUESTION = "Qual é o horário aos sábados?"


@pytest.fixture
def compared(client: TestClient, desk: str) -> dict[str, Any]:
    """A comparison of the usual pair that has ended."""
    answer = client.post(PATH, json={"question": QUESTION, "wait": True})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_both_versions_answer_and_are_scored(compared: dict[str, Any]) -> None:
    assert compared["done_at"]
    for side in ("a", "b"):
        told = compared[side]
        assert told["state"] == "done"
        assert "9h às 13h" in told["answer"]["answer"]
        assert told["answer"]["citations"]
        assert told["scores"]["groundedness"] == 1.0
    assert compared["a"]["version"] != compared["b"]["version"]


def test_it_is_found_by_its_id_and_in_its_assistant_s_list(
    client: TestClient, compared: dict[str, Any], desk: str
) -> None:
    assert client.get(f"{PATH}/{compared['id']}").json() == compared
    (line,) = client.get(PATH, params={"assistant": desk}).json()["data"]
    assert (line["id"], line["a"]["outcome"], line["votes"]) == (compared["id"], "answered", [])
    assert client.get(PATH, params={"source": "run"}).json()["data"] == []


def test_the_list_comes_in_pages_that_miss_none(
    client: TestClient, compared: dict[str, Any]
) -> None:
    client.post(PATH, json={"question": "Como peço reembolso?", "wait": True})
    first = client.get(PATH, params={"limit": 1}).json()
    rest = client.get(PATH, params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [one["question"] for one in first["data"] + rest["data"]] == [
        "Como peço reembolso?",
        QUESTION,
    ]
    assert rest["next_cursor"] is None


def test_its_events_tell_of_both_sides_and_end_with_the_whole(
    client: TestClient, compared: dict[str, Any]
) -> None:
    stream = client.get(f"{PATH}/{compared['id']}/events").text
    events = [
        (lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: ")))
        for lines in (block.split("\n") for block in stream.strip().split("\n\n"))
    ]
    assert {data["side"] for name, data in events if name == "answer"} == {"a", "b"}
    said = {
        side: "".join(d["text"] for name, d in events if name == "text" and d["side"] == side)
        for side in ("a", "b")
    }
    assert said == {side: compared[side]["answer"]["answer"] for side in ("a", "b")}
    assert events[-1] == ("done", compared)


@pytest.mark.usefixtures("scripted")
def test_a_side_that_fails_says_why_beside_the_other(client: TestClient) -> None:
    from core import registry

    registry.model("ollama", "absent")
    body = {"question": QUESTION, "a": "embedded:quotes", "b": "ollama:absent", "wait": True}
    told = client.post(PATH, json=body).json()
    assert told["a"]["answer"]["success"]
    assert told["b"]["answer"]["error"]["code"] == "not_reachable"
    assert told["b"]["answer"]["error"]["hint"]


def test_what_is_known_of_the_answer_is_kept_and_scored(client: TestClient, desk: str) -> None:
    body = {
        "question": QUESTION,
        "assistant": desk,
        "reference": {"answers": ["Das 9h às 13h."], "documents": ["horarios.md"]},
        "a_way": {"temperature": 0.5},
        "wait": True,
    }
    told = client.post(PATH, json=body).json()
    assert told["reference"]["answers"] == ["Das 9h às 13h."]
    assert told["settings"]["a"] == {"temperature": 0.5}
    assert told["a"]["scores"]["token_f1"] > 0


def test_it_is_taken_along_as_json_and_as_markdown(
    client: TestClient, compared: dict[str, Any]
) -> None:
    path = f"{PATH}/{compared['id']}/export"
    assert client.get(path).json()["sides"]["a"]["text"] == compared["a"]["answer"]["answer"]
    told = client.get(path, params={"format": "markdown"})
    assert told.headers["content-type"].startswith("text/markdown")
    assert f"> {QUESTION}" in told.text
    assert "horarios.md" in told.text


def test_removed_it_is_gone_and_can_be_brought_back(
    client: TestClient, compared: dict[str, Any]
) -> None:
    path = f"{PATH}/{compared['id']}"
    assert client.post(f"{path}/stop").status_code == 204  # it has ended: nothing happens
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.get(PATH).json()["data"] == []
    assert client.post(f"{path}/restore").json() == compared


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": "  "},
        {"a": "v99"},
        {"b": "nobody"},
        {"a_way": {"mode": "nobody"}},
        {"b_way": {"temperature": 9}},
        {"c": "champion"},
    ],
)
def test_what_cannot_be_asked_is_refused_and_leaves_nothing(
    client: TestClient, desk: str, wrong: dict[str, Any]
) -> None:
    answer = client.post(PATH, json={"question": QUESTION, **wrong})
    assert answer.status_code in (404, 422), answer.text
    assert answer.json()["message"]
    assert client.get(PATH).json()["data"] == []


def test_whom_it_does_not_concern_may_not_look(
    client: TestClient, compared: dict[str, Any]
) -> None:
    from core import access

    access.set_roles(access.person("Vera").id, ["viewer"])
    headers = {"X-Ciclo-Person": "Vera"}
    for path in (PATH, f"{PATH}/{compared['id']}", f"{PATH}/{compared['id']}/events"):
        assert client.get(path, headers=headers).status_code == 403
    asked = client.post(PATH, json={"question": QUESTION}, headers=headers)
    assert asked.status_code == 403
