"""The Ollama server itself, with its real client over real HTTP."""

from pathlib import Path

import pytest
from ollama import Client, ResponseError

from core.errors import ModelFailed
from core.llm import ollama
from tests.fake_ollama import LAYERS, FakeModel, FakeOllama


def test_a_server_that_answers_tells_its_version(server: FakeOllama) -> None:
    assert ollama.version() == "0.34.2"


@pytest.mark.slow
def test_where_nobody_listens_nothing_is_reachable(home: Path) -> None:
    with pytest.raises(ModelFailed) as failure:
        ollama.version()
    assert failure.value.code == "not_reachable"


def test_a_web_page_is_not_a_server(server: FakeOllama) -> None:
    server.faults["/api/version"] = "html"
    with pytest.raises(ModelFailed) as failure:
        ollama.version()
    assert failure.value.code == "bad_answer"


def test_what_is_installed_is_told_with_size_family_and_abilities(server: FakeOllama) -> None:
    server.models = [FakeModel("qwen3:4b", "4.0B", "qwen3", ("completion", "thinking"))]
    (model,) = ollama.installed()
    assert (model.name, model.family, model.parameters) == ("qwen3:4b", "qwen3", 4.0)
    assert (model.size, model.context_tokens) == (2_000_000_000, 131_072)
    assert model.thinks


def test_small_models_count_in_parts_of_a_billion(server: FakeOllama) -> None:
    server.models = [FakeModel("bge-m3:latest", "567M", "bert", ("embedding",))]
    assert ollama.installed()[0].parameters == pytest.approx(0.567)


def test_a_model_is_asked_about_once_a_digest(server: FakeOllama) -> None:
    for _look in range(3):
        ollama.installed()
    assert len(server.bodies("/api/show")) == 1


def test_an_old_server_that_tells_no_abilities_is_understood(server: FakeOllama) -> None:
    server.tells_capabilities = False
    server.models = [FakeModel("phi:latest")]
    assert ollama.installed()[0].capabilities == ()


@pytest.mark.parametrize(
    ("fault", "code"),
    [("busy", "busy"), ("html", "bad_answer"), ("html_502", "not_reachable")],
)
def test_a_list_that_does_not_come_is_one_of_our_failures(
    server: FakeOllama, fault: str, code: str
) -> None:
    server.faults["/api/tags"] = fault
    with pytest.raises(ModelFailed) as caught:
        ollama.installed()
    assert caught.value.code == code


def test_a_pull_tells_how_many_bytes_have_come(server: FakeOllama) -> None:
    seen = list(ollama.pull("gemma3"))
    total = sum(size for _digest, size in LAYERS)
    assert (seen[0].done, seen[0].total) == (0, 0)
    assert (seen[-1].status, seen[-1].done, seen[-1].total) == ("success", total, total)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert server.find("gemma3") is not None


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("early_end", "cut_off"),
        ("tcp_cut", "cut_off"),
        ("error_line", "cut_off"),
        ("broken_json", "bad_answer"),
        ("missing", "model_missing"),
        ("busy", "busy"),
    ],
)
def test_a_pull_that_fails_says_so(server: FakeOllama, fault: str, code: str) -> None:
    server.faults["/api/pull"] = fault
    with pytest.raises(ModelFailed) as caught:
        list(ollama.pull("gemma3"))
    assert caught.value.code == code


def test_what_is_in_memory_is_told(server: FakeOllama) -> None:
    assert ollama.loaded() == ["llama3.2:latest"]


def test_what_is_in_memory_changes_with_what_the_server_loads(server: FakeOllama) -> None:
    server.in_memory = []
    assert ollama.loaded() == []


def test_the_fake_makes_and_removes_models_as_the_real_client_asks(
    server: FakeOllama, tmp_path: Path
) -> None:
    weights = tmp_path / "weights.gguf"
    weights.write_bytes(b"GGUF")
    with Client(host=server.url, trust_env=False) as client:
        digest = client.create_blob(weights)
        made = list(client.create("ours", files={"weights.gguf": digest}, stream=True))
        assert made[-1].status == "success"
        assert "ours:latest" in [model.name for model in ollama.installed()]
        client.delete("ours")
    assert server.find("ours") is None


def test_the_fake_refuses_adapters_as_the_real_server_does(server: FakeOllama) -> None:
    with Client(host=server.url, trust_env=False) as client:
        with pytest.raises(ResponseError, match="no longer supported"):
            client.create("ours", from_="llama3.2", adapters={"a.gguf": "sha256:" + "0" * 64})
        with pytest.raises(ResponseError, match="not found"):
            client.create("ours", files={"a.gguf": "sha256:" + "0" * 64})
