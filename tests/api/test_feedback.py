"""Ratings over the API."""

from typing import Any

import pytest
from starlette.testclient import TestClient

FEEDBACK = "/api/v1/feedback"


def test_a_rating_is_kept_and_shown_with_the_answer(
    client: TestClient, asked: dict[str, Any]
) -> None:
    body = {
        "message_id": asked["message_id"],
        "rating": "down",
        "reasons": ["outdated"],
        "comment": "Mudou em outubro.",
        "channel": "whatsapp",
    }
    kept = client.post(FEEDBACK, json=body)
    assert kept.status_code == 200
    assert {name: kept.json()[name] for name in body} == body
    answer = client.get(f"/api/v1/query/{asked['message_id']}").json()
    assert answer["rating"] == "down"


def test_another_rating_replaces_the_one_before(client: TestClient, asked: dict[str, Any]) -> None:
    for rating in ("down", "up", "up"):
        client.post(FEEDBACK, json={"message_id": asked["message_id"], "rating": rating})
    assert client.get(f"{FEEDBACK}/summary").json() == {"up": 1, "down": 0}


def test_a_rating_can_be_taken_back_twice(client: TestClient, asked: dict[str, Any]) -> None:
    client.post(FEEDBACK, json={"message_id": asked["message_id"], "rating": "up"})
    for _again in range(2):
        assert client.delete(f"{FEEDBACK}/{asked['message_id']}").status_code == 204
    assert client.get(f"{FEEDBACK}/summary").json() == {"up": 0, "down": 0}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rating", "meh"),
        ("rating", None),
        ("reasons", ["ugly"]),
        ("reasons", "outdated"),
        ("comment", "x" * 4001),
        ("channel", "WhatsApp"),
        ("message_id", ""),
    ],
)
def test_bad_input_names_the_field(
    client: TestClient, asked: dict[str, Any], field: str, value: object
) -> None:
    body = {"message_id": asked["message_id"], "rating": "down", field: value}
    answer = client.post(FEEDBACK, json=body)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(f"{field}: ")


def test_an_unknown_answer_cannot_be_rated(client: TestClient, home: object) -> None:
    answer = client.post(FEEDBACK, json={"message_id": "nothing", "rating": "up"})
    assert answer.status_code == 404
