"""The embedder over the API and at the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core import cli, retrieval
from core.config import settings
from core.retrieval import meaning
from tests.fake_ollama import FakeOllama, embedding_model

EMBEDDER = "/api/v1/embedder"


@pytest.fixture
def ollama(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOllama]:
    with FakeOllama(models=[embedding_model("bge-m3:latest")]) as server:
        monkeypatch.setenv("CICLO_OLLAMA_URL", server.url)
        settings.cache_clear()
        yield server
    meaning.forget()


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of ``ciclo documents embedder ...``."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["documents", "embedder", *words])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_at_first_the_embedded_one_serves(client: TestClient, desk: str) -> None:
    found = client.get(EMBEDDER).json()
    assert found["spec"] == "embedded:lexical-512"
    assert found["done"] == found["total"] > 0
    assert found["coming"] is None


@pytest.mark.slow
def test_another_is_built_in_the_background(
    client: TestClient, desk: str, ollama: FakeOllama
) -> None:
    answer = client.put(EMBEDDER, json={"spec": "ollama:bge-m3", "query_prefix": "ask: "})
    assert answer.status_code == 202
    coming = answer.json()["coming"]
    assert (coming["spec"], coming["state"], coming["done"]) == ("ollama:bge-m3", "building", 0)
    assert coming["query_prefix"] == "ask: "
    retrieval.embed_waiting()
    assert client.get(EMBEDDER).json()["spec"] == "ollama:bge-m3"
    hits = client.post("/api/v1/search", json={"query": "reembolso"}).json()
    assert hits["meaning"] == ""
    ollama.faults["/api/embed"] = "busy"
    hits = client.post("/api/v1/search", json={"query": "outra pergunta"}).json()
    assert "ollama:bge-m3" in hits["meaning"]


def test_the_one_to_come_is_given_up(client: TestClient, desk: str, ollama: FakeOllama) -> None:
    client.put(EMBEDDER, json={"spec": "ollama:bge-m3"})
    for _ in range(2):
        assert client.delete(EMBEDDER + "/coming").json()["coming"] is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"spec": "nobody:x"}, 422, "unknown_provider"),
        ({"spec": "embedded:x"}, 422, "invalid"),
        ({"spec": "ollama:bge-m3", "query_prefix": "x" * 501}, 422, "invalid"),
        ({"spec": "ollama:bge-m3", "more": 1}, 422, "invalid"),
        ({}, 422, "invalid"),
        ({"spec": "ollama:bge-m3"}, 503, "not_reachable"),
        ({"spec": "sentence-transformers:/nowhere"}, 503, "*"),
    ],
)
def test_who_cannot_be_chosen_is_refused_with_the_reason(
    client: TestClient, desk: str, body: dict[str, str], status: int, code: str
) -> None:
    answer = client.put(EMBEDDER, json=body)
    assert answer.status_code == status
    assert code in ("*", answer.json()["code"])
    assert answer.json()["message"]
    assert client.get(EMBEDDER).json()["coming"] is None


def test_what_can_be_chosen_is_listed(client: TestClient, desk: str) -> None:
    found = client.get(EMBEDDER + "/proposals").json()["data"]
    assert found[0]["state"] == "serving"
    assert {one["spec"] for one in found} >= {"ollama:bge-m3", "embedded:lexical-512"}


@pytest.mark.slow
def test_the_command_stays_until_the_embedder_serves(
    desk: str, ollama: FakeOllama, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _err = run(capsys, "use", "ollama:bge-m3", "--json")
    assert code == 0
    assert json.loads(out)["spec"] == "ollama:bge-m3"
    code, out, _err = run(capsys, "show")
    assert out.startswith("+ ollama:bge-m3")


def test_the_command_can_leave_the_work_to_a_server(
    desk: str, ollama: FakeOllama, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _err = run(capsys, "use", "ollama:bge-m3", "--no-wait", "--json")
    assert json.loads(out)["coming"]["state"] == "building"
    code, out, _err = run(capsys, "cancel", "--json")
    assert (code, json.loads(out)["coming"]) == (0, None)


def test_a_command_that_cannot_choose_says_why(
    desk: str, ollama: FakeOllama, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _out, err = run(capsys, "use", "ollama:nada")
    assert code == 4
    assert "ollama pull nada" in err
    assert run(capsys, "use", "nobody:x")[0] == 2
