"""Bad requests: one shape, the right status, the reader's language, never a 5xx."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.errors import (
    CicloError,
    Conflict,
    InvalidInput,
    ModelFailed,
    NotAllowed,
    NotFound,
    Unavailable,
)

JSON = {"content-type": "application/json"}

QUERY = "/api/v1/query"


@pytest.mark.parametrize(
    "body",
    [
        b"{bad",
        b"",
        b"null",
        b"[]",
        b'"text"',
        b'{"question": "abc\\ud800"}',
        b'{"question": "abc\\u0000"}',
        b'{"abc\\ud800": 1}',
        b'{"question": "\xff\xfe"}',
        b'{"question": NaN}',
        b'{"question": "abc", "temperature": NaN}',
        b'{"question": "abc", "temperature": 1e999}',
        b'{"question": "abc", "max_tokens": ' + b"9" * 5000 + b"}",
        b'{"question": "abc", "user_id": ' + b"9" * 4000 + b"}",
        b"[" * 100_000,
        b'{"question": ' * 50_000,
    ],
)
def test_a_broken_body_is_bad_input(client: TestClient, desk: str, body: bytes) -> None:
    answer = client.post(QUERY, content=body, headers=JSON)
    assert answer.status_code == 422
    assert set(answer.json()) == {"code", "message", "hint"}
    assert answer.json()["message"]


@pytest.mark.parametrize("half", ["\\ud800", "a\\udfff"])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (QUERY, '"question": "abc", "user_id": "{half}"'),
        ("/api/v1/conversations", '"external_id": "{half}"'),
        ("/api/v1/conversations", '"title": "{half}"'),
        ("/api/v1/feedback", '"message_id": "x", "rating": "up", "comment": "{half}"'),
        ("/api/v1/assistants", '"name": "x", "language": "en", "persona": "{half}"'),
    ],
)
def test_half_a_character_is_bad_input_in_every_field(
    client: TestClient, desk: str, path: str, body: str, half: str
) -> None:
    content = "{" + body.replace("{half}", half) + "}"
    assert client.post(path, content=content, headers=JSON).status_code == 422


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream"]
)
def test_another_content_type_is_refused(client: TestClient, kind: str) -> None:
    answer = client.post(QUERY, content=b'{"question": "abc"}', headers={"content-type": kind})
    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


def test_json_without_a_content_type_is_refused(client: TestClient) -> None:
    assert client.post(QUERY, content=b'{"question": "abc"}').status_code == 415


def test_a_broken_upload_is_bad_input(client: TestClient, desk: str) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = client.post("/api/v1/documents", content=b"--y\r\nnothing", headers=headers)
    assert answer.status_code == 422


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_beyond_the_limit_is_refused(client: TestClient, announced: bool) -> None:
    body = b'{"question": "' + b"x" * (1 << 20) + b'"}'
    content = body if announced else iter([body])
    answer = client.post(QUERY, content=content, headers=JSON)
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


@pytest.mark.slow
def test_messages_said_elsewhere_may_be_larger(client: TestClient, desk: str) -> None:
    talk = client.post("/api/v1/conversations", json={}).json()["id"]
    said = [{"role": "user", "text": "x" * 99_000, "external_id": i} for i in range(20)]
    answer = client.post(f"/api/v1/conversations/{talk}/messages", json={"messages": said})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/api/v1/nothing", "/api/v1", "/api/v1/query/", "/api/a%0Ab"]
)
def test_an_unknown_path_is_404_in_json(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_api_itself_leads_to_its_documentation(client: TestClient) -> None:
    answer = client.get("/api", follow_redirects=False)
    assert answer.is_redirect
    assert answer.headers["location"] == "/api/docs"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "allowed"), [("query", "POST"), ("conversations/x", "DELETE, GET, PATCH")]
)
def test_a_wrong_method_is_405_and_tells_the_right_ones(
    client: TestClient, path: str, allowed: str
) -> None:
    answer = client.put(f"/api/v1/{path}")
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "path", ["conversations/%00", "query/%00", "documents/%ff", "assistants/%00"]
)
def test_a_path_of_broken_characters_is_no_fault_of_ours(client: TestClient, path: str) -> None:
    assert client.get(f"/api/v1/{path}").status_code in (404, 422)


def test_messages_follow_the_readers_language(client: TestClient) -> None:
    from core import i18n

    sentence = "{field}: it is missing."
    for language in ("pt-BR", "en"):
        answer = client.post(QUERY, json={}, headers={"accept-language": f"{language},fr;q=0.5"})
        with i18n.speaking(language):
            assert answer.json()["message"] == i18n._(sentence).format(field="question")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("m"), 422),
        (InvalidInput("m", code="too_large"), 413),
        (NotFound("m"), 404),
        (Conflict("m"), 409),
        (NotAllowed("m"), 403),
        (ModelFailed("m", code="not_reachable"), 503),
        (ModelFailed("m", code="timed_out"), 504),
        (Unavailable("m"), 503),
        (CicloError("m"), 500),
    ],
)
def test_each_kind_of_error_has_its_status(error: CicloError, status: int) -> None:
    from core.api.errors import status_of

    assert status_of(error) == status


def test_a_fault_of_ours_is_told_without_its_inside(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core import registry

    def broken() -> None:
        raise RuntimeError("a secret path")

    monkeypatch.setattr(registry, "listing", broken)
    answer = client.get("/api/v1/models")
    assert answer.status_code == 500
    assert set(answer.json()) == {"code", "message", "hint"}
    assert "secret" not in answer.text


def test_a_database_that_fails_is_unavailable(client: TestClient, home: Path) -> None:
    from core import db

    db.close()
    (home / "ciclo.db").unlink()
    answer = client.get("/api/v1/conversations")
    assert answer.status_code == 503
    assert answer.json()["code"] == "database_failed"


def test_lengths_of_texts_are_counted_in_characters(client: TestClient, desk: str) -> None:
    talk = client.post("/api/v1/conversations", json={}).json()["id"]
    empty = client.post(f"/api/v1/conversations/{talk}/messages", json={"text": ""})
    assert "text: at least 1 characters are needed." in empty.json()["message"]
    none = client.post(f"/api/v1/conversations/{talk}/messages", json={"messages": []})
    assert "messages: at least 1 are needed." in none.json()["message"]
