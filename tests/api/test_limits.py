"""Who asks too often is told when to come back, in the shape that each door's clients know."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core import config, db
from core.db.tables import Conversation, Document
from core.limits import counting


@pytest.fixture(autouse=True)
def limited(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for kind in ("ASK", "SEARCH", "UPLOAD"):
        monkeypatch.setenv(f"CICLO_LIMIT_{kind}", "1/hour")
    config.settings.cache_clear()
    counting.forget()
    yield
    counting.forget()


def kept(table: type) -> int:
    with db.session() as session:
        return session.query(table).count()


def test_the_second_question_is_a_429_with_the_time_to_wait(client: TestClient, desk: str) -> None:
    asked = {"question": "Quando o suporte atende?", "assistant": "Suporte"}
    assert client.post("/api/v1/query", json=asked).status_code == 200
    refused = client.post("/api/v1/query", json=asked)
    assert refused.status_code == 429
    assert refused.json()["code"] == "too_many"
    assert 3500 < int(refused.headers["retry-after"]) <= 3600
    assert kept(Conversation) == 1, "what was refused left something behind"


def test_openais_clients_are_told_in_their_shape_that_they_may_retry(
    client: TestClient, desk: str
) -> None:
    told = [
        {"role": "user", "content": "Quando?"},
        {"role": "assistant", "content": "Às nove."},
        {"role": "user", "content": "E aos sábados?"},
    ]
    asked = {"model": "Suporte", "messages": told}
    assert client.post("/v1/chat/completions", json=asked).status_code == 200
    refused = client.post("/v1/chat/completions", json=asked)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "rate_limit_exceeded"
    assert refused.headers["x-should-retry"] == "true"
    assert int(refused.headers["retry-after"]) > 0
    assert kept(Conversation) == 1


def test_searches_and_documents_are_counted_apart(client: TestClient, desk: str) -> None:
    looked = {"query": "reembolso", "assistant": "Suporte"}
    assert [client.post("/api/v1/search", json=looked).status_code for _ in "12"] == [200, 429]
    files = [("file", (name, b"# A")) for name in ("a.md", "b.md")]
    both = client.post("/api/v1/documents", files=files, data={"assistant": "Suporte"})
    assert both.status_code == 202
    assert [one["error"]["code"] for one in both.json()["refused"]] == ["too_many"]
    assert client.post("/api/v1/documents", files=files[:1]).status_code == 429
    assert kept(Document) == 2, "the desk's own, and the one that was taken"
