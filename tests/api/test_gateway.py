"""The door for OpenAI's clients, over HTTP within the process."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from core import assistants, chat
from core.chat.recording import Said
from core.llm import fake

QUESTION = "Qual é o horário aos sábados?"


def ask(client: TestClient, *messages: Any, **more: Any) -> dict[str, Any]:
    """Ask the assistant "Suporte"; a bare text is a user's message."""
    said = [{"role": "user", "content": m} if isinstance(m, str) else m for m in messages]
    answer = client.post(
        "/v1/chat/completions", json={"model": "Suporte", "messages": said, **more}
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def refused(client: TestClient, **body: Any) -> tuple[int, dict[str, Any]]:
    """The status and the error of a request that is not answered."""
    asked = {"model": "Suporte", "messages": [{"role": "user", "content": QUESTION}], **body}
    answer = client.post("/v1/chat/completions", json=asked)
    return answer.status_code, answer.json()["error"]


def by(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


def chunks(client: TestClient, **more: Any) -> list[dict[str, Any]]:
    """What a stream brings, up to its [DONE]."""
    body = {"model": "Suporte", "messages": [by("user", QUESTION)], "stream": True, **more}
    with client.stream("POST", "/v1/chat/completions", json=body) as answer:
        lines = [line.removeprefix("data: ") for line in answer.iter_lines() if line[:5] == "data:"]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def spoken(found: list[dict[str, Any]]) -> str:
    deltas = [one["choices"][0]["delta"] for one in found if one.get("choices")]
    return "".join(delta.get("content") or "" for delta in deltas)


def test_every_assistant_is_a_model(client: TestClient, desk: str) -> None:
    listed = client.get("/v1/models").json()
    assert [one["id"] for one in listed["data"]] == ["Suporte"]
    assert client.get(f"/v1/models/{desk}").json()["id"] == "Suporte"


def test_an_answer_comes_with_its_citations_as_annotations(client: TestClient, desk: str) -> None:
    told = ask(client, QUESTION)
    message = told["choices"][0]["message"]
    cited = message["annotations"][0]["url_citation"]
    assert "9h às 13h" in message["content"]
    assert cited["title"] == "horarios.md"
    assert message["content"][cited["start_index"] : cited["end_index"]] == "[1]"
    assert told["choices"][0]["finish_reason"] == "stop"


def test_the_answers_id_takes_feedback(client: TestClient, desk: str) -> None:
    told = ask(client, QUESTION)
    rated = client.post("/api/v1/feedback", json={"message_id": told["id"], "rating": "up"})
    assert rated.status_code in (200, 201), rated.text
    assert chat.answer(told["id"]).feedback is not None


def test_a_stream_says_the_same_as_the_whole_answer(client: TestClient, desk: str) -> None:
    found = chunks(client)
    assert found[0]["choices"][0]["delta"]["role"] == "assistant"
    assert spoken(found) == chat.answer(found[0]["id"]).message.text
    assert found[-1]["choices"][0]["finish_reason"] == "stop"
    assert found[-1]["choices"][0]["delta"]["annotations"]


@pytest.mark.slow
def test_usage_ends_the_stream_only_where_it_is_asked_for(client: TestClient, desk: str) -> None:
    assert all("usage" not in one for one in chunks(client))
    last = chunks(client, stream_options={"include_usage": True})[-1]
    assert last["choices"] == []
    assert last["usage"]["total_tokens"] > 0


@pytest.mark.slow
def test_a_conversation_told_whole_goes_on_as_one(client: TestClient, desk: str) -> None:
    first = ask(client, QUESTION)
    text = first["choices"][0]["message"]["content"]
    second = ask(client, QUESTION, by("assistant", text), "E de segunda a sexta?")
    assert second["ciclo"]["conversation_id"] == first["ciclo"]["conversation_id"]
    third = second["choices"][0]["message"]["content"]
    told = [by("user", QUESTION), by("assistant", text), by("user", "E de segunda a sexta?")]
    ask(client, *told, by("assistant", third), "E o reembolso?")
    assert len(chat.conversations()) == 1
    assert len(chat.path(first["ciclo"]["conversation_id"])) == 6


@pytest.mark.slow
def test_the_same_request_again_is_another_answer_beside_the_first(
    client: TestClient, desk: str
) -> None:
    text = ask(client, QUESTION)["choices"][0]["message"]["content"]
    told = [by("user", QUESTION), by("assistant", text), by("user", "E o reembolso?")]
    once, twice = ask(client, *told), ask(client, *told)
    assert chat.answer(once["id"]).siblings == [once["id"], twice["id"]]


@pytest.mark.slow
def test_a_first_question_always_begins_a_conversation(client: TestClient, desk: str) -> None:
    one, other = ask(client, QUESTION), ask(client, QUESTION)
    assert one["ciclo"]["conversation_id"] != other["ciclo"]["conversation_id"]


@pytest.mark.slow
def test_another_users_conversation_is_not_found_by_its_words(
    client: TestClient, desk: str
) -> None:
    first = ask(client, QUESTION, user="ana")
    text = first["choices"][0]["message"]["content"]
    other = ask(client, QUESTION, by("assistant", text), "E o reembolso?", user="bia")
    assert other["ciclo"]["conversation_id"] != first["ciclo"]["conversation_id"]


def test_what_was_said_elsewhere_is_taken_in_first(client: TestClient, desk: str) -> None:
    told = ask(client, "Oi!", by("assistant", "Olá, em que ajudo?"), QUESTION)
    path = chat.path(told["ciclo"]["conversation_id"])
    assert [turn.message.text for turn in path][:3] == ["Oi!", "Olá, em que ajudo?", QUESTION]


def test_instructions_of_the_client_are_named_as_ignored(client: TestClient, desk: str) -> None:
    told = ask(client, by("system", "Talk like a pirate."), QUESTION, top_p=0.5)
    assert told["ciclo"]["ignored"] == ["messages[system]", "top_p"]


def test_the_conversation_may_be_named(client: TestClient, desk: str) -> None:
    talk = chat.create(desk)
    told = ask(client, QUESTION, metadata={"conversation_id": talk.id})
    assert told["ciclo"]["conversation_id"] == talk.id


def test_user_and_tier_and_channel_are_kept(client: TestClient, desk: str) -> None:
    facts = {"user_tier": "premium", "channel": "whatsapp"}
    told = ask(client, QUESTION, user="u-7", metadata=facts)
    talk = chat.conversation(told["ciclo"]["conversation_id"])
    assert (talk.user_id, talk.user_tier, talk.channel) == ("u-7", "premium", "whatsapp")


def test_parts_of_text_are_read_as_one(client: TestClient, desk: str) -> None:
    parts = [{"type": "text", "text": "Qual é o horário"}, {"type": "text", "text": "aos sábados?"}]
    told = ask(client, {"role": "user", "content": parts})
    assert "9h às 13h" in told["choices"][0]["message"]["content"]


def test_an_answer_ends_before_a_stop_text(client: TestClient, scripted: str) -> None:
    fake.queue("Um dois FIM três quatro.")
    told = ask(client, QUESTION, stop=["FIM"])
    assert told["choices"][0]["message"]["content"].strip() == "Um dois"
    assert told["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"model": "Ninguém"}, 404, None),
        ({"messages": []}, 400, "messages"),
        ({"messages": [{"role": "assistant", "content": "a"}]}, 400, "messages"),
        ({"messages": [{"role": "chef", "content": "a"}]}, 400, "messages.0.role"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400, "messages"),
        ({"temperature": 9}, 400, "temperature"),
        ({"n": 3}, 400, "n"),
        ({"metadata": {"user_tier": "gold"}}, 400, "metadata.user_tier"),
        ({"messages": [{"role": "user", "content": "x" * 5000}]}, 400, "question"),
    ],
)
def test_what_cannot_be_done_is_refused_in_openais_shape(
    client: TestClient, desk: str, body: dict[str, Any], status: int, param: str | None
) -> None:
    got, error = refused(client, **body)
    assert (got, error["param"]) == (status, param)
    assert error["type"] == "invalid_request_error"
    assert error["message"]


def test_an_unknown_address_is_answered_in_openais_shape(client: TestClient, desk: str) -> None:
    answer = client.post("/v1/embeddings", json={})
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_a_stream_that_is_left_stops_its_answer(scripted: str) -> None:
    """The generator is closed as the server does it when the client hangs up."""
    import anyio

    from core.api.gateway import completions
    from core.api.gateway.shapes import Completion

    fake.queue(fake.Reply(" ".join(["palavra"] * 500), pause=0.02))
    said = [by("user", QUESTION)]
    asked = Completion.model_validate({"model": "Suporte", "messages": said, "stream": True})
    started = chat.resume([Said("user", QUESTION)], assistant_id=scripted)

    async def leave_early() -> None:
        lines = completions._lines(started, asked, "/")
        async for line in lines:
            if "palavra" in line:
                break
        await lines.aclose()  # type: ignore[attr-defined]

    anyio.run(leave_early)
    *_events, done = chat.follow(started.answer_id)
    assert done.data["answer"].message.outcome == "cut_off"
    assert done.data["answer"].message.finish_reason == "stopped"


@pytest.mark.parametrize(("lets", "heard"), [(True, "Sábado?"), (False, "")])
def test_thoughts_stream_where_the_assistant_lets_them_be_seen(
    client: TestClient, scripted: str, lets: bool, heard: str
) -> None:
    assistants.update(scripted, thoughts=lets)
    fake.queue(fake.Reply("Das 9h às 13h. [1]", reasoning="Sábado?"))
    deltas = [one["choices"][0]["delta"] for one in chunks(client) if one.get("choices")]
    assert "".join(delta.get("reasoning_content") or "" for delta in deltas) == heard
