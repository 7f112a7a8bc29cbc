"""Ratings over the API."""

import csv
import io
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

FEEDBACK = "/api/v1/feedback"


@pytest.mark.slow
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


@pytest.mark.slow
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


def _talk(client: TestClient, desk: str) -> dict[str, Any]:
    body = {"assistant": desk, "channel": "whatsapp", "external_id": "wa-1"}
    told: dict[str, Any] = client.post("/api/v1/conversations", json=body).json()
    return told


@pytest.mark.slow
def test_an_outside_channel_says_all_at_once_and_is_told_what_holds(
    client: TestClient, asked: dict[str, Any]
) -> None:
    body = {
        "message_id": asked["message_id"],
        "reaction": "😡",
        "flags": ["outdated", {"problem": "other", "text": "confuso"}],
        "stars": 2,
        "solved": False,
        "channel": "whatsapp",
        "user": 5511999990000,
    }
    told = client.post(FEEDBACK, json=body).json()
    assert (told["rating"], told["stars"], told["solved"]) == ("down", 2, False)
    assert [one["problem"] for one in told["flags"]] == ["outdated", "other"]
    again = client.get(f"{FEEDBACK}/{asked['message_id']}?user=5511999990000").json()
    assert again == told
    assert client.get(f"{FEEDBACK}/{asked['message_id']}").json()["rating"] is None


def test_a_reaction_taken_off_again_withdraws_the_rating(
    client: TestClient, asked: dict[str, Any]
) -> None:
    for reaction, rating in (("👍🏽", "up"), ("", None)):
        body = {"message_id": asked["message_id"], "reaction": reaction}
        assert client.post(FEEDBACK, json=body).json()["rating"] == rating


def test_a_conversation_is_named_by_its_outside_id(client: TestClient, desk: str) -> None:
    talk = _talk(client, desk)
    body = {"conversation": "wa-1", "stars": 5, "channel": "whatsapp", "user": "55"}
    assert client.post(FEEDBACK, json=body).json()["conversation_id"] == talk["id"]
    assert client.delete(f"{FEEDBACK}/conversations/wa-1?user=55").status_code == 204
    assert client.get(FEEDBACK).json()["data"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rating": "up"}, "message_id"),
        ({"conversation": "wa-1", "rating": "up"}, "message_id"),
        ({"conversation": "wa-1"}, "rating"),
        ({"message_id": "", "stars": 1}, "message_id"),
        ({"conversation": "wa-1", "stars": 6}, "stars"),
        ({"conversation": "wa-1", "stars": 3, "channel": "telegram"}, "channel"),
        ({"conversation": "wa-1", "stars": 3, "reasons": ["clear"]}, "reasons"),
    ],
)
def test_what_says_nothing_or_of_nothing_names_the_field(
    client: TestClient, desk: str, body: dict[str, Any], field: str
) -> None:
    _talk(client, desk)
    answer = client.post(FEEDBACK, json=body)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(f"{field}: "), answer.text


@pytest.mark.slow
def test_an_unknown_reaction_changes_nothing_of_what_comes_with_it(
    client: TestClient, asked: dict[str, Any]
) -> None:
    body = {"message_id": asked["message_id"], "flags": ["tone"], "stars": 3, "reaction": "🤔"}
    assert client.post(FEEDBACK, json=body).status_code == 422
    assert client.get(FEEDBACK).json()["data"] == []


@pytest.mark.slow
def test_the_same_key_gets_the_same_answer_and_does_nothing_again(
    client: TestClient, asked: dict[str, Any]
) -> None:
    body = {"message_id": asked["message_id"], "rating": "up"}
    key = {"Idempotency-Key": "abc"}
    first = client.post(FEEDBACK, json=body, headers=key)
    client.delete(f"{FEEDBACK}/{asked['message_id']}")
    second = client.post(FEEDBACK, json=body, headers=key)
    assert second.json() == first.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert client.get(f"{FEEDBACK}/summary").json()["up"] == 0


@pytest.mark.slow
def test_the_same_key_for_something_else_is_a_conflict(
    client: TestClient, asked: dict[str, Any]
) -> None:
    key = {"Idempotency-Key": "abc"}
    body = {"message_id": asked["message_id"], "rating": "up"}
    client.post(FEEDBACK, json=body, headers=key)
    other = client.post(FEEDBACK, json=body | {"rating": "down"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert client.get(f"{FEEDBACK}/summary").json() == {"up": 1, "down": 0}


def test_a_refused_request_leaves_its_key_free(client: TestClient, asked: dict[str, Any]) -> None:
    key = {"Idempotency-Key": "abc"}
    body = {"message_id": "nothing", "rating": "up"}
    assert client.post(FEEDBACK, json=body, headers=key).status_code == 404
    body["message_id"] = asked["message_id"]
    assert client.post(FEEDBACK, json=body, headers=key).status_code == 200


@pytest.mark.parametrize("key", [b"", b"x" * 201, b"\xe9", b"a\tb"])
def test_a_key_has_its_bounds(client: TestClient, asked: dict[str, Any], key: bytes) -> None:
    body = {"message_id": asked["message_id"], "rating": "up"}
    answer = client.post(FEEDBACK, json=body, headers={b"Idempotency-Key": key})
    assert answer.status_code == 422


@pytest.mark.slow
def test_the_list_is_narrowed_and_paged(client: TestClient, asked: dict[str, Any]) -> None:
    id_ = asked["message_id"]
    for n in range(5):
        body = {"message_id": id_, "rating": "up" if n % 2 else "down", "user": f"u{n}"}
        client.post(FEEDBACK, json=body)
    client.post(FEEDBACK, json={"message_id": id_, "flags": ["tone"], "user": "u9"})
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(FEEDBACK, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        seen += [one["user_id"] for one in page.json()["data"]]
        cursor = page.json()["next_cursor"]
    assert seen == ["u9", "u4", "u3", "u2", "u1", "u0"]
    (flagged,) = client.get(FEEDBACK, params={"reason": "tone"}).json()["data"]
    assert (flagged["kind"], flagged["problem"]) == ("problem", "tone")
    assert flagged["topic"].startswith("horarios.md › ")
    by_topic = client.get(FEEDBACK, params={"topic": flagged["topic"]}).json()["data"]
    assert len(by_topic) == 6
    (day,) = client.get(f"{FEEDBACK}/counts").json()["data"]
    assert (day["n"], day["up"], day["down"], day["problems"]) == (6, 2, 3, 1)


@pytest.mark.slow
def test_the_export_opens_in_a_spreadsheet_and_no_cell_is_a_formula(
    client: TestClient, asked: dict[str, Any]
) -> None:
    evil = '=HYPERLINK("http://mal.example";"clique")\nsegunda linha; com ponto e vírgula'
    body = {"message_id": asked["message_id"], "rating": "down", "comment": evil}
    client.post(FEEDBACK, json=body)
    sheet = client.get(f"{FEEDBACK}/export", headers={"accept-language": "pt-BR"})
    assert sheet.headers["content-type"].startswith("text/csv")
    assert sheet.content.startswith("\ufeffQuando;".encode())
    (row,) = csv.DictReader(io.StringIO(sheet.text.lstrip("\ufeff")), delimiter=";")
    assert row["Comentário"] == "'" + evil
    lines = client.get(f"{FEEDBACK}/export", params={"format": "jsonl"}).text.splitlines()
    assert [json.loads(line)["text"] for line in lines] == [evil]


@pytest.mark.slow
def test_a_flag_is_taken_back_and_tells_what_came_of_it(
    client: TestClient, asked: dict[str, Any]
) -> None:
    at = f"{FEEDBACK}/{asked['message_id']}/flags"
    client.post(FEEDBACK, json={"message_id": asked["message_id"], "flags": ["tone"]})
    (flag,) = client.get(at).json()["data"]
    assert (flag["problem"], flag["state"], flag["version"]) == ("tone", "open", None)
    for _again in range(2):
        assert client.delete(f"{at}/tone").status_code == 204
    assert client.get(at).json()["data"] == []


@pytest.mark.slow
def test_a_channel_or_a_problem_that_there_is_not_is_refused(
    client: TestClient, asked: dict[str, Any]
) -> None:
    for path in ("", "/counts", "/export"):
        refused = client.get(f"{FEEDBACK}{path}", params={"channel": "carta"})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
        assert client.get(f"{FEEDBACK}{path}", params={"channel": "whatsapp"}).status_code == 200
    flags = f"{FEEDBACK}/{asked['message_id']}/flags"
    assert client.delete(f"{flags}/tristeza").status_code == 422
    assert client.delete(f"{flags}/other").status_code == 204
