"""Asking over the API, whole and as a stream, and reading answers back."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

FIELDS = {
    "answer", "outcome", "provider", "model_name", "model_version", "latency_seconds",
    "first_token_seconds", "routing_reason", "estimated_cost", "citations", "passages",
    "groundedness", "cached", "message_id", "conversation_id", "success", "timestamp",
}  # fmt: skip
SATURDAYS = "Qual é o horário do suporte aos sábados?"


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """A stream of server-sent events, taken apart."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if line[0] != ":")
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_an_answer_carries_every_field_of_the_contract(asked: dict[str, Any]) -> None:
    assert set(asked) >= FIELDS


def test_a_question_the_documents_answer_is_answered_with_a_citation(asked: dict[str, Any]) -> None:
    assert asked["outcome"] == "answered"
    assert asked["success"] is True
    assert "9h às 13h" in asked["answer"]
    assert asked["citations"][0]["document"] == "horarios.md"
    assert asked["routing_reason"] == "champion"
    assert (asked["provider"], asked["model_name"]) == ("embedded", "quotes")


def test_a_citation_points_at_its_words_in_the_document(
    client: TestClient, asked: dict[str, Any]
) -> None:
    mark = asked["citations"][0]
    text = client.get(f"/api/v1/documents/{mark['document_id']}/text").json()["text"]
    assert text[mark["start"] : mark["end"]] == mark["quote"]
    assert asked["answer"][mark["answer_start"] : mark["answer_end"]] == f"[{mark['number']}]"


def test_a_question_the_documents_do_not_hold_is_said_so(client: TestClient, desk: str) -> None:
    answer = client.post("/api/v1/query", json={"question": "Qual a capital da Mongólia?"}).json()
    assert answer["outcome"] == "not_found"
    assert answer["citations"] == []
    assert answer["success"] is True


def test_an_answer_can_be_read_back_by_its_id(client: TestClient, asked: dict[str, Any]) -> None:
    again = client.get(f"/api/v1/query/{asked['message_id']}")
    assert again.status_code == 200
    assert again.json() == asked


def test_an_unknown_answer_is_not_found(client: TestClient) -> None:
    answer = client.get("/api/v1/query/0b9e6d4e-6f0b-4a43-9a1e-4d1f2b1c7a55")
    assert answer.status_code == 404
    assert set(answer.json()) == {"code", "message", "hint"}


@pytest.mark.parametrize("named", ["Suporte", "suporte", "id"])
def test_an_assistant_is_named_by_id_or_name(client: TestClient, desk: str, named: str) -> None:
    name = desk if named == "id" else named
    answer = client.post("/api/v1/query", json={"question": SATURDAYS, "assistant": name})
    assert answer.json()["outcome"] == "answered"


def test_an_unknown_assistant_is_not_found(client: TestClient, desk: str) -> None:
    answer = client.post("/api/v1/query", json={"question": SATURDAYS, "assistant": "Nobody"})
    assert answer.status_code == 404


def test_without_any_assistant_the_answer_says_what_to_do(client: TestClient) -> None:
    answer = client.post("/api/v1/query", json={"question": SATURDAYS})
    assert answer.status_code == 404
    assert answer.json()["code"] == "no_assistant"
    assert answer.json()["hint"]


@pytest.mark.slow
def test_a_conversation_goes_on_by_its_id(client: TestClient, asked: dict[str, Any]) -> None:
    body = {"question": "E de segunda a sexta?", "conversation_id": asked["conversation_id"]}
    answer = client.post("/api/v1/query", json=body).json()
    assert answer["conversation_id"] == asked["conversation_id"]
    messages = client.get(f"/api/v1/conversations/{asked['conversation_id']}/messages").json()
    assert [one["role"] for one in messages["data"]] == ["user", "assistant"] * 2


@pytest.mark.parametrize("user_id", [1042, "wa-1042"])
def test_a_user_id_may_be_a_number_or_a_text(
    client: TestClient, desk: str, user_id: int | str
) -> None:
    body = {"question": SATURDAYS, "user_id": user_id, "user_tier": "premium"}
    answer = client.post("/api/v1/query", json=body).json()
    talk = client.get(f"/api/v1/conversations/{answer['conversation_id']}").json()
    assert (talk["user_id"], talk["user_tier"]) == (str(user_id), "premium")
    assert talk["channel"] == "api"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", "oi"),
        ("question", "   x   "),
        ("question", "x" * 4001),
        ("question", None),
        ("user_tier", "gold"),
        ("user_id", True),
        ("user_id", {"a": 1}),
        ("max_tokens", 49),
        ("max_tokens", 2001),
        ("temperature", -0.1),
        ("temperature", 1.1),
        ("stream", "perhaps"),
        ("colour", "blue"),
    ],
)
def test_bad_input_is_422_and_names_the_field(
    client: TestClient, desk: str, field: str, value: object
) -> None:
    answer = client.post("/api/v1/query", json={"question": SATURDAYS, field: value})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", "abc"),
        ("question", "x" * 4000),
        ("max_tokens", 50),
        ("max_tokens", 2000),
        ("temperature", 0),
        ("temperature", 1),
        ("user_tier", "free"),
    ],
)
def test_values_at_the_bounds_are_taken(
    client: TestClient, desk: str, field: str, value: object
) -> None:
    answer = client.post("/api/v1/query", json={"question": SATURDAYS, field: value})
    assert answer.status_code == 200


def test_options_reach_the_model(client: TestClient, scripted: str) -> None:
    from core.llm import fake

    body = {"question": SATURDAYS, "max_tokens": 321, "temperature": 0.7}
    client.post("/api/v1/query", json=body)
    sent = fake.asked[-1].parameters
    assert (sent["max_tokens"], sent["temperature"]) == (321, 0.7)


def test_a_stream_tells_ids_then_pieces_then_the_whole_answer(
    client: TestClient, scripted: str
) -> None:
    from core.llm import fake

    fake.queue("Das 9h às 13h, só por e-mail [1].")
    body = {"question": SATURDAYS, "stream": True}
    answer = client.post("/api/v1/query", json=body)
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer.text)
    assert told[0][0] == "status"
    assert set(told[0][1]) == {"status", "message_id", "conversation_id"}
    pieces = [data["text"] for kind, data in told if kind == "text"]
    kind, whole = told[-1]
    assert kind == "done"
    assert len(pieces) > 1
    assert "".join(pieces) == whole["answer"]
    assert set(whole) >= FIELDS
    assert whole == client.get(f"/api/v1/query/{whole['message_id']}").json()


def test_a_stream_of_bad_input_is_refused_before_it_begins(client: TestClient, desk: str) -> None:
    body = {"question": SATURDAYS, "assistant": "Nobody", "stream": True}
    answer = client.post("/api/v1/query", json=body)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_model_that_breaks_off_is_told_as_an_event_and_another_s_answer_follows(
    client: TestClient, scripted: str
) -> None:
    from core.llm.fake import Reply, queue

    queue(Reply("Das 9h às", cut_off=True))
    told = events(client.post("/api/v1/query", json={"question": SATURDAYS, "stream": True}).text)
    assert [kind for kind, _data in told[-2:]] == ["error", "done"]
    assert told[-2][1]["code"] == "cut_off"
    assert told[-2][1]["hint"]
    assert told[-1][1]["outcome"] == "answered"
    (place,) = told[-1][1]["breaks"]
    assert (place["before"], place["after"]) == ("fake:script", "embedded:quotes")
    assert told[-1][1]["answer"][: place["at"]] == "Das 9h às\n\n"
    (status,) = [data for kind, data in told if data.get("status") == "fallback"]
    assert (status["at"], status["model"]) == (place["at"], "embedded:quotes")


def test_stopping_an_answer_keeps_the_part_that_came(client: TestClient, scripted: str) -> None:
    from core import chat
    from core.llm.fake import Reply, queue

    queue(Reply("Das 9h às 13h e mais muitas palavras", pause=0.5))
    started = chat.start(SATURDAYS, assistant=scripted, channel="api")
    follower = chat.follow(started.answer_id)
    next(event for event in follower if event.kind == "text")
    assert client.post(f"/api/v1/query/{started.answer_id}/stop").status_code == 204
    list(follower)
    answer = client.get(f"/api/v1/query/{started.answer_id}").json()
    assert answer["outcome"] == "cut_off"
    assert answer["answer"].startswith("Das")


def test_an_answer_that_runs_has_no_outcome_yet(client: TestClient, scripted: str) -> None:
    from core import chat
    from core.llm.fake import Reply, queue

    queue(Reply("Das 9h às 13h", delay=30))
    started = chat.start(SATURDAYS, assistant=scripted, channel="api")
    answer = client.get(f"/api/v1/query/{started.answer_id}").json()
    chat.stop(started.answer_id)
    list(chat.follow(started.answer_id))
    assert answer["outcome"] is None
    assert answer["success"] is False


def test_the_asker_may_name_who_answers(client: TestClient, scripted: str) -> None:
    body = {"question": SATURDAYS, "model": "embedded:quotes"}
    answer = client.post("/api/v1/query", json=body).json()
    assert (answer["provider"], answer["model_name"]) == ("embedded", "quotes")
    assert answer["routing_reason"] == "pinned"
