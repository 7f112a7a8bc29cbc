"""Conversations and messages over the API: kept, listed in pages, recorded, exported."""

from typing import Any

import pytest
from starlette.testclient import TestClient

CONVERSATIONS = "/api/v1/conversations"


def begun(client: TestClient, **body: Any) -> dict[str, Any]:
    """A new conversation."""
    answer = client.post(CONVERSATIONS, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_conversation_is_made_read_renamed_removed_and_restored(
    client: TestClient, desk: str
) -> None:
    made = begun(client, title="Primeira")
    url = f"{CONVERSATIONS}/{made['id']}"
    assert client.get(url).json() == made
    assert client.patch(url, json={"title": "Outra"}).json()["title"] == "Outra"
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404
    assert client.get(CONVERSATIONS).json()["data"] == []
    assert client.post(f"{url}/restore").json()["title"] == "Outra"
    assert client.get(url).status_code == 200


def test_the_list_comes_in_pages_that_miss_and_repeat_nothing(
    client: TestClient, desk: str
) -> None:
    made = [begun(client, title=f"n{i}")["id"] for i in range(7)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query: dict[str, str | int] = {"limit": 3, **({"cursor": cursor} if cursor else {})}
        page = client.get(CONVERSATIONS, params=query).json()
        seen += [row["id"] for row in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]


def test_a_full_last_page_has_no_cursor(client: TestClient, desk: str) -> None:
    begun(client)
    assert client.get(CONVERSATIONS, params={"limit": 1}).json()["next_cursor"] is None


@pytest.mark.parametrize("limit", [0, 201, -1, "many", 10**40])
def test_a_limit_out_of_bounds_names_itself(client: TestClient, limit: int | str) -> None:
    answer = client.get(CONVERSATIONS, params={"limit": limit})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("limit: ")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "W10",
        "WyJhIl0",
        "bnVsbA",
        "WzEsMl0",
        "WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTIzOjU5IiwiYSJd",
    ],
)
@pytest.mark.parametrize("path", ["conversations", "documents"])
def test_a_cursor_of_no_list_is_bad_input(client: TestClient, path: str, cursor: str) -> None:
    answer = client.get(f"/api/v1/{path}", params={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("cursor: ")


def test_search_looks_into_the_text(client: TestClient, asked: dict[str, Any]) -> None:
    found = client.get(CONVERSATIONS, params={"search": "13h"}).json()["data"]
    assert [row["id"] for row in found] == [asked["conversation_id"]]
    assert client.get(CONVERSATIONS, params={"search": "girafa"}).json()["data"] == []


def test_a_user_message_is_answered(client: TestClient, desk: str) -> None:
    url = f"{CONVERSATIONS}/{begun(client)['id']}/messages"
    answer = client.post(url, json={"role": "user", "text": "Qual é o horário aos sábados?"})
    assert answer.status_code == 200
    assert answer.json()["outcome"] == "answered"
    roles = [row["role"] for row in client.get(url).json()["data"]]
    assert roles == ["user", "assistant"]


def test_the_message_of_an_answer_carries_the_answer(
    client: TestClient, asked: dict[str, Any]
) -> None:
    url = f"{CONVERSATIONS}/{asked['conversation_id']}/messages/{asked['message_id']}"
    assert client.get(url).json()["answer"] == asked


def test_messages_come_in_pages_oldest_first(client: TestClient, desk: str) -> None:
    url = f"{CONVERSATIONS}/{begun(client)['id']}/messages"
    said = [{"role": "user", "text": f"m{i}", "ask": False} for i in range(5)]
    client.post(url, json={"messages": said})
    first = client.get(url, params={"limit": 3}).json()
    second = client.get(url, params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert [row["text"] for row in first["data"] + second["data"]] == [f"m{i}" for i in range(5)]
    assert second["next_cursor"] is None


SAID: list[dict[str, Any]] = [
    {
        "role": "user",
        "text": "Vocês abrem no domingo?",
        "created_at": "2026-03-01T12:00:00-03:00",
        "external_id": "m1",
    },
    {
        "role": "assistant",
        "text": "Não, só de segunda a sábado.",
        "created_at": "2026-03-01T15:00:02Z",
        "external_id": "m2",
        "model": "other-bot",
        "latency": 1.5,
    },
]


def test_what_another_bot_said_is_recorded_with_its_times(client: TestClient, desk: str) -> None:
    talk = begun(client, channel="whatsapp", external_id="wa-1")
    answer = client.post(f"{CONVERSATIONS}/{talk['id']}/messages", json={"messages": SAID})
    assert answer.status_code == 201
    user, bot = answer.json()["data"]
    assert user["created_at"] == "2026-03-01T15:00:00Z"
    assert (bot["role"], bot["model_name"], bot["latency_seconds"]) == (
        "assistant",
        "other-bot",
        1.5,
    )


def test_recording_the_same_messages_twice_adds_nothing(client: TestClient, desk: str) -> None:
    url = f"{CONVERSATIONS}/{begun(client)['id']}/messages"
    first = client.post(url, json={"messages": SAID}).json()
    assert client.post(url, json=SAID).json() == first
    assert len(client.get(url).json()["data"]) == 2


def test_one_message_said_elsewhere_is_recorded_not_answered(client: TestClient, desk: str) -> None:
    url = f"{CONVERSATIONS}/{begun(client)['id']}/messages"
    assert client.post(url, json=SAID[0]).status_code == 201
    assert len(client.get(url).json()["data"]) == 1


def test_the_same_external_id_on_a_channel_is_the_same_conversation(
    client: TestClient, desk: str
) -> None:
    first = begun(client, channel="whatsapp", external_id="wa-1")
    assert begun(client, channel="whatsapp", external_id="wa-1")["id"] == first["id"]
    assert begun(client, channel="site", external_id="wa-1")["id"] != first["id"]


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"role": "robot"}, "messages.0.role"),
        ({"text": ""}, "messages.0.text"),
        ({"created_at": "yesterday"}, "messages.0.created_at"),
        ({"created_at": "9999-12-31T23:59:59-14:00"}, "messages.0.created_at"),
        ({"latency": -1}, "messages.0.latency"),
        ({"external_id": "x" * 201}, "messages.0.external_id"),
        ({"nonsense": 1}, "messages.0.nonsense"),
    ],
)
def test_a_bad_message_is_named_and_nothing_is_stored(
    client: TestClient, desk: str, bad: dict[str, Any], field: str
) -> None:
    url = f"{CONVERSATIONS}/{begun(client)['id']}/messages"
    answer = client.post(url, json={"messages": [{**SAID[0], **bad}, SAID[1]]})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(f"{field}: ")
    assert client.get(url).json()["data"] == []


@pytest.mark.slow
def test_at_most_a_thousand_messages_at_once(client: TestClient, desk: str) -> None:
    url = f"{CONVERSATIONS}/{begun(client)['id']}/messages"
    many = [{"role": "user", "text": "oi", "external_id": i} for i in range(1001)]
    assert client.post(url, json={"messages": many}).status_code == 422
    assert client.post(url, json={"messages": many[:1000]}).status_code == 201


def test_a_message_of_another_conversation_is_not_found(
    client: TestClient, asked: dict[str, Any]
) -> None:
    other = begun(client)["id"]
    url = f"{CONVERSATIONS}/{other}/messages/{asked['message_id']}"
    assert client.get(url).status_code == 404


def test_a_conversation_is_exported_as_json_and_as_markdown(
    client: TestClient, asked: dict[str, Any]
) -> None:
    url = f"{CONVERSATIONS}/{asked['conversation_id']}/export"
    assert client.get(url).json()["messages"][1]["text"] == asked["answer"]
    markdown = client.get(url, params={"format": "markdown"})
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert asked["answer"] in markdown.text


@pytest.mark.slow
def test_a_question_is_asked_in_other_words_beside_the_old_one(
    client: TestClient, asked: dict[str, Any]
) -> None:
    place = f"/api/v1/conversations/{asked['conversation_id']}/messages"
    question = client.get(place).json()["data"][0]
    other = client.post(f"{place}/{question['id']}/rephrase", json={"text": "E o reembolso?"})
    assert other.status_code == 200, other.text
    shown = client.get(place).json()["data"]
    assert [one["text"] for one in shown if one["role"] == "user"] == ["E o reembolso?"]
